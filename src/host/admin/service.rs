//! What the house answers the host. `chats`, `status` and `diagnosis` have the answers about each.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::baseline::Baseline;
use crate::clock::Machine;
use crate::domain::{At, Idle};
use crate::host::config;
use crate::host::doctor;
use crate::house::House;
use crate::http::guard::proxy_observations::ProxyObservations;
use crate::http::link::Base;
use crate::net::{PublicPlace, PublicUrl, Scheme};
use crate::protocol::admin::{
    AdminLine, AdminRefusal, AdminRequest, Compacted, Done, MetricsText, NeverEntered, write,
};
use crate::protocol::sentences;
use crate::store::StoreError;

/// Everything that answering the host takes.
pub struct AdminService {
    /// The house that is asked about.
    pub house: Arc<House>,
    /// How visitors come, as far as their requests show it.
    pub observations: Arc<ProxyObservations>,
    /// What the machine knows of time.
    pub machine: Arc<dyn Machine>,
    /// What links begin with, by the settings.
    pub public_url: Option<PublicUrl>,
    /// What the house speaks itself.
    pub scheme: Scheme,
    /// What links begin with, now.
    pub base: Box<dyn Fn() -> Base + Send + Sync>,
    /// What is at the address of `public_url`, now.
    pub public_place: Box<dyn Fn() -> PublicPlace + Send + Sync>,
    /// The certificate that somebody else renews, at this moment.
    pub certificate: Box<dyn Fn(At) -> Option<doctor::Certificate> + Send + Sync>,
    /// The idle time that is chosen when nobody chooses.
    pub idle_default: Idle,
    /// The idle times to choose from.
    pub idle_choices: Vec<Idle>,
    /// The settings file, if there is one.
    pub file: Option<PathBuf>,
    /// The data directory.
    pub data: PathBuf,
    /// Where the house listens for people.
    pub entrances: Vec<SocketAddr>,
    /// Where it listens, also for figures and for who is sent on to HTTPS.
    pub listening: Vec<SocketAddr>,
    /// When the house was opened.
    pub baseline: Baseline,
    /// Changes what is logged.
    pub log_level: fn(log::Level),
}

/// An answer, as it is sent.
pub enum AdminReply {
    /// One line of JSON.
    Line(String),
    /// A copy of the house, in chunks.
    Backup,
}

impl AdminService {
    /// Answers one question.
    pub async fn answer(&self, ask: AdminRequest) -> Result<AdminReply, AdminRefusal> {
        Ok(match ask {
            AdminRequest::Status {} => done(self.status().await?),
            AdminRequest::Chats {} => done(self.chats().await?),
            AdminRequest::Start { names, idle } => done(self.start(&names, idle).await?),
            AdminRequest::End { chat } => done(self.end(&chat).await?),
            AdminRequest::NeverEntered { since_seconds } => {
                let chats = self.never_entered(Duration::from_secs(since_seconds)).await?;
                done(NeverEntered { chats: chats.len() as u64 })
            }
            AdminRequest::EndNeverEntered { since_seconds } => {
                done(self.end_never_entered(Duration::from_secs(since_seconds)).await?)
            }
            AdminRequest::Doctor {} => done(self.diagnosis()?),
            AdminRequest::Metrics {} => done(MetricsText { text: self.figures().await? }),
            AdminRequest::Compact {} => done(self.compact().await?),
            AdminRequest::Backup {} => AdminReply::Backup,
            AdminRequest::BackedUp { at } => {
                self.house.store.note_backup(At(at)).await?;
                log::info!("a backup was made");
                done(Done {})
            }
            AdminRequest::LogLevel { level } => done(self.set_log_level(&level)?),
        })
    }

    async fn compact(&self) -> Result<Compacted, AdminRefusal> {
        let detail = "The disk has no room for a copy of the store. Free some space, then try again";
        let no_room = || AdminRefusal::new("no_room", detail);
        let compacted = self.house.store.compact().await?.ok_or_else(no_room)?;
        let held_millis = u64::try_from(compacted.held.as_millis()).unwrap_or(u64::MAX);
        Ok(Compacted { before_bytes: compacted.before, after_bytes: compacted.after, held_millis })
    }

    fn set_log_level(&self, level: &str) -> Result<Done, AdminRefusal> {
        let bad_level = |_| AdminRefusal::new("bad_level", "Use error, warn, info, debug or trace");
        let level = config::level(level).map_err(bad_level)?;
        (self.log_level)(level);
        log::log!(level, "the log level is {level} now");
        Ok(Done {})
    }
}

impl From<StoreError> for AdminRefusal {
    fn from(fault: StoreError) -> Self {
        match fault {
            StoreError::Refused(refusal) => Self::new(refusal.code(), sentences::refused(&refusal)),
            StoreError::Unknown => Self::new(
                "unknown",
                "The disk failed, so it's unknown whether this was done. Check, then try again",
            ),
            StoreError::Failed(cause) => Self::new("failed", cause.to_string()),
        }
    }
}

fn done<T: Serialize>(answer: T) -> AdminReply {
    AdminReply::Line(write(&AdminLine::Done(answer)))
}
