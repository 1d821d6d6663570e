//! `parlour restore FILE`: the house that is in a backup, put into the data directory while no house is open.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::backup::size;
use super::error::CliError;
use super::invocation::Invocation;
use super::passphrase::PassphraseArgs;
use super::print::Output;
use super::verify::{as_json, moment, open, readable};
use super::words::counted;
use crate::store::{Options, Replace, RestoreError, RestoreTarget, Restored};

/// Restore a house from a backup into the data directory, while no house is running there
#[derive(Clone, Debug, clap::Args)]
pub struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Replace the existing house with the one in the backup; chats that ended since then stay ended
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    passphrase: PassphraseArgs,

    #[command(flatten)]
    output: Output,
}

impl Restore {
    pub fn run(self, invocation: &Invocation) -> Result<(), CliError> {
        let dir = invocation.settings()?.data;
        let restored = self.restore(&dir)?;
        self.output.print(&as_restored(&restored), |_| text(&dir, &restored))
    }

    fn restore(&self, dir: &Path) -> Result<Restored, CliError> {
        let replace = if self.replace { Replace::Yes } else { Replace::No };
        // A name that is mistyped is told first, and both before the passphrase is asked for.
        readable(&self.file)?;
        let place = RestoreTarget::take(Options::real(dir.to_owned()), replace).map_err(CliError::Restore)?;
        let input = open(&self.file, &self.passphrase, "Restoring the house")?;
        place.restore(input).map_err(|error| match error {
            RestoreError::Backup(error) => CliError::BackupDamaged(self.file.clone(), error),
            error => CliError::Restore(error),
        })
    }
}

fn as_restored(restored: &Restored) -> Value {
    let mut value = as_json(&restored.contents);
    value["stay_ended"] = restored.stay_ended.into();
    value["was_unreadable"] = restored.was_unreadable.into();
    value["incarnation"] = format!("{:016x}", restored.incarnation.0).into();
    value
}

fn text(dir: &Path, restored: &Restored) -> String {
    let Restored { contents, stay_ended, was_unreadable, .. } = restored;
    let (dir, at) = (dir.display(), moment(contents.at));
    let first = if *stay_ended == 0 {
        format!("The house in {dir} was restored as it was at {at}. {}", size(contents))
    } else {
        let (back, all) = (contents.chats.saturating_sub(*stay_ended), contents.chats);
        format!(
            "The house in {dir} was restored from the backup of {at}. {back} of {} came back: \
             {stay_ended} ended after the backup and stayed ended.",
            counted(all, "chat", "chats")
        )
    };
    let mut lines = vec![first, "Start parlour to open it.".to_owned()];
    if *was_unreadable {
        lines
            .push("The old store could not be read, so only keys.slots shows which chats have ended.".into());
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{At, Incarnation};
    use crate::store::BackupContents;

    #[test]
    fn it_says_how_many_chats_are_back_of_how_many() {
        let restored = |chats, stay_ended| {
            let contents = BackupContents {
                at: At(0),
                version: "0.1.0".to_owned(),
                incarnation: Incarnation(1),
                chats,
                messages: 7,
                devices: 2,
                ended: 0,
            };
            let restored =
                Restored { contents, stay_ended, was_unreadable: false, incarnation: Incarnation(2) };
            text(Path::new("/srv"), &restored)
        };
        for (chats, stay_ended, expected) in [
            (2, 0, "as it was at 1970-01-01 00:00:00 UTC. The backup has 2 chats and 7 messages."),
            (2, 2, "0 of 2 chats came back: 2 ended after the backup and stayed ended."),
            (3, 1, "2 of 3 chats came back: 1 ended after the backup and stayed ended."),
        ] {
            let said = restored(chats, stay_ended);
            assert!(said.lines().next().unwrap_or_default().ends_with(expected), "{said}");
            assert!(stay_ended == 0 || !said.contains("as it was"), "{said}");
        }
    }
}
