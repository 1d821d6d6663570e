//! What a request and a socket can ask of the house: the store, who listens, how fast a seat may speak, the
//! time.
//!
//! One value, shared by `web`, `session`, `admin` and `purge`. It holds no rule of its own but the pace of
//! messages.

use std::sync::Arc;

use crate::domain::{
    AddressBlock, Caller, Command, Idle, Name, Names, Outcome, ParticipantId, Refusal, SeatId,
};
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
    pub pace: Pace<SeatId>,
    /// How fast visitors of one address may start chats.
    pub starts: Pace<AddressBlock>,
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
            Command::Say { .. } => self.in_pace(seat),
            Command::Mark(_) | Command::Keep | Command::End | Command::Leave => Ok(()),
        };
        let submitted = in_pace.map(|()| self.store.submit(seat, command, origin));
        async move { submitted?.await }
    }
    /// Starts a chat: one invite for each name, in order. Refused with `DiskFull` already where the disk is
    /// nearly full, so that a chat that begins can also go on, and with `Busy` where visitors of one address
    /// start too many.
    pub async fn start(&self, names: &Names, idle: Idle, by: Caller) -> Result<Vec<Invite>, Fault> {
        if let Caller::Guest(block) = by {
            self.starts.check(block).map_err(|retry_after| Refusal::Busy { retry_after })?;
        }
        if self.store.footprint()?.free_bytes < START_ROOM_BYTES {
            return Err(Refusal::DiskFull { retry_after: ROOM_INTERVAL }.into());
        }
        let invites = self.store.start(names, idle, by).await?;
        self.tally.started();
        Ok(invites)
    }

    fn in_pace(&self, seat: &Seat) -> Result<(), Refusal> {
        self.pace.check(seat.id()).map_err(|retry_after| Refusal::SlowDown { retry_after })
    }

    /// Replaces an invite, unless the seat does so faster than it may speak: refused with `SlowDown`; see
    /// [`Store::replace`].
    pub async fn replace(
        &self,
        seat: &Seat,
        participant: ParticipantId,
        devices: Devices,
    ) -> Result<(Name, Invite), Fault> {
        self.in_pace(seat)?;
        self.store.replace(seat, participant, devices).await
    }
}
