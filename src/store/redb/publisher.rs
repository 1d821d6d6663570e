//! Tells what became true: first the events of a commit, then its answers (I1, I3), in the order of the
//! commits.
//!
//! A thread beside the writer's does it, so that encoding frames and waking sessions holds up no commit. Its
//! queue is short, and a writer that is ahead by more waits. What a single person is waiting for, while
//! nothing else waits to be told, the writer tells by itself: waking the thread would take longer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::request::PendingReply;
use crate::limits::PUBLISHER_QUEUE_MAX;
use crate::store::publication::Publication;

/// Dropping it waits until everything is told.
pub struct Publisher {
    teller: Arc<Teller>,
    thread: Option<(SyncSender<Commit>, JoinHandle<()>)>,
}

struct Commit {
    publication: Publication,
    replies: Vec<PendingReply>,
}

struct Teller {
    publish: Mutex<Box<dyn FnMut(Publication) + Send>>,
    /// Commits that the thread has not told to the end.
    behind: AtomicUsize,
}

impl Publisher {
    pub fn start(publish: impl FnMut(Publication) + Send + 'static) -> std::io::Result<Self> {
        let (queue, commits) = sync_channel(PUBLISHER_QUEUE_MAX);
        let teller = Arc::new(Teller { publish: Mutex::new(Box::new(publish)), behind: AtomicUsize::new(0) });
        let telling = Arc::clone(&teller);
        let thread =
            thread::Builder::new().name("publisher".into()).spawn(move || run(&commits, &telling))?;
        Ok(Self { teller, thread: Some((queue, thread)) })
    }

    pub fn tell(&self, publication: Publication, replies: Vec<PendingReply>) {
        let commit = Commit { publication, replies };
        if commit.replies.len() <= 1 && self.teller.behind.load(Ordering::Acquire) == 0 {
            return self.teller.tell(commit);
        }
        self.teller.behind.fetch_add(1, Ordering::Relaxed);
        let sent = self.thread.as_ref().map(|(queue, _)| queue.send(commit));
        assert!(matches!(sent, Some(Ok(()))), "the publisher ends after the writer, unless it panicked");
    }

    /// Returns when everything is told.
    pub fn finish(&mut self) {
        let Some((queue, thread)) = self.thread.take() else { return };
        drop(queue);
        if thread.join().is_err() {
            log::error!("the publisher panicked");
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Teller {
    fn tell(&self, Commit { publication, replies }: Commit) {
        // Only one thread tells at a time, so nobody waits here.
        let mut publish = self.publish.lock().unwrap_or_else(PoisonError::into_inner);
        publish(publication);
        replies.into_iter().for_each(PendingReply::send);
    }
}

fn run(commits: &Receiver<Commit>, teller: &Teller) {
    for commit in commits {
        teller.tell(commit);
        teller.behind.fetch_sub(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_the_writer_tells_by_itself_never_overtakes_what_waits() -> Result<(), Box<dyn std::error::Error>>
    {
        let (told, order) = channel();
        let (open, gate) = channel::<()>();
        let publisher = Publisher::start(move |publication| {
            let is_doubt = matches!(publication, Publication::Doubt);
            if is_doubt {
                gate.recv().ok();
            }
            told.send(is_doubt).ok();
        })?;
        let replies = |count| (0..count).map(|_| PendingReply::nobody()).collect();
        publisher.tell(Publication::Committed(Vec::new()), replies(1));
        publisher.tell(Publication::Doubt, replies(2));
        publisher.tell(Publication::Committed(Vec::new()), replies(1));
        open.send(())?;
        drop(publisher);
        assert_eq!(order.iter().collect::<Vec<_>>(), [false, true, false]);
        Ok(())
    }
}
