//! The certificates that the house shows: read from files, or made by the house itself.
//!
//! `app` opens them once; the schedule has them renewed, and SIGHUP has them read again. What was shown goes
//! on being shown where something new cannot be: the log says why in one line. Keys never leave this room but
//! to `net`, and the data directory.

mod authority;
mod kept;
mod names;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;

use crate::clock::{Clock, Machine};
use crate::domain::At;
use crate::limits::{AUTHORITY_END_TOLD, CLOCK_AHEAD_MAX, PEM_BYTES_MAX, WRITTEN_AT_MS};
use crate::net::{Identity, IdentityError, Tls, home_addresses};

pub use authority::Authority;

use authority::{Leaf, moment};
use kept::Kept;
use names::SubjectNames;

#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("{}: this certificate file cannot be read: {source}", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} and {}: {source}", .certificate.display(), .key.display())]
    Unfit { certificate: PathBuf, key: PathBuf, source: IdentityError },
    #[error(
        "{}: the house's own certificates cannot be read: {why}. Move it away, and the house makes \
         new ones, which every device must be told to trust again", .path.display()
    )]
    Damaged { path: PathBuf, why: String },
    #[error("{}: the house's own certificates cannot be saved: {source}", .path.display())]
    Unkept { path: PathBuf, source: io::Error },
    #[error("the house cannot make a certificate: {0}")]
    Unmade(rcgen::Error),
}

/// Whether the house speaks HTTPS itself, and with which certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CertificateSource {
    /// It does not: at home without it, or behind a proxy that does.
    #[default]
    Off,
    /// With a certificate that somebody else renews.
    Files {
        /// The PEM file of the certificate, its own first, then those between it and the root.
        certificate: PathBuf,
        key: PathBuf,
    },
    SelfSigned,
}

pub struct Certificates {
    tls: Tls,
    source: Source,
}

enum Source {
    Files { certificate: PathBuf, key: PathBuf },
    Own(Box<Own>),
}

impl Certificates {
    /// If the house speaks TLS. `data` is its directory, which is there and its own.
    pub fn open(
        source: &CertificateSource,
        data: &Path,
        names: Vec<String>,
        clock: Clock,
        machine: Arc<dyn Machine>,
    ) -> Result<Option<Arc<Self>>, CertificateError> {
        let (source, identity) = match source {
            CertificateSource::Off => return Ok(None),
            CertificateSource::Files { certificate, key } => {
                let identity = from_files(certificate, key)?;
                (Source::Files { certificate: certificate.clone(), key: key.clone() }, identity)
            }
            CertificateSource::SelfSigned => {
                let own = Own::open(data, names, clock, machine)?;
                let identity = own.lock().identity()?;
                (Source::Own(Box::new(own)), identity)
            }
        };
        Ok(Some(Arc::new(Self { tls: Tls::new(identity), source })))
    }

    pub fn tls(&self) -> Tls {
        self.tls.clone()
    }

    pub fn authority(&self) -> Option<Authority> {
        match &self.source {
            Source::Files { .. } => None,
            Source::Own(own) => Some(own.lock().authority.clone()),
        }
    }

    /// When the certificate ends that somebody else renews, and its file.
    pub fn ends(&self) -> Option<(At, &Path)> {
        match &self.source {
            Source::Files { certificate, .. } => {
                Some((At(self.tls.ends()?.saturating_mul(1_000)), certificate))
            }
            Source::Own(_) => None,
        }
    }

    /// Reads the files again, or looks whether the house's own must be renewed.
    pub async fn read_again(self: &Arc<Self>) {
        let own = Arc::clone(self);
        if tokio::task::spawn_blocking(move || own.refresh()).await.is_err() {
            log::error!("reading the certificate panicked");
        }
    }

    /// Where it is time: it ends, or names and addresses have changed. Files are somebody else's to renew.
    pub async fn renew(self: &Arc<Self>) {
        if matches!(self.source, Source::Own(_)) {
            self.read_again().await;
        }
    }

    fn refresh(&self) {
        let read = match &self.source {
            Source::Files { certificate, key } => from_files(certificate, key).map(Some),
            Source::Own(own) => own.renewed(),
        };
        match read {
            Ok(Some(identity)) => {
                self.tls.show(identity);
                log::info!("a new certificate is in use");
            }
            Ok(None) => {}
            Err(error) => log::error!("the old certificate stays in use: {error}"),
        }
    }
}

/// Whether the files that there are, the host's or the house's own, are a certificate and its key.
pub fn check(tls: &CertificateSource, data: &Path) -> Result<(), CertificateError> {
    match tls {
        CertificateSource::Files { certificate, key } => from_files(certificate, key).map(drop),
        CertificateSource::SelfSigned => {
            Kept::read(&data.join(FILE))?.map_or(Ok(()), |kept| kept.identity().map(drop))
        }
        CertificateSource::Off => Ok(()),
    }
}

fn from_files(certificate: &Path, key: &Path) -> Result<Identity, CertificateError> {
    Identity::parse(&pem(certificate)?, &pem(key)?).map_err(|source| CertificateError::Unfit {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        source,
    })
}

fn pem(path: &Path) -> Result<Vec<u8>, CertificateError> {
    let unreadable = |source| CertificateError::Unreadable { path: path.to_owned(), source };
    let mut text = Vec::new();
    let length = File::open(path).and_then(|file| file.take(PEM_BYTES_MAX + 1).read_to_end(&mut text));
    if length.map_err(unreadable)? as u64 > PEM_BYTES_MAX {
        return Err(unreadable(io::ErrorKind::FileTooLarge.into()));
    }
    Ok(text)
}

struct Own {
    path: PathBuf,
    configured: Vec<String>,
    clock: Clock,
    machine: Arc<dyn Machine>,
    kept: Mutex<Kept>,
}

const FILE: &str = "tls.json";

impl Own {
    fn open(
        data: &Path,
        configured: Vec<String>,
        clock: Clock,
        machine: Arc<dyn Machine>,
    ) -> Result<Self, CertificateError> {
        let path = data.join(FILE);
        let time = Time::new(&clock, &*machine);
        let found = SubjectNames::of(&configured, &home_addresses());
        let kept = match Kept::read(&path)? {
            Some(kept) => kept,
            None => made(&path, &found, time)?,
        };
        let own = Self { path, configured, clock, machine, kept: Mutex::new(kept) };
        own.renewed()?;
        own.lock().tell(time);
        Ok(own)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // What is in it is replaced as a whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The certificate to show from now on, where it must be another.
    fn renewed(&self) -> Result<Option<Identity>, CertificateError> {
        let time = Time::new(&self.clock, &*self.machine);
        let found = SubjectNames::of(&self.configured, &home_addresses());
        let mut kept = self.lock();
        if time.is_sure && time.now > kept.authority.ends() {
            *kept = made(&self.path, &found, time)?;
            return kept.identity().map(Some);
        }
        let (names, left_out) = kept.authority.permitted(&found);
        if !kept.leaf.is_due(&names, kept.authority.ends(), time) {
            return Ok(None);
        }
        if !left_out.is_empty() {
            let left_out = left_out.join(", ");
            log::warn!(
                "the house's own authority does not cover {left_out}, so no device trusts the house there. \
                 To make a new one, move {} away",
                self.path.display()
            );
        }
        *kept = signed(&self.path, kept.authority.clone(), &names, time)?;
        kept.tell(time);
        kept.identity().map(Some)
    }
}

fn made(path: &Path, found: &SubjectNames, time: Time) -> Result<Kept, CertificateError> {
    let authority = Authority::make(found, time)?;
    let (names, _) = authority.permitted(found);
    let kept = signed(path, authority, &names, time)?;
    let fingerprint = kept.authority.fingerprint.as_str();
    log::info!(
        fingerprint;
        "the house has made its own certificate authority: set up devices to trust it at /trust"
    );
    Ok(kept)
}

/// The authority with a certificate for these names, written down.
fn signed(
    path: &Path,
    authority: Authority,
    names: &SubjectNames,
    time: Time,
) -> Result<Kept, CertificateError> {
    let leaf = Leaf::sign(&authority, names, time.now)?;
    let kept = Kept { authority, leaf };
    kept.write(path)?;
    Ok(kept)
}

impl Kept {
    fn identity(&self) -> Result<Identity, CertificateError> {
        let Self { leaf, .. } = self;
        Identity::parse(leaf.certificate.as_bytes(), leaf.key.as_bytes())
            .map_err(|error| CertificateError::Damaged { path: FILE.into(), why: error.to_string() })
    }

    fn tell(&self, time: Time) {
        if self.authority.ends() - time.now < AUTHORITY_END_TOLD {
            let ends = self.authority.ends().date();
            log::warn!("the house's own authority expires on {ends}: then every device must trust a new one");
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Time {
    /// Not before the program was built, and not far ahead of that: no right clock is.
    now: OffsetDateTime,
    built: OffsetDateTime,
    /// Whether the kernel says that the clock is right.
    is_sure: bool,
}

impl Time {
    fn new(clock: &Clock, machine: &dyn Machine) -> Self {
        let (wall, built) = (clock().0, machine.built().0.max(WRITTEN_AT_MS));
        let ahead_max = u64::try_from(CLOCK_AHEAD_MAX.as_millis()).unwrap_or(u64::MAX);
        let is_possible = wall >= built && wall - built <= ahead_max;
        let now = if is_possible { wall } else { built };
        let time = |milliseconds| moment(i64::try_from(milliseconds / 1_000).unwrap_or_default());
        Self { now: time(now), built: time(built), is_sure: is_possible && machine.is_synchronised() }
    }
}

#[cfg(test)]
mod tests;
