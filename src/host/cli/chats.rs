//! `parlour chats`: which chats there are, without names or texts.

use indicatif::HumanCount;

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use crate::protocol::admin::{AdminRequest, ChatLine, ChatList};

pub fn run(output: &Output, invocation: &Invocation) -> Result<(), CliError> {
    output.print(&invocation.ask(&AdminRequest::Chats {})?, text)
}

fn text(ChatList { chats }: &ChatList) -> String {
    if chats.is_empty() {
        return "There are no chats. Start one: parlour start NAME NAME\n".to_owned();
    }
    let head = ["CHAT", "STARTED", "LAST USED", "KEPT UNTIL", "MESSAGES", "DEVICES", "HERE NOW"];
    let mut lines = vec![line(head.map(str::to_owned))];
    lines.extend(chats.iter().map(row));
    lines.concat() + "Times are UTC.\n"
}

fn row(chat: &ChatLine) -> String {
    let count = |number: u64| HumanCount(number).to_string();
    line([
        chat.chat.clone(),
        minute(&chat.started),
        minute(&chat.used),
        minute(&chat.due),
        count(chat.messages),
        count(chat.devices),
        count(chat.here),
    ])
}

fn line([chat, started, used, due, messages, devices, here]: [String; 7]) -> String {
    format!("{chat:16}  {started:16}  {used:16}  {due:16}  {messages:>8}  {devices:>7}  {here:>8}\n")
}

/// `2026-11-21 18:42` of a time as RFC 3339 writes it.
pub fn minute(time: &str) -> String {
    time.get(..16).unwrap_or(time).replace('T', " ")
}
