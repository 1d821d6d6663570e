//! `parlour status`: how the house is.

use std::time::Duration;

use indicatif::HumanDuration;

use super::Failure;
use super::chats::minute;
use super::door::Door;
use super::settings::Given;
use super::words::{bytes, counted};
use crate::protocol::admin::{Ask, Status as Told};

/// Show status: version, chats, devices, memory, disk, last purge, last backup
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
    let chats = counted(told.chats, "chat", "chats");
    let messages = counted(told.messages, "message", "messages");
    let seats = counted(told.seats, "device", "devices");
    let memory = told.memory_bytes.map_or_else(|| "not known".to_owned(), bytes);
    let (store, free) = (bytes(told.store_bytes), bytes(told.free_bytes));
    let lasts = told.disk_lasts_days;
    let lasts = lasts.map(|days| format!(", enough for {} at this pace", counted(days, "day", "days")));
    let purge = told.last_purge.as_ref().map_or_else(
        || "not yet".to_owned(),
        |purge| {
            let deleted = counted(purge.destroyed, "chat", "chats");
            format!("{} UTC, {deleted} deleted", minute(&purge.at))
        },
    );
    let backup = told.last_backup.as_ref().map_or_else(
        || "none yet. Make one: parlour backup FILE".to_owned(),
        |at| format!("{} UTC", minute(at)),
    );
    format!(
        "parlour {}, up {uptime}\n\
         address     {}\n\
         chats       {chats}, {messages}\n\
         devices     {seats} signed in, {} connected now\n\
         memory      {memory}\n\
         disk        {store} in the store, {free} free{}\n\
         last purge  {purge}\n\
         backup      {backup}\n",
        told.version,
        told.url,
        told.sockets,
        lasts.unwrap_or_default(),
    )
}
