//! The body of an answer on its way out, and the clock of its connection.
//!
//! `hyper` has no deadline for sending: a peer that does not read would hold its connection for ever, with
//! the answer half sent, or whole in the buffers. [`Course`] knows when a request last began or its answer
//! was last handed over, and [`TrackedBody`] tells it the latter. `connection` closes where neither happens
//! any more.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, sleep_until};

/// When a connection last took a step: began a request, or handed over the end of an answer.
#[derive(Clone)]
pub struct Course(Arc<Mutex<Steps>>);

struct Steps {
    last: Instant,
    running: usize,
}

pub struct Running(Course);

impl Course {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Steps { last: Instant::now(), running: 0 })))
    }

    pub fn begin(&self) -> Running {
        let mut steps = self.steps();
        (steps.last, steps.running) = (Instant::now(), steps.running + 1);
        drop(steps);
        Running(self.clone())
    }

    pub fn is_at_rest(&self) -> bool {
        self.steps().running == 0
    }

    /// Waits until there was no step for as long as `deadline`. Between two requests `hyper` is stricter,
    /// but it goes on sending what is in its buffers.
    pub async fn overdue(&self, deadline: Duration) {
        loop {
            let due = self.steps().last + deadline;
            if due <= Instant::now() {
                return;
            }
            sleep_until(due).await;
        }
    }

    fn steps(&self) -> MutexGuard<'_, Steps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut steps = self.0.steps();
        (steps.last, steps.running) = (Instant::now(), steps.running - 1);
    }
}

/// A body whose request is under way until it has been handed over.
pub struct TrackedBody<B> {
    body: Option<B>,
    _running: Running,
}

impl<B> TrackedBody<B> {
    /// The body of the service's answer; `None` is empty.
    pub fn new(body: Option<B>, running: Running) -> Self {
        Self { body, _running: running }
    }
}

impl<B: Body + Unpin> Body for TrackedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        match self.body.as_mut() {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const DEADLINE: Duration = Duration::from_millis(100);

    #[tokio::test]
    async fn a_connection_is_overdue_a_deadline_after_its_last_step() {
        let course = Course::new();
        let came_in = course.steps().last;
        assert!(timeout(DEADLINE / 2, course.overdue(DEADLINE)).await.is_err());
        drop(course.begin());
        let last = course.steps().last;
        course.overdue(DEADLINE).await;
        assert!(last > came_in && last.elapsed() >= DEADLINE);
    }
}
