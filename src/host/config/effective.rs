//! What each setting comes to, and where that was said: what `parlour check-config` shows.

use serde_json::Value;

use super::layers::Layers;
use super::settings::{self, Config};

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Effective {
    pub setting: &'static str,
    /// As one could write it; nothing where there is none.
    pub value: Option<String>,
    /// `--listen`, `PARLOUR_LISTEN`, `/etc/parlour/parlour.toml:3` or `default`.
    pub from: String,
}

/// Each, in the order of the example.
pub fn of(config: &Config, layers: &Layers) -> Vec<Effective> {
    // Nothing in it refuses to be serialized: paths that are not UTF-8 are shown as well as can be.
    let values = serde_json::to_value(config).unwrap_or_default();
    let one = |setting: &'static clap::Arg| {
        let key = settings::key(setting);
        let from = layers.said.get(key).map_or_else(|| "default".to_owned(), |said| said.location.short());
        Effective { setting: key, value: text(&values[key]), from }
    };
    settings::all().map(one).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(",")),
        value => Some(value.to_string()),
    }
}
