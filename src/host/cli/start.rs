//! `parlour start NAME NAME`: invites, as a start page hands them out.

use std::io::{self, BufRead, IsTerminal, Read};

use super::error::CliError;
use super::invocation::Invocation;
use super::print::{Output, qr_code, say};
use super::words;
use crate::domain::{Idle, Name, Names};
use crate::limits::{GROUP_PEOPLE_MAX, NAME_BYTES_MAX};
use crate::protocol::admin::{AdminRequest, NewInvite, StartedChat};
use crate::protocol::rest::Reach;
use crate::protocol::sentences;

/// Start a chat of two people, or a group, and print the link, QR code and secret code of each
///
/// They are shown only once. Give each person their link, and tell them the code another way. sudo writes its
/// arguments into the system log: leave the names out to be asked for them instead.
#[derive(Clone, Debug, clap::Args)]
pub struct Start {
    /// The names of the people, two or those of the group; you are asked for them if you leave them out
    #[arg(value_name = "NAME", num_args = 0..=GROUP_PEOPLE_MAX)]
    people: Vec<String>,

    /// Start a group of this name; the first person is its admin
    #[arg(long, value_name = "TITLE")]
    group: Option<String>,

    /// Delete the chat after this long without activity: 1h, 1d, 1w, 1mo or 6mo [default: what the house
    /// says]
    #[arg(long, value_name = "TIME")]
    idle: Option<String>,

    #[command(flatten)]
    output: Output,
}

impl Start {
    pub fn run(self, invocation: &Invocation) -> Result<(), CliError> {
        let Self { people, group: title, idle, .. } = self;
        let names = match (people.len(), &title) {
            (0, None) => vec![asked("Name of the first person: ")?, asked("Name of the second person: ")?],
            (0, Some(_)) => asked_for_many()?,
            (2, _) | (_, Some(_)) => people,
            (_, None) => {
                let right = "type two names, or none to be asked for them; for more people add --group TITLE";
                return Err(CliError::Usage(right.to_owned()));
            }
        };
        check(&names, idle.as_deref(), title.as_deref())?;
        let started = invocation.ask(&AdminRequest::Start { names, idle, title })?;
        self.output.print(&started, text)
    }
}

/// What no house takes needs no house to be refused.
fn check(names: &[String], idle: Option<&str>, title: Option<&str>) -> Result<(), CliError> {
    if let Some(word) = idle.filter(|word| Idle::parse(word).is_none()) {
        let right = Idle::ALL.map(Idle::word).join(", ");
        return Err(CliError::Usage(format!("--idle {word:?}: write one of {right}")));
    }
    let names = match title.map(Name::parse).transpose() {
        Err(refusal) => Err(refusal),
        Ok(None) => Names::parse(names),
        Ok(Some(_)) => Names::parse_group(names),
    };
    names.map(drop).map_err(|refusal| CliError::Usage(sentences::refused(&refusal)))
}

/// Until an empty line.
fn asked_for_many() -> Result<Vec<String>, CliError> {
    let mut names = Vec::new();
    while names.len() < GROUP_PEOPLE_MAX {
        let name = asked("Name (empty when that is all): ")?;
        if name.is_empty() {
            break;
        }
        names.push(name);
    }
    Ok(names)
}

fn asked(question: &str) -> Result<String, CliError> {
    if io::stdin().is_terminal() {
        say(question)?;
    }
    let mut line = String::new();
    io::stdin().lock().take(NAME_BYTES_MAX as u64).read_line(&mut line).map_err(CliError::Input)?;
    Ok(line.trim().to_owned())
}

fn text(started: &StartedChat) -> String {
    let cards: String = started.invites.iter().map(card).collect();
    let how_far = match started.reach {
        Reach::Anywhere => "",
        Reach::Network => " The links work inside this network.",
        Reach::Device => " The links only work on this machine: parlour doctor says why.",
    };
    let idle = words::idle(&started.idle);
    format!("{cards}The chat is deleted after {idle} without activity.{how_far}\n")
}

fn card(NewInvite { name, link, code }: &NewInvite) -> String {
    let qr = qr_code(link).map_or_else(String::new, |qr| qr + "\n");
    format!("{name}\n{qr}    link  {link}\n    code  {code}\n\n")
}
