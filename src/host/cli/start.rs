//! `parlour start NAME NAME`: two invites, as a start page hands them out.

use std::io::{self, BufRead, IsTerminal, Read};

use super::door::Door;
use super::settings::Given;
use super::{Failure, say, words};
use crate::domain::{Idle, Names};
use crate::http::qr;
use crate::limits::NAME_BYTES_MAX;
use crate::protocol::admin::{Ask, Invite, Started};

/// Start a chat of two people, and print the link, QR code and secret code of each
///
/// They are shown only once. Give each person their link, and tell them the code another way. sudo writes its
/// arguments into the system log: leave the names out to be asked for them instead.
#[derive(Clone, Debug, clap::Args)]
pub struct Start {
    /// The names of the two people; you are asked for them if you leave them out
    #[arg(value_name = "NAME", num_args = 0..=2)]
    people: Vec<String>,

    /// Delete the chat after this long without activity: 1h, 1d, 1w, 1mo or 6mo [default: 1mo]
    #[arg(long, value_name = "TIME")]
    idle: Option<String>,

    #[command(flatten)]
    door: Door,
}

impl Start {
    /// Asks, and prints the invites; with QR codes where there is a terminal.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let names = match self.people.len() {
            0 => vec![asked("Name of the first person: ")?, asked("Name of the second person: ")?],
            2 => self.people,
            _ => return Err(Failure::Words("type two names, or none to be asked for them".to_owned())),
        };
        check(&names, self.idle.as_deref())?;
        let ask = Ask::Start { names, idle: self.idle };
        let with_codes = io::stdout().is_terminal();
        self.door.ask(given, &ask, |started| told(started, with_codes)).map(|_| ())
    }
}

/// What no house takes needs no house to be refused.
fn check(names: &[String], idle: Option<&str>) -> Result<(), Failure> {
    if let Some(word) = idle.filter(|word| Idle::parse(word).is_none()) {
        let right = Idle::ALL.map(Idle::word).join(", ");
        return Err(Failure::Words(format!("--idle {word:?}: write one of {right}")));
    }
    Names::parse(names).map(drop).map_err(|refusal| Failure::Words(refusal.detail()))
}

/// A line of standard input.
fn asked(question: &str) -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        say(question)?;
    }
    let mut line = String::new();
    io::stdin().lock().take(NAME_BYTES_MAX as u64).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn told(started: &Started, with_codes: bool) -> String {
    let mut text = String::new();
    for invite in &started.invites {
        text += &card(invite, with_codes);
    }
    let how_far = match started.reach.as_str() {
        "anywhere" => "",
        "network" => " The links work inside this network.",
        _ => " The links only work on this machine: parlour doctor says why.",
    };
    let idle = words::idle(&started.idle);
    text + &format!("The chat is deleted after {idle} without activity.{how_far}\n")
}

fn card(Invite { name, link, code }: &Invite, with_code: bool) -> String {
    let drawing = if with_code { qr::terminal(link).unwrap_or_default() + "\n" } else { String::new() };
    format!("{name}\n{drawing}    link  {link}\n    code  {code}\n\n")
}
