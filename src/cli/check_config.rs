//! `parlour check-config`: whether a house would start with these settings.

use serde::Serialize;

use super::door::Door;
use super::{Failure, Variables};

/// Check the settings, without starting anything
#[derive(Clone, Debug, clap::Args)]
pub struct CheckConfig {
    #[command(flatten)]
    door: Door,
}

/// What the settings come to.
#[derive(Serialize)]
struct Checked {
    file: Option<String>,
    listen: Vec<String>,
    data: String,
    admin_socket: String,
}

impl CheckConfig {
    /// Reads them, and says what they come to.
    pub fn run(self, variables: Variables) -> Result<(), Failure> {
        let config = self.door.settings(variables)?;
        let checked = Checked {
            file: config.file.as_ref().map(|file| file.display().to_string()),
            listen: config.listen.iter().map(ToString::to_string).collect(),
            data: config.data.display().to_string(),
            admin_socket: config.admin_socket().display().to_string(),
        };
        self.door.tell(&checked, told)
    }
}

fn told(Checked { file, listen, data, .. }: &Checked) -> String {
    let file = file.as_deref().unwrap_or("no file: everything has its default");
    format!("The settings are right.\nfile    {file}\nlisten  {}\ndata    {data}\n", listen.join(", "))
}
