//! How far something has come, where a person looks.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

const TURN: Duration = Duration::from_millis(100);

pub fn of(bytes: u64, what: &'static str) -> ProgressBar {
    shown(ProgressBar::new(bytes), "{msg} {wide_bar} {bytes} of {total_bytes}", what)
}

/// Of bytes of which nobody knows how many there will be.
pub fn of_unknown(what: &'static str) -> ProgressBar {
    shown(ProgressBar::new_spinner(), "{spinner} {msg}: {bytes}, {bytes_per_sec}", what)
}

/// What turns while one waits for something of which nobody knows how far it is.
pub fn waiting(what: &'static str) -> ProgressBar {
    shown(ProgressBar::new_spinner(), "{spinner} {msg}", what)
}

fn shown(bar: ProgressBar, template: &str, what: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    bar.enable_steady_tick(TURN);
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_message(what).with_finish(ProgressFinish::AndClear)
}
