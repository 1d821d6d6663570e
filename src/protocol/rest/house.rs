//! What is told of the house itself.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::text::IdleText;

/// `GET /house`: what the start page needs to know.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseAnswer {
    /// The version of Parlour that is running.
    pub version: String,
    /// Whether a chat may be started from where the question came.
    pub may_start: bool,
    /// The times without use that the house offers, the shortest first.
    #[schema(value_type = Vec<String>)]
    pub idles: Vec<IdleText>,
    /// The one that is proposed.
    #[schema(value_type = String)]
    pub idle_default: IdleText,
    /// How far a link made now works.
    pub reach: Reach,
    /// What does not work in the house, for the host: told only to visitors on its own machine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<Warning>,
}

/// Something that does not work in the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// Its stable name, as `parlour doctor --json` has it.
    pub code: String,
    /// What, in English.
    pub says: String,
    /// What mends it.
    pub mend: String,
}

/// How far a link works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// From anywhere: `public_url` is set.
    Anywhere,
    /// In the home network.
    Network,
    /// On this machine only: nothing better is known.
    Device,
}

/// `GET /healthz`: a read through the real store works.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: &'static str,
}
