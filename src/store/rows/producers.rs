//! The producers of one chat, as they were at a message: sealed, because they tell which messages came from
//! one device.

use serde::{Deserialize, Serialize};

use super::{FIRST, RowError, read, write};
use crate::domain::chat::{Producer, Producers};
use crate::domain::{DeviceTag, ParticipantId, Seq};

#[derive(Serialize, Deserialize)]
pub struct ProducersRow {
    /// Up to this message.
    pub seq: u64,
    /// Sealed under the chat's key.
    pub producers: Vec<u8>,
}

/// Participant, device, id, last sequence, and the places of its last messages.
type ProducerRow = (u32, u64, u64, u64, Vec<u64>);

impl ProducersRow {
    /// What is sealed.
    pub fn plain(producers: &Producers) -> Vec<u8> {
        let rows: Vec<ProducerRow> = producers.all().iter().map(row).collect();
        write(FIRST, &rows, Vec::new())
    }

    pub fn read(plain: &[u8]) -> Result<Producers, RowError> {
        let rows: Vec<ProducerRow> = read(FIRST, plain)?;
        Ok(Producers::kept(rows.into_iter().map(producer).collect()))
    }
}

fn row(producer: &Producer) -> ProducerRow {
    let recent = producer.recent.iter().map(|seq| seq.0).collect();
    (producer.participant.0, producer.device.0, producer.id, producer.last, recent)
}

fn producer((participant, device, id, last, recent): ProducerRow) -> Producer {
    let recent = recent.into_iter().map(Seq).collect();
    Producer { participant: ParticipantId(participant), device: DeviceTag(device), id, last, recent }
}
