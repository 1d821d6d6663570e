//! `parlour start NAME NAME`: two invites, as a start page hands them out.

use std::io::{self, BufRead, IsTerminal, Read};

use super::door::Door;
use super::settings::Given;
use super::{Failure, say};
use crate::limits::NAME_BYTES_MAX;
use crate::web::qr;
use crate::wire::admin::{Ask, Invite, Started};

/// Start a chat of two people, and print the link, QR code and secret code of each
///
/// They are told now and never again. Give each person their link, and the code in another way. sudo writes
/// the words of a command into the log of the system: without names they are asked for, and stay out of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Start {
    /// What the two are called; asked for where they are not said
    #[arg(value_name = "NAME", num_args = 0..=2)]
    people: Vec<String>,

    /// Destroy the chat when nobody has used it for this long: 1h, 1d, 1w, 1mo or 6mo
    #[arg(long, value_name = "TIME")]
    idle: Option<String>,

    #[command(flatten)]
    door: Door,
}

impl Start {
    /// Asks, and prints the invites; with QR codes where there is a terminal.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let names = match self.people.len() {
            0 => vec![asked("One name: ")?, asked("The other name: ")?],
            2 => self.people,
            _ => return Err(Failure::Words("type two names, or none to be asked for them".to_owned())),
        };
        let ask = Ask::Start { names, idle: self.idle };
        let with_codes = io::stdout().is_terminal();
        self.door.ask(given, &ask, |started| told(started, with_codes)).map(|_| ())
    }
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
        "network" => " The links open inside this network.",
        _ => " The links open on this machine only: parlour doctor says why.",
    };
    let idle = &started.idle;
    text + &format!("The chat is destroyed when nobody has used it for {idle}.{how_far}\n")
}

fn card(Invite { name, link, code }: &Invite, with_code: bool) -> String {
    let drawing = if with_code { qr::terminal(link).unwrap_or_default() + "\n" } else { String::new() };
    format!("{name}\n{drawing}    link  {link}\n    code  {code}\n\n")
}
