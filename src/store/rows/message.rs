//! One message, its body still sealed.

use serde::{Deserialize, Serialize};

use super::{FIRST, RowError, read, write};
use crate::domain::{At, MessageId, ParticipantId};

/// Borrowed, because there are many of them.
#[derive(Serialize, Deserialize)]
pub struct MessageRow<'a> {
    from: u32,
    pub kind: u8,
    at: u64,
    id: [u8; 16],
    #[serde(borrow)]
    pub body: &'a [u8],
}

impl<'a> MessageRow<'a> {
    pub fn new(from: ParticipantId, kind: u8, at: At, id: MessageId, body: &'a [u8]) -> Self {
        Self { from: from.0, kind, at: at.0, id: id.0.to_be_bytes(), body }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        write(FIRST, self, Vec::with_capacity(self.body.len() + 48))
    }

    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, RowError> {
        read(FIRST, bytes)
    }

    pub fn from(&self) -> ParticipantId {
        ParticipantId(self.from)
    }

    pub fn at(&self) -> At {
        At(self.at)
    }

    pub fn id(&self) -> MessageId {
        MessageId(u128::from_be_bytes(self.id))
    }
}
