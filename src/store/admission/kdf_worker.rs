//! The one thread that stretches codes with argon2id. Its 19 MiB are allocated once. A turn to hand a code
//! in is waited for in a fair queue; more than may wait are refused as busy before anything is charged. A
//! client that hangs up after its turn came does not end the turn early.

use std::sync::{Arc, mpsc};
use std::thread;

use tokio::sync::oneshot;

use super::fair_queue::{Asker, FairQueue, KdfTask, QueuePermit};
use crate::crypto::{Code, Stretch, StretchMemory, Stretched, stretch};
use crate::domain::Refusal;
use crate::limits::STRETCH_AGAIN;
use crate::store::error::StoreError;

#[derive(Clone)]
pub struct KdfWorker {
    jobs: mpsc::Sender<Job>,
    queue: FairQueue,
}

/// The right to have codes stretched, one after another.
pub struct KdfPermit {
    jobs: mpsc::Sender<Job>,
    place: Arc<QueuePermit>,
}

struct Job {
    code: Code,
    salt: [u8; 16],
    cost: Stretch,
    reply: oneshot::Sender<Result<Stretched, StoreError>>,
    _place: Arc<QueuePermit>,
}

impl KdfWorker {
    /// The thread ends when the last handle is dropped.
    pub fn start() -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        thread::Builder::new().name("kdf_worker".into()).spawn(move || run(&queue))?;
        Ok(Self { jobs, queue: FairQueue::default() })
    }

    /// Refused with [`Refusal::Busy`].
    pub async fn permit(&self, kind: KdfTask, by: Asker) -> Result<KdfPermit, Refusal> {
        let place = self.queue.place(kind, by).await;
        let place = place.ok_or(Refusal::Busy { retry_after: STRETCH_AGAIN })?;
        Ok(KdfPermit { jobs: self.jobs.clone(), place: Arc::new(place) })
    }
}

impl KdfPermit {
    pub async fn stretch(&self, code: Code, salt: [u8; 16], cost: Stretch) -> Result<Stretched, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Job { code, salt, cost, reply, _place: Arc::clone(&self.place) };
        self.jobs.send(job).map_err(|_| StoreError::Unknown)?;
        answer.await.unwrap_or(Err(StoreError::Unknown))
    }
}

fn run(queue: &mpsc::Receiver<Job>) {
    let mut memory = StretchMemory::default();
    while let Ok(job) = queue.recv() {
        let stretched = stretch(&job.code, &job.salt, job.cost, &mut memory)
            .map_err(|error| format!("the key for a code could not be derived: {error}").into());
        // Where nobody waits any more, the attempt was charged all the same.
        drop(job.reply.send(stretched));
    }
}
