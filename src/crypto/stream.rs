//! A stream that is sealed to a passphrase: what a backup file is, whatever is in it.
//!
//! A header of 128 bytes, and then parts of 64 KiB, each sealed with XChaCha20-Poly1305. How the parts hang
//! together is the construction STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: "Online
//! Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015): the nonce of a part is a random
//! prefix, its number, and whether it is the last. So a stream that is cut, continued, or whose parts were
//! exchanged does not open. One part is in memory at a time. `docs/backup.md` has every byte.

use std::io::{self, Read, Write};

use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::bytes::wiped;
use super::passphrase::{BackupKeys, Passphrase};
use super::stretch::Stretch;
use crate::domain::{At, Incarnation};
use crate::limits::BACKUP_PART_BYTES;

/// The carriage return and line feed show a file that was "converted" as text on its way, as in PNG.
const MAGIC: &[u8; 16] = b"parlour backup\r\n";
const VERSION: u8 = 1;
const HEADER_BYTES: usize = 128;
/// What the checksum covers.
const CHECKED_BYTES: usize = 96;
const TAG_BYTES: usize = 16;

/// What the header says beside what it is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    pub at: At,
    pub incarnation: Incarnation,
}

#[derive(Debug, thiserror::Error)]
pub enum UnsealError {
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("this is not a backup of parlour")]
    Foreign,
    #[error("this backup has format {0}, which this version of parlour does not know: use a newer one")]
    Newer(u8),
    /// The first 128 bytes are not what was written.
    #[error("the backup is damaged: its beginning was changed")]
    Header,
    /// The header is what was written, and the passphrase is not the one that it was sealed to.
    #[error("the passphrase is wrong")]
    Passphrase,
    /// The passphrase is right, and a part is not what was written, or not in its place.
    #[error("the backup is damaged: something between bytes {0} and {1} was changed")]
    Damaged(u64, u64),
    #[error("the backup is cut off: its end is missing after byte {0}")]
    Cut(u64),
    /// What is left at the end is less than a part, and does not open.
    #[error("the backup was cut off, changed or extended somewhere after byte {0}")]
    End(u64),
    #[error("something was added to the backup after its end at byte {0}")]
    Continued(u64),
}

type Stream = StreamBE32<XChaCha20Poly1305>;

/// The keys and the nonce prefix in one place of the heap, wiped when dropped by the cipher itself.
#[expect(clippy::unnecessary_box_returns, reason = "what is moved leaves a copy of the key behind")]
fn stream(keys: &BackupKeys, prefix: &[u8; 19]) -> Box<Stream> {
    wiped(|| Box::new(Stream::from_aead(XChaCha20Poly1305::new(keys.parts().into()), prefix.into())))
}

/// Seals what is written to it.
pub struct Sealing<W> {
    out: W,
    stream: Box<Stream>,
    header: [u8; HEADER_BYTES],
    position: u32,
    part: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealing<W> {
    /// Writes the header. Takes a fifth of a second on a small server, for the passphrase.
    pub fn begin(
        mut out: W,
        passphrase: &Passphrase,
        about: About,
        cost: Stretch,
        rng: &mut impl CryptoRng,
    ) -> io::Result<Self> {
        let (mut salt, mut prefix) = ([0; 16], [0; 19]);
        rng.fill_bytes(&mut salt);
        rng.fill_bytes(&mut prefix);
        let keys = passphrase.keys(&salt, cost).map_err(io::Error::other)?;
        let header = Header { cost, salt, prefix, about, check: keys.check() }.to_bytes();
        out.write_all(&header)?;
        let part = Zeroizing::new(Vec::with_capacity(BACKUP_PART_BYTES + TAG_BYTES));
        Ok(Self { out, stream: stream(&keys, &prefix), header, position: 0, part })
    }

    /// Seals what is left as the last part.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let Self { stream, position, header, part, .. } = self;
        wiped(|| stream.encrypt_in_place(*position, is_last, header.as_slice(), &mut **part))
            .map_err(|_| io::Error::other("a part does not seal"))?;
        self.out.write_all(&self.part)?;
        self.part.clear();
        self.position = self.position.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(())
    }
}

impl<W: Write> Write for Sealing<W> {
    /// A full part is sealed when more comes: only then it is known not to be the last.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.part.len() == BACKUP_PART_BYTES && !bytes.is_empty() {
            self.seal(false)?;
        }
        let fits = bytes.len().min(BACKUP_PART_BYTES - self.part.len());
        self.part.extend_from_slice(&bytes[..fits]);
        Ok(fits)
    }

    /// Does not seal a part that is not full.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what was sealed. What it gives out was in the file, in this place; whether that is all of it is
/// known when it gives no more.
pub struct Unsealing<R> {
    input: R,
    stream: Box<Stream>,
    header: [u8; HEADER_BYTES],
    position: u32,
    /// The part that comes next, sealed, and the first byte of the one after it.
    sealed: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Unsealing<R> {
    /// Reads the header. Takes a fifth of a second on a small server, for the passphrase.
    pub fn begin(mut input: R, passphrase: &Passphrase) -> Result<Self, UnsealError> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        input.by_ref().take(HEADER_BYTES as u64).read_to_end(&mut header)?;
        let Header { cost, salt, prefix, check, .. } = Header::parse(&header)?;
        let header = header.try_into().map_err(|_| UnsealError::Foreign)?;
        let keys = passphrase.keys(&salt, cost).map_err(|_| UnsealError::Header)?;
        if !keys.opens(&check) {
            return Err(UnsealError::Passphrase);
        }
        let (sealed, plain) = (Vec::new(), Zeroizing::new(Vec::new()));
        let stream = stream(&keys, &prefix);
        Ok(Self { input, stream, header, position: 0, sealed, plain, given: 0, is_over: false })
    }

    /// Where the next part begins in the file.
    fn begins(&self) -> u64 {
        let part = u64::from(self.position);
        HEADER_BYTES as u64 + (BACKUP_PART_BYTES + TAG_BYTES) as u64 * part
    }

    fn open(&mut self) -> Result<(), UnsealError> {
        let whole = BACKUP_PART_BYTES + TAG_BYTES;
        let missing = (whole + 1).saturating_sub(self.sealed.len()) as u64;
        self.input.by_ref().take(missing).read_to_end(&mut self.sealed)?;
        let is_last = self.sealed.len() <= whole;
        let length = self.sealed.len().min(whole);
        if !self.opens(length, is_last) {
            return Err(self.why(length, is_last));
        }
        self.sealed.drain(..length);
        (self.given, self.is_over) = (0, is_last);
        self.position = self.position.checked_add(1).ok_or(UnsealError::Foreign)?;
        Ok(())
    }

    fn opens(&mut self, length: usize, is_last: bool) -> bool {
        let Self { stream, position, header, sealed, plain, .. } = self;
        plain.clear();
        plain.extend_from_slice(&sealed[..length]);
        wiped(|| stream.decrypt_in_place(*position, is_last, header.as_slice(), &mut **plain)).is_ok()
    }

    /// Why the part does not open: whether it would in another place.
    fn why(&mut self, length: usize, is_last: bool) -> UnsealError {
        let from = self.begins();
        let until = from + length as u64;
        let is_other = self.opens(length, !is_last);
        self.plain.clear();
        match (is_other, is_last) {
            (true, true) => UnsealError::Cut(until),
            (true, false) => UnsealError::Continued(until),
            (false, true) if length < BACKUP_PART_BYTES + TAG_BYTES => UnsealError::End(from),
            (false, _) => UnsealError::Damaged(from, until),
        }
    }
}

impl<R: Read> Read for Unsealing<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.plain.len() {
            if self.is_over {
                return Ok(0);
            }
            self.open().map_err(io::Error::other)?;
        }
        let length = out.len().min(self.plain.len() - self.given);
        out[..length].copy_from_slice(&self.plain[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

/// The first 128 bytes.
struct Header {
    cost: Stretch,
    salt: [u8; 16],
    prefix: [u8; 19],
    about: About,
    check: [u8; 16],
}

impl Header {
    fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..16].copy_from_slice(MAGIC);
        bytes[16] = VERSION;
        bytes[20..24].copy_from_slice(&self.cost.kib.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.cost.passes.to_le_bytes());
        bytes[28..44].copy_from_slice(&self.salt);
        bytes[44..63].copy_from_slice(&self.prefix);
        bytes[64..72].copy_from_slice(&self.about.at.0.to_le_bytes());
        bytes[72..80].copy_from_slice(&self.about.incarnation.0.to_le_bytes());
        bytes[80..96].copy_from_slice(&self.check);
        let checksum = Sha256::digest(&bytes[..CHECKED_BYTES]);
        bytes[CHECKED_BYTES..].copy_from_slice(&checksum);
        bytes
    }

    fn parse(bytes: &[u8]) -> Result<Self, UnsealError> {
        if bytes.len() < MAGIC.len() || bytes[..16] != *MAGIC {
            return Err(UnsealError::Foreign);
        }
        if bytes.len() < HEADER_BYTES {
            return Err(UnsealError::Cut(bytes.len() as u64));
        }
        if bytes[16] != VERSION {
            return Err(UnsealError::Newer(bytes[16]));
        }
        if bytes[CHECKED_BYTES..] != *Sha256::digest(&bytes[..CHECKED_BYTES]) {
            return Err(UnsealError::Header);
        }
        let cost =
            Stretch { kib: u32::from_le_bytes(part(bytes, 20)), passes: u32::from_le_bytes(part(bytes, 24)) };
        let at = At(u64::from_le_bytes(part(bytes, 64)));
        let incarnation = Incarnation(u64::from_le_bytes(part(bytes, 72)));
        let about = About { at, incarnation };
        Ok(Self { cost, salt: part(bytes, 28), prefix: part(bytes, 44), about, check: part(bytes, 80) })
    }
}

/// Whether these bytes begin as a sealed backup does that this version can open, whatever the passphrase.
#[cfg(feature = "test-support")]
pub fn is_backup(bytes: &[u8]) -> bool {
    Header::parse(&bytes[..bytes.len().min(HEADER_BYTES)]).is_ok()
}

fn part<const N: usize>(bytes: &[u8], from: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[from..from + N]);
    part
}

#[cfg(test)]
mod tests;
