//! `parlour end`: chats are deleted because the host says so: one, or those that nobody ever entered.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use super::words::counted;
use crate::limits::ADMIN_LINE_BYTES_MAX;
use crate::protocol::admin::{AdminRequest, Done, EndedAll, NeverEntered};
use crate::protocol::text::ChatText;

/// Delete a chat for good: both links then say that the host ended it
#[derive(Clone, Debug, clap::Args)]
pub struct End {
    /// The id of the chat, as `parlour chats` lists it
    #[arg(value_name = "CHAT", required_unless_present = "never_entered")]
    chat: Option<String>,

    /// Delete every chat that nobody ever entered, after asking
    #[arg(long, conflicts_with = "chat")]
    never_entered: bool,

    /// Only those that were started at least this long ago: 12h, 7d, 2w
    #[arg(long, value_name = "TIME", requires = "never_entered")]
    since: Option<String>,

    /// Don't ask for confirmation
    #[arg(long, requires = "never_entered")]
    yes: bool,

    #[command(flatten)]
    output: Output,
}

impl End {
    pub fn run(self, invocation: &Invocation) -> Result<(), CliError> {
        let Some(chat) = self.chat else { return self.all(invocation) };
        if ChatText::parse(&chat).is_none() {
            let right = "write 16 digits and letters as `parlour chats` lists them";
            return Err(CliError::Usage(format!("{chat:?} is not the id of a chat: {right}")));
        }
        let done: Done = invocation.ask(&AdminRequest::End { chat })?;
        self.output.print(&done, |_| "The chat is deleted.\n".to_owned())
    }

    fn all(&self, invocation: &Invocation) -> Result<(), CliError> {
        let since_seconds = self.since.as_deref().map_or(Ok(0), seconds)?;
        if !self.yes && !is_agreed(meant(invocation, since_seconds)?)? {
            return Err(CliError::NotAgreed);
        }
        let all: EndedAll = invocation.ask(&AdminRequest::EndNeverEntered { since_seconds })?;
        self.output.print(&all, |all| format!("{} deleted.\n", counted(all.ended, "chat is", "chats are")))
    }
}

fn meant(invocation: &Invocation, since_seconds: u64) -> Result<u64, CliError> {
    if !io::stdin().is_terminal() {
        return Err(CliError::Usage("there is no terminal to ask on: use --yes".to_owned()));
    }
    let NeverEntered { chats } = invocation.ask(&AdminRequest::NeverEntered { since_seconds })?;
    Ok(chats)
}

fn is_agreed(chats: u64) -> Result<bool, CliError> {
    let meant = counted(chats, "chat that nobody ever entered", "chats that nobody ever entered");
    let them = if chats == 1 { "it" } else { "them" };
    write!(io::stderr().lock(), "Delete {meant}, for good? Type yes to delete {them}: ")?;
    let mut line = String::new();
    io::stdin().lock().take(ADMIN_LINE_BYTES_MAX as u64).read_line(&mut line).map_err(CliError::Input)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

/// `12h`, `7d` or `2w` in seconds.
fn seconds(word: &str) -> Result<u64, CliError> {
    let unit = [("h", 3_600), ("d", 24 * 3_600), ("w", 7 * 24 * 3_600)];
    let found = unit.iter().find_map(|(letter, seconds)| Some((word.strip_suffix(letter)?, seconds)));
    let is_digits = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
    let number = found.filter(|(number, _)| is_digits(number));
    let product = number.and_then(|(number, seconds)| number.parse::<u64>().ok()?.checked_mul(*seconds));
    product.ok_or_else(|| {
        CliError::Usage(format!(
            "--since {word:?}: write a number of hours, days or weeks, such as 12h, 7d or 2w"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_of_hours_days_or_weeks() {
        for (word, expected) in [
            ("12h", Some(43_200)),
            ("7d", Some(604_800)),
            ("2w", Some(1_209_600)),
            ("0d", Some(0)),
            ("", None),
            ("d", None),
            ("7", None),
            ("7 d", None),
            ("+7d", None),
            ("-7d", None),
            ("7mo", None),
            ("99999999999999999999d", None),
            ("18446744073709551615w", None),
        ] {
            assert_eq!(seconds(word).ok(), expected, "{word:?}");
        }
    }
}
