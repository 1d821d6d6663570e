//! Messages, a page at a time.

use redb::{AccessGuard, StorageError};

use super::ReadTx;
use crate::crypto;
use crate::domain::{Body, Kind, Message, SeatId, Seq, Text};
use crate::limits::{ENTER_MESSAGES_MAX, ENTER_TEXT_BYTES_MAX, PAGE_BYTES_MAX, PAGE_MESSAGES_MAX};
use crate::store::error::StoreError;
use crate::store::redb::table_keys::{message_key, seq_of};
use crate::store::rows::MessageRow;
use crate::store::seat::Seat;
use crate::store::views::{ChatPreview, Page, Span};

type Rows<'a> = (AccessGuard<'a, u128>, AccessGuard<'a, &'static [u8]>);

#[derive(Clone, Copy)]
struct Bounds {
    messages: usize,
    /// Of their texts.
    bytes: usize,
}

impl ReadTx {
    pub fn preview(&self, seat: &Seat) -> Result<ChatPreview, StoreError> {
        let newest = Bounds { messages: ENTER_MESSAGES_MAX, bytes: ENTER_TEXT_BYTES_MAX };
        let (state, page) = (self.state(seat)?, self.span(seat, Span::Newest, newest)?);
        Ok(ChatPreview { state, messages: page.messages })
    }

    pub fn page(&self, seat: &Seat, span: Span, limit: usize) -> Result<Page, StoreError> {
        self.chat(seat)?;
        let bounds = Bounds { messages: limit.min(PAGE_MESSAGES_MAX), bytes: PAGE_BYTES_MAX };
        self.span(seat, span, bounds)
    }

    fn span(&self, seat: &Seat, span: Span, bounds: Bounds) -> Result<Page, StoreError> {
        let chat = seat.id.chat;
        let (first, last) = match span {
            Span::After(seq) => (seq.next(), Seq(u64::MAX)),
            Span::Before(seq) => (Seq(1), Seq(seq.0.saturating_sub(1))),
            Span::Newest => (Seq(1), Seq(u64::MAX)),
        };
        if first > last {
            return Ok(Page { messages: Vec::new(), more: false });
        }
        let rows = self.tables.messages.range(message_key(chat, first)..=message_key(chat, last))?;
        match span {
            Span::After(_) => take(rows, seat, bounds),
            Span::Before(_) | Span::Newest => {
                let mut page = take(rows.rev(), seat, bounds)?;
                page.messages.reverse();
                Ok(page)
            }
        }
    }
}

/// As many messages as fit, and one at least.
fn take<'a>(
    rows: impl Iterator<Item = Result<Rows<'a>, StorageError>>,
    seat: &Seat,
    bounds: Bounds,
) -> Result<Page, StoreError> {
    let mut messages = Vec::new();
    let mut bytes_left = bounds.bytes;
    for row in rows {
        let (key, bytes) = row?;
        let message = open(seat, seq_of(key.value()), &MessageRow::from_bytes(bytes.value())?)?;
        let size = message.body.text().map_or(0, str::len);
        if messages.len() == bounds.messages || (size > bytes_left && !messages.is_empty()) {
            return Ok(Page { messages, more: true });
        }
        bytes_left = bytes_left.saturating_sub(size);
        messages.push(message);
    }
    Ok(Page { messages, more: false })
}

fn open(seat: &Seat, seq: Seq, row: &MessageRow) -> Result<Message, StoreError> {
    let (from, id) = (row.from(), row.id());
    let sender = SeatId { chat: seat.id.chat, participant: from };
    let place = crypto::AssociatedData { seat: sender, seq, id, kind: row.kind };
    let body = match Kind::of(row.kind) {
        Some(Kind::Text) => Body::Text(text(&crypto::open_body(&seat.key, &place, row.body)?)?),
        None => Body::Unsupported,
    };
    Ok(Message { seq, from, at: row.at(), id, body })
}

fn text(bytes: &[u8]) -> Result<Text, StoreError> {
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| "a message is not text")?;
    Ok(Text::kept(text))
}
