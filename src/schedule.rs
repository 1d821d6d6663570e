//! When the purge runs: every minute and when something was destroyed, one run after the other. Before each
//! the house's certificate is renewed, if it is time.
//!
//! The schedule only rings; nothing is decided in it. It goes by the wall clock, which may stand still or go
//! back, so the purge also runs by itself when it was not called for a while.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::certificates::Certificates;
use crate::house::House;
use crate::limits::{PURGE_INTERVAL, PURGE_LATEST};
use crate::purge::purge;
use crate::store::StoreError;

/// The schedule and the purge that it calls.
pub struct Schedule {
    scheduler: JobScheduler,
    purging: JoinHandle<()>,
}

impl Schedule {
    /// Begins. The purge runs at once, and then whenever it is called, by the schedule or by somebody else;
    /// it ends when `stop` is cancelled and the run that is under way has ended. A call that comes while the
    /// purge runs waits; a second one is the same call.
    pub async fn begin(
        house: Arc<House>,
        certificates: Option<Arc<Certificates>>,
        call: Arc<Notify>,
        stop: CancellationToken,
    ) -> Result<Self, JobSchedulerError> {
        let scheduler = JobScheduler::new().await?;
        let ring = Arc::clone(&call);
        scheduler.add(Job::new_repeated(PURGE_INTERVAL, move |_, _| ring.notify_one())?).await?;
        scheduler.start().await?;
        let purging = tokio::spawn(run(house, certificates, call, stop));
        Ok(Self { scheduler, purging })
    }

    /// Rings no more, and returns when the purge has ended. `stop` was cancelled before.
    pub async fn end(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            log::warn!("the schedule did not stop: {error}");
        }
        if self.purging.await.is_err() {
            log::error!("the purge panicked");
        }
    }
}

async fn run(
    house: Arc<House>,
    certificates: Option<Arc<Certificates>>,
    call: Arc<Notify>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        if let Some(certificates) = &certificates {
            certificates.renew().await;
        }
        match purge(&house.store).await {
            Ok(purged) => house.tally.purged((house.clock)(), purged),
            // The store itself says why something is not known, and whether it goes on.
            Err(StoreError::Unknown) => {}
            Err(fault) => log::error!("the purge failed and will be tried again: {fault}"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            // The same either way: called, or not called for too long.
            _ = timeout(PURGE_LATEST, call.notified()) => {}
        }
    }
}
