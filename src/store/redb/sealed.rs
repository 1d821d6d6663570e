//! Rows whose content is sealed under a chat's key, as values and back.

use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::crypto::{self, AssociatedData, ChatKey};
use crate::domain::chat::Producers;
use crate::domain::{Body, ChatId, DeviceTag, Kind, Message, SeatId, Seq, Text};
use crate::store::error::StoreError;
use crate::store::rows::{MessageRow, ProducersRow};

/// What a body begins with: the tag of the device that said it.
const TAG_BYTES: usize = 8;

pub fn seal_message(
    rng: &mut impl CryptoRng,
    key: &ChatKey,
    chat: ChatId,
    message: &Message,
) -> Result<Vec<u8>, StoreError> {
    let Message { seq, from, device, at, id, ref body } = *message;
    let (kind, plain) = match body {
        Body::Text(text) => (Kind::Text.number(), text.as_str().as_bytes()),
        Body::Unsupported => return Err("nobody says what this version does not know".into()),
    };
    let seat = SeatId { chat, participant: from };
    let plain = Zeroizing::new([&device.0.to_be_bytes(), plain].concat());
    let sealed = crypto::seal_body(rng, key, &AssociatedData { seat, seq, id, kind }, &plain);
    Ok(MessageRow::new(from, kind, at, id, &sealed).to_bytes())
}

/// Of a kind that this version does not know, nothing is opened: not what it is, and not whose device.
pub fn open_message(
    key: &ChatKey,
    chat: ChatId,
    seq: Seq,
    row: &MessageRow<'_>,
) -> Result<Message, StoreError> {
    let (from, at, id) = (row.from(), row.at(), row.id());
    let Some(kind) = Kind::of(row.kind) else {
        let device = DeviceTag(0);
        return Ok(Message { seq, from, device, at, id, body: Body::Unsupported });
    };
    let place = AssociatedData { seat: SeatId { chat, participant: from }, seq, id, kind: row.kind };
    let plain = crypto::open_body(key, &place, row.body)?;
    let (device, plain) = plain.split_first_chunk::<TAG_BYTES>().ok_or("a message has lost its device")?;
    let body = match kind {
        Kind::Text => Body::Text(text(plain)?),
    };
    Ok(Message { seq, from, device: DeviceTag(u64::from_be_bytes(*device)), at, id, body })
}

fn text(bytes: &[u8]) -> Result<Text, StoreError> {
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| "a message is not text")?;
    Ok(Text::kept(text))
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
