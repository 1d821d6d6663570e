//! Starting a chat.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fields::List;
use super::super::text::IdleText;
use super::house::Reach;
use super::invites::InviteAnswer;
use super::settings::IdleChoice;
use crate::domain::{Idle, Names, Refusal};
use crate::limits::NAME_BYTES_MAX;

/// `POST /chats`: a chat is to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartChat {
    /// Two names that do not look alike, of 1 to 40 characters each.
    #[schema(value_type = Vec<TypedName>, min_items = 2, max_items = 2)]
    names: List,
    /// How long the chat may rest before it is destroyed: one of the house's `idles`.
    #[schema(value_type = IdleChoice)]
    idle: String,
}

impl StartChat {
    /// The names, and the idle time out of `choices`. Refused with what [`Names::parse`] says, or
    /// [`Refusal::BadIdle`].
    pub fn parse(&self, choices: &[Idle]) -> Result<(Names, Idle), Refusal> {
        let names = Names::parse(&self.names.0)?;
        let idle = Idle::parse(&self.idle).filter(|idle| choices.contains(idle));
        Ok((names, idle.ok_or(Refusal::BadIdle)?))
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

described! {
    /// A name as somebody types it.
    TypedName: |text| text.min_length(Some(1)).max_length(Some(NAME_BYTES_MAX))
}
