//! The file in which a house keeps its authority and its certificate, with both keys.
//!
//! `mod` reads it once and writes it whenever something was made: whole, durably, and only for its owner to
//! read. After a crash there is the old one or the new one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::CertificateError;
use super::authority::{Authority, Leaf};

#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub authority: Authority,
    pub leaf: Leaf,
}

impl Kept {
    pub fn read(path: &Path) -> Result<Option<Self>, CertificateError> {
        let damaged = |why: String| CertificateError::Damaged { path: path.to_owned(), why };
        match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| damaged(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(CertificateError::Unreadable { path: path.to_owned(), source }),
        }
    }

    pub fn write(&self, path: &Path) -> Result<(), CertificateError> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other);
        let written = text.and_then(|text| replace(path, text.as_bytes()));
        written.map_err(|source| CertificateError::Unkept { path: path.to_owned(), source })
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("json.new");
    // One that a crash left may have been half written by somebody else's mode.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}
