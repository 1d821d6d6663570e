//! The thread beside the writer's, which tells what became true.
//!
//! The writer hands it each commit: first it publishes the events, then it sends the answers (I1, I3), in the
//! order of the commits. So encoding frames and waking sessions holds up no commit. The queue is short, and a
//! writer that is ahead by more waits.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::request::PendingReply;
use crate::limits::PUBLISHER_QUEUE_MAX;
use crate::store::publication::Publication;

/// Dropping it waits until everything is told.
pub struct Publisher(Option<(SyncSender<Commit>, JoinHandle<()>)>);

struct Commit {
    publication: Publication,
    replies: Vec<PendingReply>,
}

impl Publisher {
    pub fn start(publish: impl FnMut(Publication) + Send + 'static) -> std::io::Result<Self> {
        let (queue, commits) = sync_channel(PUBLISHER_QUEUE_MAX);
        let thread = thread::Builder::new().name("publisher".into()).spawn(move || run(&commits, publish))?;
        Ok(Self(Some((queue, thread))))
    }

    pub fn tell(&self, publication: Publication, replies: Vec<PendingReply>) {
        let sent = self.0.as_ref().map(|(queue, _)| queue.send(Commit { publication, replies }));
        assert!(matches!(sent, Some(Ok(()))), "the publisher ends after the writer, unless it panicked");
    }

    /// Returns when everything is told.
    pub fn finish(&mut self) {
        let Some((queue, thread)) = self.0.take() else { return };
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

fn run(commits: &Receiver<Commit>, mut publish: impl FnMut(Publication)) {
    for Commit { publication, replies } in commits {
        publish(publication);
        replies.into_iter().for_each(PendingReply::send);
    }
}
