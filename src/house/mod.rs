//! What a request and a socket can ask of the house: the store, who listens, the time.
//!
//! One value, shared by `http`, `session`, `host::admin` and `jobs`. It holds no rule of its own but how fast
//! each may ask.

pub mod failure_log;
pub mod metrics;
pub mod rate_limit;

use std::net::IpAddr;
use std::sync::Arc;

use crate::clock::Clock;
use crate::crypto::{Code, DeviceSecret, LinkToken};
use crate::delivery::Hub;
use crate::domain::{
    Caller, Command, DeviceTag, Devices, Idle, Name, Names, Outcome, ParticipantId, Refusal, Role,
};
use crate::limits::{PAIR_PEOPLE, ROOM_INTERVAL, START_ROOM_BYTES};
use crate::store::{Entered, Invite, Seat, Store, StoreError};

use failure_log::FailureLog;
use metrics::Metrics;
use rate_limit::RateLimit;

pub use rate_limit::RateLimits;

pub struct House {
    pub store: Store,
    /// Who listens. The store publishes to it.
    pub hub: Hub,
    pub rate_limits: RateLimits,
    pub clock: Clock,
    pub failures: FailureLog,
    pub metrics: Arc<Metrics>,
}

impl House {
    /// Hands a command to the writer, unless the seat is too fast: refused with `SlowDown`; see
    /// [`Store::submit`].
    pub fn submit(
        &self,
        seat: &Seat,
        command: Command,
    ) -> impl Future<Output = Result<Outcome, StoreError>> + Send + use<> {
        let submitted = self.within_rate_limits(seat, &command).map(|()| self.store.submit(seat, command));
        async move { submitted?.await }
    }

    /// The same for one who hands in many at once; see [`Store::hand_in`].
    pub fn hand_in(
        &self,
        seat: &Seat,
        command: Command,
    ) -> impl Future<Output = Result<Outcome, StoreError>> + Send + use<> {
        let handed_in = self.within_rate_limits(seat, &command).map(|()| self.store.hand_in(seat, command));
        async move { handed_in?.await }
    }

    fn within_rate_limits(&self, seat: &Seat, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Say { .. }
            | Command::Change { .. }
            | Command::VanishAfter(_)
            | Command::SetIdle(_)
            | Command::Keep => within_rate_limit(&self.rate_limits.messages, seat.id()),
            Command::Mark(_) => within_rate_limit(&self.rate_limits.receipts, seat.id()),
            Command::Remove(_)
            | Command::SetRole { .. }
            | Command::Rename(_)
            | Command::Describe(_)
            | Command::SetWriters(_)
            | Command::SetRoster(_)
            | Command::LeaveGroup
            | Command::Leave => within_rate_limit(&self.rate_limits.seat_changes, seat.id()),
            Command::End => Ok(()),
        }
    }

    /// Lets a device in, unless that link is entered by too often: refused with `SlowDown`; see
    /// [`Store::enter`].
    pub async fn enter(
        &self,
        token: &LinkToken,
        code: &Code,
        device: Option<DeviceSecret>,
        from: IpAddr,
    ) -> Result<Entered, StoreError> {
        within_rate_limit(&self.rate_limits.enters, token.id())?;
        self.store.enter(token, code, device, from).await
    }

    /// Takes the seat away from one of its devices, unless the seat does so too fast: refused with
    /// `SlowDown`; see [`Store::sign_out`].
    pub async fn sign_out(&self, seat: &Seat, tag: DeviceTag) -> Result<(), StoreError> {
        within_rate_limit(&self.rate_limits.seat_changes, seat.id())?;
        self.store.sign_out(seat, tag).await
    }

    /// Starts a chat: one invite for each name, in order. Refused with `DiskFull` already where the disk is
    /// nearly full, so that a chat that begins can also go on, and with `Busy` where visitors of one address
    /// start too many.
    pub async fn start(
        &self,
        title: Option<&Name>,
        names: &Names,
        idle: Idle,
        by: Caller,
    ) -> Result<Vec<Invite>, StoreError> {
        if let Caller::Guest(block) = by {
            // A group costs as much as so many pairs.
            for _ in 0..names.as_slice().len().div_ceil(PAIR_PEOPLE) {
                self.rate_limits.starts.check(block).map_err(|retry_after| Refusal::Busy { retry_after })?;
            }
        }
        if self.store.footprint()?.free_bytes < START_ROOM_BYTES {
            return Err(Refusal::DiskFull { retry_after: ROOM_INTERVAL }.into());
        }
        let invites = match title {
            Some(title) => self.store.start_group(title, names, idle, by).await?,
            None => self.store.start(names, idle, by).await?,
        };
        self.metrics.started();
        Ok(invites)
    }

    /// Lets somebody into a group, unless the seat does so too fast: refused with `SlowDown`; see
    /// [`Store::add`].
    pub async fn add(
        &self,
        seat: &Seat,
        name: Name,
        role: Role,
        reads_history: bool,
    ) -> Result<(ParticipantId, Invite), StoreError> {
        within_rate_limit(&self.rate_limits.seat_changes, seat.id())?;
        self.store.add(seat, name, role, reads_history).await
    }

    /// Replaces an invite, unless the seat does so too fast: refused with `SlowDown`; see
    /// [`Store::replace`].
    pub async fn replace(
        &self,
        seat: &Seat,
        participant: ParticipantId,
        devices: Devices,
    ) -> Result<(Name, Invite), StoreError> {
        within_rate_limit(&self.rate_limits.seat_changes, seat.id())?;
        self.store.replace(seat, participant, devices).await
    }
}

fn within_rate_limit<K: std::hash::Hash + Eq + Copy>(limit: &RateLimit<K>, who: K) -> Result<(), Refusal> {
    limit.check(who).map_err(|retry_after| Refusal::SlowDown { retry_after })
}
