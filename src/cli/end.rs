//! `parlour end ID`: a chat is destroyed because the host says so.

use super::Failure;
use super::door::Door;
use super::settings::Given;
use crate::wire::admin::{Ask, Done};

/// Destroy a chat, for good: both links then say that the host ended it
#[derive(Clone, Debug, clap::Args)]
pub struct End {
    /// Which, as `parlour chats` lists it
    #[arg(value_name = "CHAT")]
    chat: String,

    #[command(flatten)]
    door: Door,
}

impl End {
    /// Asks, and says that it was done.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let ask = Ask::End { chat: self.chat };
        self.door.ask(given, &ask, |_: &Done| "The chat is destroyed.\n".to_owned()).map(|_| ())
    }
}
