//! What the people of a chat agree on.

use serde::Deserialize;
use utoipa::ToSchema;

use super::super::text::NEVER;
use crate::domain::{Command, Idle, Refusal, VanishAfter};

/// `PUT /seats/{seat}/timer`: what is said from now on vanishes after so long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimerQuestion {
    #[schema(value_type = VanishChoice)]
    after: String,
}

impl TimerQuestion {
    /// The command. Refused with [`Refusal::Malformed`].
    pub fn parse(&self) -> Result<Command, Refusal> {
        let known = VanishAfter::parse(&self.after);
        let unknown = || Refusal::Malformed("`after` must be `never`, `1h`, `1d`, `1w` or `4w`".to_owned());
        match known {
            None if self.after != NEVER => Err(unknown()),
            after => Ok(Command::VanishAfter(after)),
        }
    }
}

/// `PUT /seats/{seat}/idle`: another time without use.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdleQuestion {
    /// One of the house's `idles`.
    #[schema(value_type = IdleChoice)]
    idle: String,
}

impl IdleQuestion {
    /// The command, for an idle time out of `choices`. Refused with [`Refusal::BadIdle`].
    pub fn parse(&self, choices: &[Idle]) -> Result<Command, Refusal> {
        let idle = Idle::parse(&self.idle).filter(|idle| choices.contains(idle));
        Ok(Command::SetIdle(idle.ok_or(Refusal::BadIdle)?))
    }
}

described! {
    /// How long messages stay.
    VanishChoice: |text| {
        text.enum_values(Some([NEVER].into_iter().chain(VanishAfter::ALL.map(VanishAfter::word))))
    }
}

described! {
    /// A time without use.
    pub(super) IdleChoice: |text| text.enum_values(Some(Idle::ALL.map(Idle::word)))
}
