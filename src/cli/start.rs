//! `parlour start NAME NAME`: two invites, as a start page hands them out.

use std::io::{self, IsTerminal};

use super::door::Door;
use super::{Failure, Variables};
use crate::web::qr;
use crate::wire::admin::{Ask, Invite, Started};

/// Start a chat of two people, and print the link, QR code and secret code of each
///
/// They are told now and never again. Give each person their link, and the code in another way.
#[derive(Clone, Debug, clap::Args)]
pub struct Start {
    /// What the one is called
    #[arg(value_name = "NAME")]
    one: String,

    /// What the other is called
    #[arg(value_name = "OTHER NAME")]
    other: String,

    /// Destroy the chat when nobody has used it for this long: 1h, 1d, 1w, 1mo or 6mo
    #[arg(long, value_name = "TIME")]
    idle: Option<String>,

    #[command(flatten)]
    door: Door,
}

impl Start {
    /// Asks, and prints the invites; with QR codes where there is a terminal.
    pub fn run(self, variables: Variables) -> Result<(), Failure> {
        let ask = Ask::Start { names: vec![self.one, self.other], idle: self.idle };
        let with_codes = io::stdout().is_terminal();
        self.door.ask(variables, &ask, |started| told(started, with_codes)).map(|_| ())
    }
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
