//! Where log records go: to the journal where systemd listens, else to standard error, a line each.
//!
//! `main` calls [`start`] once; everybody else uses the macros of the `log` crate, with key-values. Own
//! records pass at the level that was asked for, those of the libraries only as warnings and errors. Nothing
//! here knows what a record is about: that no name, text, token or code is in one is up to who writes it.

use std::io::{self, Write};

use log::kv::{self, Key, Value, VisitSource};
use log::{Level, LevelFilter, Log, Metadata, Record};
use systemd_journal_logger::{JournalLog, connected_to_journal};
use time::OffsetDateTime;
use time::macros::format_description;

/// Begins to log at `level` and graver. Called a second time, it only changes the level.
pub fn start(level: Level) {
    set_level(level);
    // The only error is that there is a logger already.
    let _ = log::set_boxed_logger(Box::new(Filtered(sink())));
}

pub fn set_level(level: Level) {
    log::set_max_level(level.to_level_filter());
}

fn sink() -> Box<dyn Log> {
    match JournalLog::new() {
        Ok(journal) if connected_to_journal() => Box::new(journal),
        _ => Box::new(Stderr),
    }
}

/// Lets through what is ours, and what is at least a warning. The level is checked before, by the macros.
struct Filtered(Box<dyn Log>);

impl Log for Filtered {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let of = metadata.target().split("::").next();
        metadata.level() <= LevelFilter::Warn || of == Some(env!("CARGO_CRATE_NAME"))
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            self.0.log(record);
        }
    }

    fn flush(&self) {
        self.0.flush();
    }
}

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        // Where standard error is closed there is nobody to be told.
        let _ = io::stderr().write_all(line(OffsetDateTime::now_utc(), record).as_bytes());
    }

    fn flush(&self) {}
}

/// `2026-11-21T18:42:00.000Z INFO  the message key=value`, one line whatever it holds (RFC 3339, UTC).
fn line(now: OffsetDateTime, record: &Record<'_>) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    let time = now.format(format).unwrap_or_else(|_| "-".to_owned());
    let mut line = format!("{time} {:<5} ", record.level());
    push_shown(&mut line, &record.args().to_string());
    // Pairs::visit_pair has no error.
    let _ = record.key_values().visit(&mut Pairs(&mut line));
    line.push('\n');
    line
}

struct Pairs<'a>(&'a mut String);

impl<'kvs> VisitSource<'kvs> for Pairs<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), kv::Error> {
        let value = value.to_string();
        let is_word = !value.is_empty() && !value.contains(|letter: char| " =\"".contains(letter));
        let value = if is_word { value } else { format!("{value:?}") };
        push_shown(self.0, &format!(" {key}={value}"));
        Ok(())
    }
}

/// Control characters are escaped: a record is one line, and moves no cursor.
fn push_shown(line: &mut String, text: &str) {
    for letter in text.chars() {
        if letter.is_control() { line.extend(letter.escape_default()) } else { line.push(letter) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::{Arc, Mutex};

    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_record_is_one_line_with_its_pairs() {
        let pairs = [("address", "[::]:8080"), ("why", "no more = room"), ("empty", "")];
        let text = "the house\nis \u{1b}[31mopen";
        let args = format_args!("{text}");
        let record = Record::builder().args(args).level(Level::Info).key_values(&pairs).build();
        assert_eq!(
            line(datetime!(2026-11-21 18:42:00.0509 UTC), &record),
            "2026-11-21T18:42:00.050Z INFO  the house\\nis \\u{1b}[31mopen address=[::]:8080 \
             why=\"no more = room\" empty=\"\"\n",
        );
    }

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<String>>>);

    impl Log for Kept {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn log(&self, record: &Record<'_>) {
            self.0.lock().unwrap().push(record.target().to_owned());
        }

        fn flush(&self) {}
    }

    #[test]
    fn of_the_libraries_only_warnings_are_logged() {
        let kept = Kept::default();
        let filtered = Filtered(Box::new(kept.clone()));
        for (target, level) in [
            ("parlour", Level::Debug),
            ("parlour::http", Level::Info),
            ("parlourer", Level::Info),
            ("hyper::proto", Level::Info),
            ("hyper", Level::Warn),
            ("warp", Level::Error),
        ] {
            filtered.log(&Record::builder().target(target).level(level).build());
        }
        assert_eq!(*kept.0.lock().unwrap(), ["parlour", "parlour::http", "hyper", "warp"]);
    }
}
