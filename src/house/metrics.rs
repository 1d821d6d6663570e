//! What the house counts since it was opened: for the host, and in the text format of Prometheus.
//!
//! `app` gives it what leaves the store, `http` what it answered, the schedule what it purged; `admin` reads.
//! Numbers only: nothing here knows a name, a text, an address or which chat it was.

use std::sync::{Mutex, PoisonError};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::domain::{At, EndedBy, Event};
use crate::protocol::admin::HouseStatus;
use crate::store::{Publication, Purged};

type Label<T> = [(&'static str, T); 1];

/// What is counted, and the last purge.
#[derive(Default)]
pub struct Metrics {
    messages: Counter,
    chats_started: Counter,
    chats_ended: Family<Label<&'static str>, Counter>,
    wrong_codes: Counter,
    replaced: Counter,
    disk_failures: Counter,
    answers: Family<Label<u16>, Counter>,
    purged: Mutex<Option<(At, Purged)>>,
}

impl Metrics {
    pub fn publication(&self, publication: &Publication) {
        let Publication::Committed(events) = publication else {
            self.disk_failures.inc();
            return;
        };
        for committed in events {
            let counter = match &committed.event {
                Event::Said(message) if message.is_note() => continue,
                Event::Said(_) => self.messages.clone(),
                Event::Guessed { .. } => self.wrong_codes.clone(),
                Event::Invited { .. } => self.replaced.clone(),
                Event::Ended(ending) => self.chats_ended.get_or_create_owned(&[("by", word(ending.by))]),
                Event::Changed(_)
                | Event::HiddenFor { .. }
                | Event::Marked { .. }
                | Event::Called { .. }
                | Event::Kept { .. }
                | Event::Person { .. }
                | Event::Described { .. }
                | Event::SightChanged
                | Event::Entered { .. }
                | Event::Left { .. } => continue,
            };
            counter.inc();
        }
    }

    pub fn started(&self) {
        self.chats_started.inc();
    }

    pub fn answered(&self, status: u16) {
        self.answers.get_or_create(&[("status", status)]).inc();
    }

    pub fn purged(&self, at: At, purged: Purged) {
        *self.purged.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, purged));
    }

    pub fn last_purge(&self) -> Option<(At, Purged)> {
        *self.purged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything, in the text format of Prometheus (`OpenMetrics` 1.0): what was counted, and what is not
    /// counted but measured when somebody asks.
    pub fn text(&self, status: &HouseStatus) -> String {
        let mut registry = Registry::with_prefix("parlour");
        self.register(&mut registry);
        register_gauges(&mut registry, status);
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &registry);
        text
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("messages", "Messages sent", self.messages.clone());
        registry.register("chats_started", "Chats started", self.chats_started.clone());
        registry.register("chats_ended", "Chats ended, by whom", self.chats_ended.clone());
        registry.register("wrong_codes", "Wrong codes entered", self.wrong_codes.clone());
        registry.register("invites_replaced", "Links and codes replaced", self.replaced.clone());
        let reopened = "Times the files were reopened after a disk failure";
        registry.register("disk_failures", reopened, self.disk_failures.clone());
        registry.register("http_responses", "HTTP responses, by status", self.answers.clone());
    }
}

fn register_gauges(registry: &mut Registry, status: &HouseStatus) {
    let gauge = |value: u64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        gauge
    };
    registry.register("chats", "Chats now", gauge(status.chats));
    registry.register("messages_kept", "Messages in them", gauge(status.messages));
    registry.register("seats", "Places of devices in chats", gauge(status.seats));
    registry.register("sockets", "Open WebSockets", gauge(status.sockets));
    let bytes = [
        ("store", "Size of the store file", status.store_bytes),
        ("disk_free", "Free space on the disk of the store", status.free_bytes),
        ("resident_memory", "Memory used by the process", status.memory_bytes.unwrap_or_default()),
    ];
    for (name, help, value) in bytes {
        registry.register_with_unit(name, help, Unit::Bytes, gauge(value));
    }
    let uptime = gauge(status.uptime_seconds);
    registry.register_with_unit("uptime", "Time since the house started", Unit::Seconds, uptime);
}

fn word(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Participant(_) => "participant",
        EndedBy::Clock => "clock",
        EndedBy::Host => "host",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChatId, Ending};
    use crate::store::Committed;

    #[test]
    fn what_was_counted_is_told_in_the_words_of_prometheus() {
        let metrics = Metrics::default();
        let ending = Ending { at: At(0), by: EndedBy::Host, messages: 3 };
        let event = Event::Ended(ending);
        metrics.publication(&Publication::Committed(vec![Committed {
            chat: ChatId(1),
            event,
            hidden_people: Vec::new(),
        }]));
        metrics.publication(&Publication::Doubt);
        metrics.answered(200);
        metrics.answered(200);
        let text = metrics.text(&HouseStatus { chats: 7, store_bytes: 4096, ..HouseStatus::default() });
        for line in [
            "# HELP parlour_messages Messages sent.",
            "# HELP parlour_disk_failures Times the files were reopened after a disk failure.",
            "# HELP parlour_chats Chats now.",
            "parlour_chats 7",
            "parlour_chats_ended_total{by=\"host\"} 1",
            "parlour_disk_failures_total 1",
            "parlour_http_responses_total{status=\"200\"} 2",
            "parlour_messages_total 0",
            "# UNIT parlour_store_bytes bytes",
            "parlour_store_bytes 4096",
            "# EOF",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} is not in\n{text}");
        }
    }
}
