//! What somebody who has a seat can ask for.
//!
//! `protocol` makes a command from what a client sent; the store applies it inside one transaction.

use super::{Body, MessageId, Receipt};

/// One thing that a seat asks for. That the seat holds is checked by the store in the transaction that
/// applies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Say something. The same `id` again, by the same participant, says nothing again.
    Say {
        /// The client's id for the message.
        id: MessageId,
        /// What is said.
        body: Body,
    },
    /// Messages have been delivered, read or seen up to here; a smaller number than before changes nothing.
    Mark(Receipt),
    /// Start the idle clock anew.
    Keep,
    /// Destroy the chat, for everybody.
    End,
    /// Take this device's right to the seat away. The invite still works.
    Leave,
}
