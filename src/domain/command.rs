//! What somebody who has a seat can ask for. `protocol` makes a command from what a client sent; the store
//! applies it inside one transaction, in which it checks that the seat still holds.

use super::{Body, MessageId, Receipt};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Say something. The same `id` again, from the same device of the participant, says nothing again.
    Say { id: MessageId, body: Body },
    /// Messages have been delivered, read or seen up to here; a smaller number than before changes nothing.
    Mark(Receipt),
    /// Start the idle time again.
    Keep,
    /// Destroy the chat, for everybody.
    End,
    /// Take this device's right to the seat away. The invite still works.
    Leave,
}
