//! Shows that a task that panics ends alone: built as the house is built, it exits with 0 if so.
//!
//! `packaging/build-static --panics TARGET` makes it, and `tests/static` runs it. In a build that cannot
//! unwind, or whose unwinder is broken, the process dies of SIGABRT instead.

use std::process::ExitCode;

use tokio::sync::oneshot;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map(|runtime| runtime.block_on(goes_on())) {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// One task panics; the task that waits for it is told so, its values are dropped, and another task still
/// answers.
async fn goes_on() -> bool {
    let (held, dropped) = oneshot::channel::<()>();
    let (ask, asked) = oneshot::channel();
    let (answer, answered) = oneshot::channel();
    let good = tokio::spawn(async move { asked.await.map(|word: u32| answer.send(word + 1)) });
    let bad = tokio::spawn(async move {
        let _held = held;
        panic!("this one panics on purpose");
    });
    let is_panic = bad.await.is_err_and(|error| error.is_panic());
    let is_dropped = dropped.await.is_err();
    let is_asked = ask.send(1).is_ok();
    is_panic && is_dropped && is_asked && answered.await == Ok(2) && good.await.is_ok()
}
