//! What somebody may do in a chat: one table of role and deed. `docs/groups.md` shows it, and a test holds
//! the two together.

use super::ChatState;
use crate::domain::{Command, MessageChange, ParticipantId, Person, Refusal, Role, Roster, Shape, Writers};

/// One thing that people do in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Say something, answer, or edit what one has said.
    Write,
    /// React to a message; delete one's own, or hide one for oneself.
    React,
    /// Mark what was read, keep the chat longer, sign out this device.
    Stay,
    /// Delete what somebody else has said.
    DeleteOthers,
    /// Have messages vanish; say how long the chat may be unused.
    SetTimes,
    /// Replace one's own link and code.
    ReplaceOwnInvite,
    /// Replace somebody else's link and code.
    ReplaceInvite,
    /// Correct one's own name.
    Rename,
    /// Let somebody in, as what one is oneself or less.
    Add,
    /// Take somebody out.
    Remove,
    SetRole,
    /// Change what the group is called and what it is about.
    Describe,
    SetWriters,
    /// Hide people from each other, or show them.
    SetRoster,
    /// Go, with all of one's devices.
    LeaveGroup,
    /// Destroy the chat for everybody.
    End,
}

impl Deed {
    #[cfg(any(test, feature = "test-support"))]
    pub const ALL: [Self; 16] = [
        Self::Write,
        Self::React,
        Self::Stay,
        Self::DeleteOthers,
        Self::SetTimes,
        Self::ReplaceOwnInvite,
        Self::ReplaceInvite,
        Self::Rename,
        Self::Add,
        Self::Remove,
        Self::SetRole,
        Self::Describe,
        Self::SetWriters,
        Self::SetRoster,
        Self::LeaveGroup,
        Self::End,
    ];

    /// Whether there is such a thing in a chat of two.
    pub fn is_of_groups(self) -> bool {
        matches!(
            self,
            Self::DeleteOthers
                | Self::Rename
                | Self::Add
                | Self::Remove
                | Self::SetRole
                | Self::Describe
                | Self::SetWriters
                | Self::SetRoster
                | Self::LeaveGroup
        )
    }

    /// The least role in a group that may do it.
    pub fn least(self) -> Role {
        match self {
            Self::Write | Self::React | Self::Stay | Self::Rename | Self::LeaveGroup => Role::Limited,
            Self::ReplaceOwnInvite | Self::Add => Role::Full,
            Self::DeleteOthers
            | Self::SetTimes
            | Self::ReplaceInvite
            | Self::Remove
            | Self::SetRole
            | Self::Describe
            | Self::SetWriters
            | Self::SetRoster
            | Self::End => Role::Admin,
        }
    }
}

impl Command {
    /// What it is judged as at first. Deleting is judged again where it is known whose the message is, and
    /// saying something where it is known that it was not said before.
    pub fn deed(&self) -> Deed {
        match self {
            Self::Change { change: MessageChange::Edit { .. }, .. } => Deed::Write,
            Self::Change { .. } => Deed::React,
            Self::Say { .. } | Self::Mark(_) | Self::Keep | Self::Leave => Deed::Stay,
            Self::VanishAfter(_) | Self::SetIdle(_) => Deed::SetTimes,
            Self::Remove(_) => Deed::Remove,
            Self::SetRole { .. } => Deed::SetRole,
            Self::Rename(_) => Deed::Rename,
            Self::Describe(_) => Deed::Describe,
            Self::SetWriters(_) => Deed::SetWriters,
            Self::SetRoster(_) => Deed::SetRoster,
            Self::LeaveGroup => Deed::LeaveGroup,
            Self::End => Deed::End,
        }
    }
}

impl ChatState {
    /// The participant, who is in and may do this. Refused with `NoSuchSeat`, `NotAGroup`, `OnlyAdminsTalk`
    /// or `OnlyAdmins`.
    pub fn allowed(&self, who: ParticipantId, deed: Deed) -> Result<&Person, Refusal> {
        let person = self.person(who).filter(|person| person.is_present()).ok_or(Refusal::NoSuchSeat)?;
        if self.shape == Shape::Pair {
            return if deed.is_of_groups() { Err(Refusal::NotAGroup) } else { Ok(person) };
        }
        if deed == Deed::Write && self.writers == Writers::Admins && person.role != Role::Admin {
            return Err(Refusal::OnlyAdminsTalk);
        }
        // Who is let in and which names are taken would tell who is there.
        let tells_who_is_there = self.roster == Roster::Admins && matches!(deed, Deed::Add | Deed::Rename);
        if tells_who_is_there && person.role != Role::Admin {
            return Err(Refusal::OnlyAdmins);
        }
        if person.role.is_at_least(deed.least()) { Ok(person) } else { Err(Refusal::OnlyAdmins) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/groups.md"));

    #[test]
    fn the_table_in_the_docs_is_this_one() {
        let rows = GROUPS.lines().filter(|line| line.starts_with("| ")).skip(2);
        let told: Vec<Vec<bool>> = rows
            .map(|row| {
                row.split('|').skip(2).take(Role::ALL.len()).map(|cell| cell.trim() == "yes").collect()
            })
            .collect();
        let of = |deed: Deed| Role::ALL.map(|role| role.is_at_least(deed.least())).to_vec();
        assert_eq!(told, Deed::ALL.map(of), "one row a deed, in the order of Deed::ALL");
    }
}
