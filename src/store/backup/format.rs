//! The records of a backup, and how they become bytes. A record is the length of what follows (4 bytes,
//! little endian) and then postcard: the number of its kind, and what it has. The first is [`Begin`], the
//! last [`Trailer`], which has the number of all before it and their checksum. New kinds are added behind the
//! others; what changes the meaning of one is a new format.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::UnpackError;
use crate::domain::{At, Incarnation};
use crate::limits::{BACKUP_READ_BYTES, BACKUP_RECORD_BYTES_MAX};
use crate::store::rows::{STORE_VERSION, read_all};

const FORMAT: u8 = 1;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackupRecord<'a> {
    /// The first.
    Begin(Begin),
    /// A row, as it is in its table.
    Row { table: &'a str, key: &'a [u8], value: &'a [u8] },
    /// 64 bytes.
    Slot { number: u32, bytes: &'a [u8] },
    /// The last.
    End(Trailer),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    format: u8,
    pub version: String,
    store: u64,
    at: u64,
    incarnation: u64,
    /// The number that store and slot file have in common.
    pub number: u64,
}

impl Begin {
    pub fn new(at: At, incarnation: Incarnation, number: u64) -> Self {
        let (version, store) = (env!("CARGO_PKG_VERSION").to_owned(), STORE_VERSION);
        Self { format: FORMAT, version, store, at: at.0, incarnation: incarnation.0, number }
    }

    pub fn at(&self) -> At {
        At(self.at)
    }

    pub fn incarnation(&self) -> Incarnation {
        Incarnation(self.incarnation)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    records: u64,
    /// SHA-256 of all that is before it.
    checksum: [u8; 32],
}

pub struct RecordWriter<W> {
    out: W,
    ready: Zeroizing<Vec<u8>>,
    checksum: Sha256,
    records: u64,
    bytes: u64,
}

impl<W: Write> RecordWriter<W> {
    pub fn new(out: W) -> Self {
        let ready = Zeroizing::new(Vec::with_capacity(BACKUP_READ_BYTES + BACKUP_RECORD_BYTES_MAX));
        Self { out, ready, checksum: Sha256::new(), records: 0, bytes: 0 }
    }

    /// Puts a record behind the others. Nothing leaves before [`RecordWriter::send`].
    pub fn put(&mut self, record: &BackupRecord) {
        let from = self.ready.len();
        self.ready.extend_from_slice(&[0; 4]);
        let ready = std::mem::take(&mut *self.ready);
        *self.ready =
            postcard::to_extend(record, ready).expect("a record is plain data, which postcard always writes");
        let length = u32::try_from(self.ready.len() - from - 4).unwrap_or(u32::MAX);
        self.ready[from..from + 4].copy_from_slice(&length.to_le_bytes());
        self.checksum.update(&self.ready[from..]);
        self.records += 1;
    }

    pub fn is_full(&self) -> bool {
        self.ready.len() >= BACKUP_READ_BYTES
    }

    /// Waits until it is taken.
    pub fn send(&mut self) -> io::Result<()> {
        self.out.write_all(&self.ready)?;
        self.bytes += self.ready.len() as u64;
        self.ready.clear();
        Ok(())
    }

    /// Tells how many bytes there are in all.
    pub fn finish(mut self) -> io::Result<u64> {
        let checksum = self.checksum.clone().finalize().into();
        self.put(&BackupRecord::End(Trailer { records: self.records, checksum }));
        self.send()?;
        self.out.flush()?;
        Ok(self.bytes)
    }
}

/// Reads records, and refuses what is not one or does not end as it should.
pub struct RecordReader<R> {
    input: R,
    frame: Zeroizing<Vec<u8>>,
    checksum: Sha256,
    records: u64,
}

impl<R: Read> RecordReader<R> {
    pub fn begin(input: R) -> Result<(Self, Begin), UnpackError> {
        let (frame, checksum) = (Zeroizing::new(Vec::new()), Sha256::new());
        let mut reader = Self { input, frame, checksum, records: 0 };
        let Some(BackupRecord::Begin(begin)) = reader.next()? else {
            return Err(UnpackError::Damaged("it does not begin as a backup"));
        };
        if begin.format > FORMAT || begin.store > STORE_VERSION {
            return Err(UnpackError::Newer(begin.version));
        }
        Ok((reader, begin))
    }

    /// The next record; none after the last, when there is nothing behind it.
    pub fn next(&mut self) -> Result<Option<BackupRecord<'_>>, UnpackError> {
        let Self { input, frame, checksum, records } = self;
        let mut length = [0; 4];
        read_exact(input, &mut length)?;
        let bytes = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
        if bytes > BACKUP_RECORD_BYTES_MAX {
            return Err(UnpackError::Damaged("a record is too long"));
        }
        frame.resize(bytes, 0);
        read_exact(input, frame)?;
        let record = read_all(frame).map_err(|_| UnpackError::Damaged("a record cannot be read"))?;
        if let BackupRecord::End(end) = record {
            let checksum = checksum.clone().finalize().into();
            if end != (Trailer { records: *records, checksum }) {
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
        *records += 1;
        Ok(Some(record))
    }
}

fn read_exact(input: &mut impl Read, bytes: &mut [u8]) -> Result<(), UnpackError> {
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

    fn written(records: &[BackupRecord]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = RecordWriter::new(&mut bytes);
        for record in records {
            writer.put(record);
        }
        writer.finish().unwrap();
        bytes
    }

    fn read(bytes: &[u8]) -> Result<u64, UnpackError> {
        let (mut reader, _) = RecordReader::begin(bytes)?;
        while reader.next()?.is_some() {}
        Ok(reader.records)
    }

    /// If this fails, backups that exist can no longer be read.
    #[test]
    fn what_is_written_stays_what_it_is() {
        let records = [
            BackupRecord::Begin(begin()),
            BackupRecord::Row { table: "chats", key: &[3], value: &[4, 5] },
            BackupRecord::Slot { number: 11, bytes: &[11] },
        ];
        let frames: Vec<Vec<u8>> = vec![
            [&[0, 1, 5][..], b"0.1.0", &[1, 7, 8, 9]].concat(),
            [&[1, 5][..], b"chats", &[1, 3, 2, 4, 5]].concat(),
            vec![2, 11, 1, 11],
        ];
        let with_length =
            |frame: &Vec<u8>| [&u32::try_from(frame.len()).unwrap().to_le_bytes(), &frame[..]].concat();
        let body: Vec<u8> = frames.iter().flat_map(with_length).collect();
        let end = [&[3, 3][..], &Sha256::digest(&body)].concat();
        assert_eq!(written(&records), [body, with_length(&end)].concat());
        assert_eq!(read(&written(&records)).unwrap(), 3);
    }

    #[test]
    fn what_is_cut_changed_continued_or_newer_is_refused() {
        let whole = written(&[
            BackupRecord::Begin(begin()),
            BackupRecord::Row { table: "chats", key: &[1], value: &[2, 3] },
        ]);
        (0..whole.len()).for_each(|bytes| assert!(read(&whole[..bytes]).is_err(), "cut at {bytes}"));
        for bit in 0..whole.len() * 8 {
            let mut changed = whole.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(read(&changed).is_err(), "bit {bit}");
        }
        assert!(read(&[&whole[..], &[0]].concat()).is_err());
        let newer = written(&[BackupRecord::Begin(Begin { store: STORE_VERSION + 1, ..begin() })]);
        assert!(matches!(read(&newer), Err(UnpackError::Newer(_))));
        assert!(read(&written(&[BackupRecord::Slot { number: 1, bytes: &[1] }])).is_err(), "no beginning");
    }
}
