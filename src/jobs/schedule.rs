//! When each job runs: at once, on its own interval, and when somebody calls it. The scheduler only rings;
//! nothing is decided in it. It goes by the wall clock, which may stand still or go back, so each job also
//! runs by itself when it was not called for a while.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
pub use tokio_cron_scheduler::JobSchedulerError as ScheduleError;
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::lost_files::LostFiles;
use super::purge;
use crate::house::House;
use crate::limits::{FILES_INTERVAL, PURGE_INTERVAL, RENEWAL_INTERVAL, RING_PATIENCE};
use crate::net::certificates::Certificates;

pub struct Schedule {
    scheduler: JobScheduler,
    jobs: TaskTracker,
    stop: CancellationToken,
}

impl Schedule {
    /// Jobs end when `stop` is cancelled and the run under way has ended.
    pub async fn begin(
        house: &Arc<House>,
        certificates: Option<&Arc<Certificates>>,
        stop: &CancellationToken,
    ) -> Result<Self, ScheduleError> {
        let (jobs, stop) = (TaskTracker::new(), stop.clone());
        let schedule = Self { scheduler: JobScheduler::new().await?, jobs, stop };
        let (mut lost, store) = (LostFiles::default(), house.store.clone());
        let look = move || {
            lost.look(&store);
            ready(())
        };
        schedule.every(FILES_INTERVAL, look).await?;
        let house = Arc::clone(house);
        schedule.every(PURGE_INTERVAL, move || purge::run(Arc::clone(&house))).await?;
        if let Some(certificates) = certificates.cloned() {
            let renew = move || {
                let certificates = Arc::clone(&certificates);
                async move { certificates.renew().await }
            };
            schedule.every(RENEWAL_INTERVAL, renew).await?;
        }
        schedule.scheduler.start().await?;
        Ok(schedule)
    }

    /// A call that comes while the job runs waits; a second one is the same call.
    async fn every<F: Future<Output = ()> + Send + 'static>(
        &self,
        interval: Duration,
        mut job: impl FnMut() -> F + Send + 'static,
    ) -> Result<(), ScheduleError> {
        let (call, stop) = (Arc::new(Notify::new()), self.stop.clone());
        let ring = Arc::clone(&call);
        self.scheduler.add(Job::new_repeated(interval, move |_, _| ring.notify_one())?).await?;
        self.jobs.spawn(async move {
            while !stop.is_cancelled() {
                if tokio::spawn(job()).await.is_err() {
                    log::error!("a job panicked and will be tried again");
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    // The same either way: called, or not called for too long.
                    _ = timeout(interval + RING_PATIENCE, call.notified()) => {}
                }
            }
        });
        Ok(())
    }

    /// Rings no more, and returns when every job has ended. `stop` was cancelled before.
    pub async fn end(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            log::warn!("the schedule did not stop: {error}");
        }
        self.jobs.close();
        self.jobs.wait().await;
    }
}
