//! What a request and a socket can ask of the house: the store, who listens, how fast a seat may speak, the
//! time.
//!
//! One value, shared by `web`, `session`, `admin` and `purge`. It holds no rule of its own but the pace of
//! messages.

use std::sync::Arc;

use crate::domain::{Command, Idle, Name, Names, Outcome, ParticipantId, Refusal};
use crate::hub::Hub;
use crate::limits::{ROOM_INTERVAL, START_ROOM_BYTES};
use crate::store::{Clock, Devices, Fault, Invite, Origin, Seat, Store};
use crate::tally::Tally;
use crate::visits::Visits;

pub use crate::pace::Pace;

/// The house.
pub struct House {
    /// What is kept.
    pub store: Store,
    /// Who listens. The store publishes to it.
    pub hub: Hub,
    /// How fast a seat may speak.
    pub pace: Pace,
    /// What time it is.
    pub clock: Clock,
    /// What is counted.
    pub tally: Arc<Tally>,
    /// How visitors come.
    pub visits: Visits,
}

impl House {
    /// Hands a command to the writer, unless the seat speaks too fast: refused with `SlowDown`. The command
    /// is under way when this returns, and the future, which may be dropped, only brings its outcome; see
    /// [`Store::submit`].
    pub fn submit(
        &self,
        seat: &Seat,
        command: Command,
        origin: Option<Origin>,
    ) -> impl Future<Output = Result<Outcome, Fault>> + Send + 'static {
        let in_pace = match command {
            Command::Say { .. } => self.pace.check(seat.id()),
            Command::Mark(_) | Command::Keep | Command::End | Command::Leave => Ok(()),
        };
        let submitted = in_pace.map(|()| self.store.submit(seat, command, origin));
        async move { submitted?.await }
    }
    /// Starts a chat: one invite for each name, in order. Refused with `DiskFull` already where the disk is
    /// nearly full, so that a chat that begins can also go on.
    pub async fn start(&self, names: &Names, idle: Idle) -> Result<Vec<Invite>, Fault> {
        if self.store.footprint()?.free_bytes < START_ROOM_BYTES {
            return Err(Refusal::DiskFull { retry_after: ROOM_INTERVAL }.into());
        }
        let invites = self.store.start(names, idle).await?;
        self.tally.started();
        Ok(invites)
    }

    /// Replaces an invite, unless the seat does so faster than it may speak: refused with `SlowDown`; see
    /// [`Store::replace`].
    pub async fn replace(
        &self,
        seat: &Seat,
        participant: ParticipantId,
        devices: Devices,
    ) -> Result<(Name, Invite), Fault> {
        self.pace.check(seat.id())?;
        self.store.replace(seat, participant, devices).await
    }
}
