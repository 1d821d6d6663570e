//! The pieces of a backup, and how they become bytes.
//!
//! A piece is the length of what follows (4 bytes, little endian) and then postcard: the number of its kind,
//! and what it has. The first is [`Begin`], the last [`End`], which has the number of all before it and their
//! checksum. New kinds are added behind the others; what changes the meaning of one is a new format.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::UnpackError;
use crate::domain::{At, Incarnation};
use crate::limits::{BACKUP_READ_BYTES, BACKUP_RECORD_BYTES_MAX};
use crate::store::redb::migrate;
use crate::store::rows::read;

/// The format of the pieces.
const FORMAT: u8 = 1;

/// One row of the store, or what stands around them. Rows are as in the store.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackupRecord<'a> {
    Begin(Begin),
    Message {
        key: u128,
        row: &'a [u8],
    },
    Fact {
        name: &'a str,
        value: u64,
    },
    Chat {
        id: u64,
        row: &'a [u8],
    },
    Place {
        key: u128,
        row: &'a [u8],
    },
    Invite {
        id: [u8; 32],
        row: &'a [u8],
    },
    Seat {
        key: &'a [u8],
        row: &'a [u8],
    },
    Device {
        key: &'a [u8],
    },
    Tombstone {
        id: u64,
        row: &'a [u8],
    },
    TombstoneInvite {
        id: [u8; 32],
        place: u128,
    },
    Time {
        row: &'a [u8],
    },
    /// 64 bytes of the slot file.
    Slot {
        number: u32,
        bytes: &'a [u8],
    },
    End(End),
}

/// The first piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    format: u8,
    /// The version of Parlour.
    pub version: String,
    /// The format of the store.
    store: u64,
    at: u64,
    incarnation: u64,
    /// The number that store and slot file have in common.
    pub number: u64,
}

impl Begin {
    /// A backup that begins now.
    pub fn new(at: At, incarnation: Incarnation, number: u64) -> Self {
        let (version, store) = (env!("CARGO_PKG_VERSION").to_owned(), migrate::VERSION);
        Self { format: FORMAT, version, store, at: at.0, incarnation: incarnation.0, number }
    }

    /// When it was begun.
    pub fn at(&self) -> At {
        At(self.at)
    }

    /// Of which run of the store.
    pub fn incarnation(&self) -> Incarnation {
        Incarnation(self.incarnation)
    }
}

/// The last piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pieces: u64,
    /// SHA-256 of all that stands before it.
    checksum: [u8; 32],
}

/// Writes pieces.
pub struct RecordWriter<W> {
    out: W,
    ready: Zeroizing<Vec<u8>>,
    checksum: Sha256,
    pieces: u64,
    bytes: u64,
}

impl<W: Write> RecordWriter<W> {
    pub fn new(out: W) -> Self {
        let ready = Zeroizing::new(Vec::with_capacity(BACKUP_READ_BYTES + BACKUP_RECORD_BYTES_MAX));
        Self { out, ready, checksum: Sha256::new(), pieces: 0, bytes: 0 }
    }

    /// Puts a piece behind the others. Nothing leaves before [`RecordWriter::send`].
    pub fn put(&mut self, piece: &BackupRecord) {
        let from = self.ready.len();
        self.ready.extend_from_slice(&[0; 4]);
        let ready = std::mem::take(&mut *self.ready);
        *self.ready =
            postcard::to_extend(piece, ready).expect("a piece is plain data, which postcard always writes");
        let length = u32::try_from(self.ready.len() - from - 4).unwrap_or(u32::MAX);
        self.ready[from..from + 4].copy_from_slice(&length.to_le_bytes());
        self.checksum.update(&self.ready[from..]);
        self.pieces += 1;
    }

    /// Whether it is time to send what was put.
    pub fn is_full(&self) -> bool {
        self.ready.len() >= BACKUP_READ_BYTES
    }

    /// Hands out what was put; waits for whoever takes it.
    pub fn send(&mut self) -> io::Result<()> {
        self.out.write_all(&self.ready)?;
        self.bytes += self.ready.len() as u64;
        self.ready.clear();
        Ok(())
    }

    /// Puts a piece, and sends when it is time.
    pub fn put_and_send(&mut self, piece: &BackupRecord) -> io::Result<()> {
        self.put(piece);
        if self.is_full() { self.send() } else { Ok(()) }
    }

    /// The last piece. Tells how many bytes there are in all.
    pub fn finish(mut self) -> io::Result<u64> {
        let checksum = self.checksum.clone().finalize().into();
        self.put(&BackupRecord::End(End { pieces: self.pieces, checksum }));
        self.send()?;
        self.out.flush()?;
        Ok(self.bytes)
    }
}

/// Reads pieces, and refuses what is not one or does not end as it should.
pub struct RecordReader<R> {
    input: R,
    frame: Zeroizing<Vec<u8>>,
    checksum: Sha256,
    pieces: u64,
}

impl<R: Read> RecordReader<R> {
    /// Reads the first piece.
    pub fn begin(input: R) -> Result<(Self, Begin), UnpackError> {
        let (frame, checksum) = (Zeroizing::new(Vec::new()), Sha256::new());
        let mut reader = Self { input, frame, checksum, pieces: 0 };
        let Some(BackupRecord::Begin(begin)) = reader.next()? else {
            return Err(UnpackError::Damaged("it does not begin as a backup"));
        };
        if begin.format > FORMAT || begin.store > migrate::VERSION {
            return Err(UnpackError::Newer(begin.version));
        }
        Ok((reader, begin))
    }

    /// The next piece; none after the last, when there is nothing behind it.
    pub fn next(&mut self) -> Result<Option<BackupRecord<'_>>, UnpackError> {
        let Self { input, frame, checksum, pieces } = self;
        let mut length = [0; 4];
        read_all(input, &mut length)?;
        let bytes = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
        if bytes > BACKUP_RECORD_BYTES_MAX {
            return Err(UnpackError::Damaged("a record is too long"));
        }
        frame.resize(bytes, 0);
        read_all(input, frame)?;
        let piece = read(frame).map_err(|_| UnpackError::Damaged("a record cannot be read"))?;
        if let BackupRecord::End(end) = piece {
            let checksum = checksum.clone().finalize().into();
            if end != (End { pieces: *pieces, checksum }) {
                return Err(UnpackError::Damaged("its checksum is not that of what it holds"));
            }
            return if input.read(&mut [0])? == 0 {
                Ok(None)
            } else {
                Err(UnpackError::Damaged("it goes on"))
            };
        }
        checksum.update(length);
        checksum.update(&frame[..]);
        *pieces += 1;
        Ok(Some(piece))
    }
}

fn read_all(input: &mut impl Read, bytes: &mut [u8]) -> Result<(), UnpackError> {
    input.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => UnpackError::Damaged("its end is missing"),
        _ => UnpackError::Read(error),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn begin() -> Begin {
        Begin { version: "0.1.0".to_owned(), ..Begin::new(At(7), Incarnation(8), 9) }
    }

    fn packed(pieces: &[BackupRecord]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = RecordWriter::new(&mut bytes);
        for piece in pieces {
            writer.put(piece);
        }
        writer.finish().unwrap();
        bytes
    }

    fn unpacked(bytes: &[u8]) -> Result<u64, UnpackError> {
        let (mut reader, _) = RecordReader::begin(bytes)?;
        while reader.next()?.is_some() {}
        Ok(reader.pieces)
    }

    /// If this fails, backups that exist can no longer be read.
    #[test]
    fn what_is_written_stays_what_it_is() {
        let pieces = [
            BackupRecord::Begin(begin()),
            BackupRecord::Message { key: 1, row: &[1] },
            BackupRecord::Fact { name: "f", value: 2 },
            BackupRecord::Chat { id: 3, row: &[3] },
            BackupRecord::Place { key: 4, row: &[4] },
            BackupRecord::Invite { id: [5; 32], row: &[5] },
            BackupRecord::Seat { key: &[6], row: &[6] },
            BackupRecord::Device { key: &[7] },
            BackupRecord::Tombstone { id: 8, row: &[8] },
            BackupRecord::TombstoneInvite { id: [9; 32], place: 9 },
            BackupRecord::Time { row: &[10] },
            BackupRecord::Slot { number: 11, bytes: &[11] },
        ];
        let frames: Vec<Vec<u8>> = vec![
            [&[0, 1, 5][..], b"0.1.0", &[5, 7, 8, 9]].concat(),
            vec![1, 1, 1, 1],
            vec![2, 1, b'f', 2],
            vec![3, 3, 1, 3],
            vec![4, 4, 1, 4],
            [&[5][..], &[5; 32], &[1, 5]].concat(),
            vec![6, 1, 6, 1, 6],
            vec![7, 1, 7],
            vec![8, 8, 1, 8],
            [&[9][..], &[9; 32], &[9]].concat(),
            vec![10, 1, 10],
            vec![11, 11, 1, 11],
        ];
        let with_length =
            |frame: &Vec<u8>| [&u32::try_from(frame.len()).unwrap().to_le_bytes(), &frame[..]].concat();
        let body: Vec<u8> = frames.iter().flat_map(with_length).collect();
        let end = [&[12, 12][..], &Sha256::digest(&body)].concat();
        assert_eq!(packed(&pieces), [body, with_length(&end)].concat());
        assert_eq!(unpacked(&packed(&pieces)).unwrap(), 12);
    }

    #[test]
    fn what_is_cut_changed_continued_or_newer_is_refused() {
        let whole =
            packed(&[BackupRecord::Begin(begin()), BackupRecord::Message { key: 1, row: &[1, 2, 3] }]);
        (0..whole.len()).for_each(|bytes| assert!(unpacked(&whole[..bytes]).is_err(), "cut at {bytes}"));
        for bit in 0..whole.len() * 8 {
            let mut changed = whole.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(unpacked(&changed).is_err(), "bit {bit}");
        }
        assert!(unpacked(&[&whole[..], &[0]].concat()).is_err());
        let newer = packed(&[BackupRecord::Begin(Begin { store: migrate::VERSION + 1, ..begin() })]);
        assert!(matches!(unpacked(&newer), Err(UnpackError::Newer(_))));
        assert!(unpacked(&packed(&[BackupRecord::Device { key: &[1] }])).is_err(), "no beginning");
    }
}
