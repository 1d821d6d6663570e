//! `parlour status`: how the house is.

use std::time::Duration;

use indicatif::HumanDuration;

use super::chats::minute;
use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use super::words::{bytes, counted};
use crate::protocol::admin::{AdminRequest, HouseStatus};

pub fn run(output: &Output, invocation: &Invocation) -> Result<(), CliError> {
    output.print(&invocation.ask(&AdminRequest::Status {})?, text)
}

fn text(status: &HouseStatus) -> String {
    let uptime = HumanDuration(Duration::from_secs(status.uptime_seconds));
    let chats = counted(status.chats, "chat", "chats");
    let messages = counted(status.messages, "message", "messages");
    let seats = counted(status.seats, "device", "devices");
    let memory = status.memory_bytes.map_or_else(|| "not known".to_owned(), bytes);
    let (store, free) = (bytes(status.store_bytes), bytes(status.free_bytes));
    let lasts = status.disk_lasts_days;
    let lasts = lasts.map(|days| format!(", enough for {} at this pace", counted(days, "day", "days")));
    let purge = status.last_purge.as_ref().map_or_else(
        || "not yet".to_owned(),
        |purge| {
            let deleted = counted(purge.destroyed, "chat", "chats");
            format!("{} UTC, {deleted} deleted", minute(&purge.at))
        },
    );
    let backup = status.last_backup.as_ref().map_or_else(
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
        status.version,
        status.url,
        status.sockets,
        lasts.unwrap_or_default(),
    )
}
