//! Starting a chat.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fields::{List, Secret};
use super::super::text::IdleText;
use super::house::Reach;
use super::invites::InviteAnswer;
use super::name::TypedName;
use super::settings::IdleChoice;
use crate::domain::{Idle, Name, Names, Refusal};

/// `POST /chats`: a chat is to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartChat {
    /// Two names that do not look alike, of 1 to 40 characters each; of a group up to 50.
    #[schema(value_type = Vec<TypedName>, min_items = 2, max_items = 50)]
    names: List,
    /// What the group is called. Without it, it is a chat of two.
    #[serde(default)]
    #[schema(value_type = TypedName, required = false)]
    title: Option<Secret>,
    /// How long the chat may rest before it is destroyed: one of the house's `idles`.
    #[schema(value_type = IdleChoice)]
    idle: String,
}

impl StartChat {
    /// The title of a group, the names, and the idle time out of `choices`. Refused with what
    /// [`Names::parse`] says, or [`Refusal::BadIdle`].
    pub fn parse(&self, choices: &[Idle]) -> Result<(Option<Name>, Names, Idle), Refusal> {
        let title = self.title.as_ref().map(|title| Name::parse(title.as_ref())).transpose()?;
        let names =
            if title.is_some() { Names::parse_group(&self.names.0) } else { Names::parse(&self.names.0) };
        let idle = Idle::parse(&self.idle).filter(|idle| choices.contains(idle));
        Ok((title, names?, idle.ok_or(Refusal::BadIdle)?))
    }
}

/// `POST /chats`: the only time that links and codes are told.
#[derive(Serialize, ToSchema)]
pub struct Started {
    /// The agreed time without use.
    #[schema(value_type = String)]
    pub idle: IdleText,
    /// How far the links work.
    pub reach: Reach,
    /// One for each name, in order.
    pub invites: Vec<InviteAnswer>,
}
