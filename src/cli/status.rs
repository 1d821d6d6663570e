//! `parlour status`: how the house is.

use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, HumanDuration};

use super::Failure;
use super::chats::minute;
use super::door::Door;
use super::settings::Given;
use crate::wire::admin::{Ask, Status as Told};

/// Tell how the house is: version, chats, people, memory, disk, last purge
#[derive(Clone, Debug, clap::Args)]
pub struct Status {
    #[command(flatten)]
    door: Door,
}

impl Status {
    /// Asks, and prints it.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        self.door.ask(given, &Ask::Status {}, told).map(|_| ())
    }
}

fn told(told: &Told) -> String {
    let uptime = HumanDuration(Duration::from_secs(told.uptime_seconds));
    let (chats, messages) = (HumanCount(told.chats), HumanCount(told.messages));
    let (seats, sockets) = (HumanCount(told.seats), HumanCount(told.sockets));
    let memory = told.memory_bytes.map_or_else(|| "not known".to_owned(), bytes_of);
    let (store, free) = (bytes_of(told.store_bytes), bytes_of(told.free_bytes));
    let lasts = told.disk_lasts_days.map(|days| format!(", enough for {days} days at this pace"));
    let purge = told.last_purge.as_ref().map_or_else(
        || "not yet".to_owned(),
        |purge| format!("{} UTC, {} chats destroyed", minute(&purge.at), purge.destroyed),
    );
    let backup = told.last_backup.as_ref().map_or_else(
        || "none yet. Make one: parlour backup FILE".to_owned(),
        |at| format!("{} UTC", minute(at)),
    );
    format!(
        "parlour {}, open for {uptime}\n\
         address     {}\n\
         chats       {chats}, with {messages} messages\n\
         devices     {seats} have come in, {sockets} connected now\n\
         memory      {memory}\n\
         disk        {store} in the store, {free} free{}\n\
         last purge  {purge}\n\
         backup      {backup}\n",
        told.version,
        told.url,
        lasts.unwrap_or_default(),
    )
}

fn bytes_of(bytes: u64) -> String {
    HumanBytes(bytes).to_string()
}
