//! What the house answers the host. `chats` and `status` have the answers about each.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::clock::Machine;
use crate::domain::At;
use crate::host::config::{self, Config};
use crate::host::log::set_level;
use crate::house::House;
use crate::http::guard::proxy_observations::ProxyObservations;
use crate::http::link::Base;
use crate::net::certificates::Certificates;
use crate::net::home_addresses;
use crate::protocol::admin::{
    AdminLine, AdminRefusal, AdminRequest, CompactionReport, Done, MetricsText, NeverEntered, write,
};
use crate::protocol::sentences;
use crate::store::StoreError;

pub struct AdminService {
    pub house: Arc<House>,
    pub(super) observations: Arc<ProxyObservations>,
    pub(super) config: Config,
    /// Where the house listens for people, with its real ports.
    pub(super) listening: Vec<SocketAddr>,
    pub(super) certificates: Option<Arc<Certificates>>,
    pub(super) machine: Arc<dyn Machine>,
    pub(super) baseline: Baseline,
}

/// How things were when the house was opened: what grew since then is told by it.
pub(super) struct Baseline {
    pub at: At,
    pub since: Instant,
    pub store_bytes: u64,
}

pub enum AdminReply {
    Line(String),
    Backup,
}

impl AdminService {
    pub fn new(
        house: Arc<House>,
        observations: Arc<ProxyObservations>,
        config: Config,
        listening: Vec<SocketAddr>,
        certificates: Option<Arc<Certificates>>,
        machine: Arc<dyn Machine>,
    ) -> Self {
        let store_bytes = house.store.footprint().map_or(0, |footprint| footprint.store_bytes);
        let baseline = Baseline { at: (house.clock)(), since: Instant::now(), store_bytes };
        Self { house, observations, config, listening, certificates, machine, baseline }
    }

    /// What links begin with now: the addresses of the machine may change while the house is open.
    pub fn base(&self) -> Base {
        let Config { public_url, .. } = &self.config;
        Base::of(public_url.as_ref(), self.config.scheme(), None, &self.listening, &home_addresses())
    }

    pub async fn answer(&self, ask: AdminRequest) -> Result<AdminReply, AdminRefusal> {
        Ok(match ask {
            AdminRequest::Status {} => done(self.status().await?),
            AdminRequest::Chats {} => done(self.chats().await?),
            AdminRequest::Start { names, idle, title } => done(self.start(&names, idle, title).await?),
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
            AdminRequest::LogLevel { level } => done(Self::set_log_level(&level)?),
        })
    }

    async fn compact(&self) -> Result<CompactionReport, AdminRefusal> {
        let detail = "The disk has no room for a copy of the store. Free some space, then try again";
        let no_room = || AdminRefusal::new("no_room", detail);
        let compacted = self.house.store.compact().await?.ok_or_else(no_room)?;
        let held_millis = u64::try_from(compacted.held.as_millis()).unwrap_or(u64::MAX);
        Ok(CompactionReport { before_bytes: compacted.before, after_bytes: compacted.after, held_millis })
    }

    fn set_log_level(level: &str) -> Result<Done, AdminRefusal> {
        let bad_level = |_| AdminRefusal::new("bad_level", "Use error, warn, info, debug or trace");
        let level = config::level(level).map_err(bad_level)?;
        set_level(level);
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
