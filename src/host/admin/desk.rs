//! What the host asks, and what the house answers: one function a question.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::figures;
use crate::clock::Machine;
use crate::domain::{At, Caller, ChatId, Idle, Names, Refusal};
use crate::host::config;
use crate::host::doctor::{self, Facts, Memory};
use crate::house::House;
use crate::house::metrics::Gauges;
use crate::http::link::{Base, Reach};
use crate::net::{PublicPlace, PublicUrl, Scheme};
use crate::protocol::admin::{
    Ask, ChatLine, Chats, Compacted, Diagnosis, Done, EndedAll, Figures, Finding, Invite, Line, NeverEntered,
    Purge, Refused, Started, Status, Weight, write,
};
use crate::protocol::rest::Warning;
use crate::protocol::text::{ChatText, IdleText, Time};
use crate::store::{ChatStats, StoreError};

/// Everything that answering the host takes.
pub struct Desk {
    /// The house.
    pub house: Arc<House>,
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
    pub opened: Opened,
    /// Changes what is logged.
    pub log_level: fn(log::Level),
}

/// How things were when the house was opened.
pub struct Opened {
    at: At,
    since: Instant,
    store_bytes: u64,
}

/// An answer, as it is sent.
pub enum Answer {
    /// One line.
    Line(String),
    /// A copy of the house, piece by piece.
    Copy,
}

impl Opened {
    /// Now.
    pub fn now(house: &House) -> Self {
        let store_bytes = house.store.footprint().map_or(0, |footprint| footprint.store_bytes);
        Self { at: (house.clock)(), since: Instant::now(), store_bytes }
    }
}

fn done<T: Serialize>(answer: T) -> Answer {
    Answer::Line(write(&Line::Done(answer)))
}

impl Desk {
    /// Answers one question.
    pub async fn answer(&self, ask: Ask) -> Result<Answer, Refused> {
        Ok(match ask {
            Ask::Status {} => done(self.status().await.map_err(told)?),
            Ask::Chats {} => done(self.chats().await.map_err(told)?),
            Ask::Start { names, idle } => done(self.start(&names, idle).await?),
            Ask::End { chat } => done(self.end(&chat).await?),
            Ask::NeverEntered { since_seconds } => {
                let chats = self.never_entered(Duration::from_secs(since_seconds)).await.map_err(told)?;
                done(NeverEntered { chats: chats.len() as u64 })
            }
            Ask::EndNeverEntered { since_seconds } => {
                done(self.end_never_entered(Duration::from_secs(since_seconds)).await.map_err(told)?)
            }
            Ask::Doctor {} => done(self.diagnosis().map_err(told)?),
            Ask::Metrics {} => done(Figures { text: self.figures().await.map_err(told)? }),
            Ask::Compact {} => done(self.compact().await?),
            Ask::Backup {} => Answer::Copy,
            Ask::BackedUp { at } => {
                self.house.store.note_backup(At(at)).await.map_err(told)?;
                log::info!("a backup was made");
                done(Done {})
            }
            Ask::LogLevel { level } => done(self.set_log_level(&level)?),
        })
    }

    /// The figures of the house in the text format of Prometheus.
    pub async fn figures(&self) -> Result<String, StoreError> {
        Ok(self.house.metrics.text(self.gauges().await?))
    }

    async fn gauges(&self) -> Result<Gauges, StoreError> {
        let sight = self.house.store.purge_snapshot().await?;
        let footprint = self.house.store.footprint()?;
        Ok(Gauges {
            chats: (sight.chats + sight.awaited) as u64,
            messages: sight.messages,
            seats: self.house.store.seats_held().await?,
            sockets: self.house.hub.sockets() as u64,
            store_bytes: footprint.store_bytes,
            free_bytes: footprint.free_bytes,
            memory_bytes: figures::memory_bytes().unwrap_or_default(),
            uptime_seconds: self.opened.since.elapsed().as_secs(),
        })
    }

    async fn status(&self) -> Result<Status, StoreError> {
        let gauges = self.gauges().await?;
        let purge = self.house.metrics.last_purge().map(|(at, purged)| Purge {
            at: Time(at).to_string(),
            called: purged.called,
            destroyed: purged.destroyed,
            forgotten: purged.forgotten,
        });
        let grown = gauges.store_bytes.saturating_sub(self.opened.store_bytes);
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            open_since: Time(self.opened.at).to_string(),
            uptime_seconds: gauges.uptime_seconds,
            url: (self.base)().url,
            chats: gauges.chats,
            messages: gauges.messages,
            seats: gauges.seats,
            sockets: gauges.sockets,
            memory_bytes: figures::memory_bytes(),
            store_bytes: gauges.store_bytes,
            free_bytes: gauges.free_bytes,
            disk_lasts_days: figures::days(gauges.free_bytes, grown, gauges.uptime_seconds),
            last_backup: self.house.store.last_backup().await?.map(|at| Time(at).to_string()),
            last_purge: purge,
        })
    }

    async fn chats(&self) -> Result<Chats, StoreError> {
        let chats = self.house.store.list_chats().await?;
        Ok(Chats { chats: chats.iter().map(|sight| self.line(sight)).collect() })
    }

    fn line(&self, sight: &ChatStats) -> ChatLine {
        ChatLine {
            chat: ChatText(sight.chat).to_string(),
            started: Time(sight.started).to_string(),
            used: Time(sight.used).to_string(),
            idle: IdleText(sight.idle).to_string(),
            due: Time(sight.due()).to_string(),
            messages: sight.messages,
            devices: sight.devices,
            was_entered: sight.was_entered,
            here: self.house.hub.here(sight.chat).len() as u64,
        }
    }

    async fn start(&self, names: &[String], idle: Option<String>) -> Result<Started, Refused> {
        let idle = self.idle(idle)?;
        let names = Names::parse(names).map_err(|refusal| told(refusal.into()))?;
        let invites = self.house.start(&names, idle, Caller::Host).await.map_err(told)?;
        let base = (self.base)();
        let invites = names.as_slice().iter().zip(invites).map(|(name, invite)| Invite {
            name: name.as_str().to_owned(),
            link: base.invite(&invite.token.text()),
            code: invite.code.text().to_string(),
        });
        let reach = match base.reach {
            Reach::Anywhere => "anywhere",
            Reach::Network => "network",
            Reach::Device => "device",
        };
        Ok(Started { idle: IdleText(idle).to_string(), reach: reach.to_owned(), invites: invites.collect() })
    }

    fn idle(&self, word: Option<String>) -> Result<Idle, Refused> {
        let Some(word) = word else { return Ok(self.idle_default) };
        let idle = Idle::parse(&word).filter(|idle| self.idle_choices.contains(idle));
        idle.ok_or_else(|| {
            let choices: Vec<_> = self.idle_choices.iter().map(|idle| idle.word()).collect();
            let detail = format!("This house doesn't offer that time. Use one of {}", choices.join(", "));
            Refused { code: Refusal::BadIdle.code().to_owned(), detail }
        })
    }

    async fn end(&self, chat: &str) -> Result<Done, Refused> {
        let no_such_chat = || Refused {
            code: "no_such_chat".to_owned(),
            detail: "There is no such chat. List them with: parlour chats".to_owned(),
        };
        let ChatText(chat) = ChatText::parse(chat).ok_or_else(no_such_chat)?;
        if self.house.store.end(chat).await.map_err(told)? {
            log::info!("the host ended a chat");
            return Ok(Done {});
        }
        Err(no_such_chat())
    }

    /// Chats that nobody has ever come into, started at least so long ago.
    async fn never_entered(&self, since: Duration) -> Result<Vec<ChatId>, StoreError> {
        let now = (self.house.clock)();
        let chats = self.house.store.list_chats().await?;
        let is_meant = |chat: &&ChatStats| !chat.was_entered && chat.started.plus(since) <= now;
        Ok(chats.iter().filter(is_meant).map(|chat| chat.chat).collect())
    }

    async fn end_never_entered(&self, since: Duration) -> Result<EndedAll, StoreError> {
        let meant = self.never_entered(since).await?;
        let ended = self.house.store.end_never_entered(&meant).await?;
        log::info!(ended; "the host ended {ended} chats that nobody ever entered");
        Ok(EndedAll { ended })
    }

    async fn compact(&self) -> Result<Compacted, Refused> {
        let no_room = || Refused {
            code: "no_room".to_owned(),
            detail: "The disk has no room for a copy of the store. Free some space, then try again"
                .to_owned(),
        };
        let compacted = self.house.store.compact().await.map_err(told)?.ok_or_else(no_room)?;
        let held_millis = u64::try_from(compacted.held.as_millis()).unwrap_or(u64::MAX);
        Ok(Compacted { before_bytes: compacted.before, after_bytes: compacted.after, held_millis })
    }

    fn set_log_level(&self, level: &str) -> Result<Done, Refused> {
        let level = config::level(level).map_err(|_| Refused {
            code: "bad_level".to_owned(),
            detail: "Use error, warn, info, debug or trace".to_owned(),
        })?;
        (self.log_level)(level);
        log::log!(level, "the log level is {level} now");
        Ok(Done {})
    }

    /// What does not work, as far as the house knows.
    pub fn diagnosis(&self) -> Result<Diagnosis, StoreError> {
        Ok(doctor::examine(&self.facts()?))
    }

    /// The same without hints, for the start page.
    pub fn warnings(&self) -> Vec<Warning> {
        let findings = self.diagnosis().unwrap_or_default().findings;
        let grave = findings.into_iter().filter(|finding| finding.weight != Weight::Hint);
        grave.map(|Finding { code, says, mend, .. }| Warning { code, says, mend }).collect()
    }

    fn facts(&self) -> Result<Facts, StoreError> {
        let base = (self.base)();
        let written = figures::written_bytes();
        let uptime = self.opened.since.elapsed().as_secs();
        Ok(Facts {
            file: self.file.clone(),
            public_url: self.public_url.clone(),
            scheme: self.scheme,
            is_only_here: self.public_url.is_none() && base.reach == Reach::Device,
            url: base.url,
            seen: self.house.visits.seen(),
            certificate: (self.certificate)((self.house.clock)()),
            is_synchronised: self.machine.is_synchronised(),
            has_time_service: doctor::has_time_service(),
            free_bytes: self.house.store.footprint()?.free_bytes,
            written_bytes_a_day: written.and_then(|bytes| figures::a_day(bytes, uptime)),
            missing: doctor::missing(&self.listening),
            listening: self.entrances.clone(),
            public_place: (self.public_place)(),
            memory: Memory::of_this_process(),
            data: figures::mode(&self.data).map(|mode| (self.data.display().to_string(), mode)),
        })
    }
}

/// A refusal or fault in the words of the admin socket.
fn told(fault: StoreError) -> Refused {
    match fault {
        StoreError::Refused(refusal) => Refused { code: refusal.code().to_owned(), detail: refusal.detail() },
        StoreError::Unknown => Refused {
            code: "unknown".to_owned(),
            detail: "The disk failed, so it's unknown whether this was done. Check, then try again"
                .to_owned(),
        },
        StoreError::Failed(cause) => Refused { code: "failed".to_owned(), detail: cause.to_string() },
    }
}
