//! The one thread that stretches codes with argon2id.
//!
//! Its 19 MiB are allocated once and used again, and a queue bounds how many codes wait: more are
//! refused as busy before anything is charged. A client that hangs up does not free its place early.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Fault;
use crate::domain::Refusal;
use crate::limits::STRETCH_QUEUE_MAX;
use crate::seal::{Code, Stretch, StretchMemory, Stretched, stretch};

/// Where codes are handed in.
#[derive(Clone)]
pub struct Stretcher {
    jobs: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
}

/// A place in the queue.
pub struct Turn {
    jobs: mpsc::Sender<Job>,
    permit: OwnedSemaphorePermit,
}

struct Job {
    code: Code,
    salt: [u8; 16],
    cost: Stretch,
    reply: oneshot::Sender<Stretched>,
    _permit: OwnedSemaphorePermit,
}

impl Stretcher {
    /// Starts the thread. It ends when the last handle is dropped.
    pub fn start() -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        thread::Builder::new().name("stretcher".into()).spawn(move || run(&queue))?;
        Ok(Self { jobs, places: Arc::new(Semaphore::new(STRETCH_QUEUE_MAX)) })
    }

    /// Takes a place in the queue, or is refused with [`Refusal::Busy`].
    pub fn turn(&self) -> Result<Turn, Refusal> {
        let busy = Refusal::Busy { retry_after: Duration::from_secs(2) };
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy)?;
        Ok(Turn { jobs: self.jobs.clone(), permit })
    }
}

impl Turn {
    /// Stretches one code.
    pub async fn stretch(self, code: Code, salt: [u8; 16], cost: Stretch) -> Result<Stretched, Fault> {
        let (reply, answer) = oneshot::channel();
        let job = Job { code, salt, cost, reply, _permit: self.permit };
        self.jobs.send(job).map_err(|_| Fault::Unknown)?;
        answer.await.map_err(|_| Fault::failed("a code could not be stretched: its record asks for too much"))
    }
}

fn run(queue: &mpsc::Receiver<Job>) {
    let mut memory = StretchMemory::default();
    while let Ok(job) = queue.recv() {
        match stretch(&job.code, &job.salt, job.cost, &mut memory) {
            // Nobody waits any more: the charge for the try stands all the same.
            Ok(stretched) => drop(job.reply.send(stretched)),
            Err(error) => log::error!("a code could not be stretched: {error}"),
        }
    }
}
