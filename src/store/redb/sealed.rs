//! Rows whose content is sealed under a chat's key, as values and back.

use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::crypto::{self, AssociatedData, ChatKey};
use crate::domain::chat::Producers;
use crate::domain::{
    Body, ChatId, DeviceTag, Emoji, Kind, Message, ParticipantId, Reaction, SeatId, Seq, Text,
};
use crate::store::error::StoreError;
use crate::store::rows::{MessageRow, NoteRow, ProducersRow, ReactionRow};

/// What a body begins with: the tag of the device that said it.
const TAG_BYTES: usize = 8;

pub fn seal_message(
    rng: &mut impl CryptoRng,
    key: &ChatKey,
    chat: ChatId,
    message: &Message,
) -> Result<Vec<u8>, StoreError> {
    let note;
    let (kind, plain) = match &message.body {
        Body::Text(text) => (Kind::Text.number(), text.as_str().as_bytes()),
        Body::Note(what) => {
            note = NoteRow::to_bytes(*what);
            (Kind::Note.number(), note.as_slice())
        }
        Body::Gone(_) | Body::HiddenForViewer | Body::Unsupported => {
            return Err("nothing is there to be said".into());
        }
    };
    let plain = Zeroizing::new([&message.device.0.to_be_bytes(), plain].concat());
    let sealed = crypto::seal_body(rng, key, &place(chat, message, kind), &plain);
    Ok(MessageRow::new(message, kind, &sealed).to_bytes())
}

fn place(chat: ChatId, message: &Message, kind: u8) -> AssociatedData {
    let seat = SeatId { chat, participant: message.from };
    AssociatedData { seat, seq: message.seq, id: message.id, kind, edits: message.edits.count }
}

/// As it is, but for the reactions to it. Of a kind that this version does not know, nothing is opened: not
/// what it is, and not whose device.
pub fn open_message(
    key: &ChatKey,
    chat: ChatId,
    seq: Seq,
    row: &MessageRow<'_>,
) -> Result<Message, StoreError> {
    let message = closed_message(seq, row);
    let (Some(kind), None) = (Kind::of(row.kind), row.gone()) else { return Ok(message) };
    let plain = crypto::open_body(key, &place(chat, &message, row.kind), row.body)?;
    let (device, plain) = plain.split_first_chunk::<TAG_BYTES>().ok_or("a message has lost its device")?;
    let body = match kind {
        Kind::Text => Body::Text(text(plain)?),
        Kind::Note => NoteRow::from_bytes(plain)?.map_or(Body::Unsupported, Body::Note),
    };
    Ok(Message { device: DeviceTag(u64::from_be_bytes(*device)), body, ..message })
}

/// What is known of a message without the key.
pub fn closed_message(seq: Seq, row: &MessageRow<'_>) -> Message {
    let body = row.gone().map_or(Body::Unsupported, Body::Gone);
    Message {
        said: row.said(),
        reply_to: row.reply_to(),
        edits: row.edits(),
        vanishes: row.vanishes(),
        changed: row.changed(),
        ..Message::new(seq, (row.from(), DeviceTag::UNKNOWN), row.at(), row.id(), body)
    }
}

fn text(bytes: &[u8]) -> Result<Text, StoreError> {
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| "a message is not text")?;
    Ok(Text::kept(text))
}

pub fn seal_reaction(
    rng: &mut impl CryptoRng,
    key: &ChatKey,
    place: (SeatId, Seq),
    emoji: &Emoji,
) -> ReactionRow {
    ReactionRow { emoji: crypto::seal_reaction(rng, key, place, emoji.as_str()) }
}

pub fn open_reaction(
    key: &ChatKey,
    chat: ChatId,
    (seq, from): (Seq, ParticipantId),
    row: &ReactionRow,
) -> Result<Reaction, StoreError> {
    let emoji = crypto::open_reaction(key, (SeatId { chat, participant: from }, seq), &row.emoji)?;
    Ok(Reaction { from, emoji: Emoji::kept(emoji.to_string()) })
}

pub fn seal_producers(
    rng: &mut impl CryptoRng,
    key: &ChatKey,
    (chat, seq): (ChatId, Seq),
    producers: &Producers,
) -> ProducersRow {
    let sealed = crypto::seal_producers(rng, key, (chat, seq), &ProducersRow::plain(producers));
    ProducersRow { seq: seq.0, producers: sealed }
}

pub fn open_producers(key: &ChatKey, chat: ChatId, row: &ProducersRow) -> Result<Producers, StoreError> {
    let plain = crypto::open_producers(key, (chat, Seq(row.seq)), &row.producers)?;
    Ok(ProducersRow::read(&plain)?)
}
