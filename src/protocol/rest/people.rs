//! Who is in a group, and what it is called.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fields::Secret;
use super::super::text::ParticipantText;
use super::invites::InviteAnswer;
use super::name::TypedName;
use crate::domain::{Command, Description, GroupChange, Name, ParticipantId, Refusal, Role, Roster, Writers};
use crate::limits::DESCRIPTION_CHARS_MAX;

/// `POST /seats/{seat}/people`: somebody is to be let in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddQuestion {
    /// A name that looks like nobody's who is in.
    #[schema(value_type = TypedName)]
    name: Secret,
    #[schema(value_type = RoleChoice)]
    role: String,
    /// Whether they may read what was said before. Only an admin may allow it.
    #[serde(default)]
    #[schema(required = false)]
    history: bool,
}

impl AddQuestion {
    /// Name, role, and whether they may read what was said before. Refused with [`Refusal::BadName`] or
    /// [`Refusal::Malformed`].
    pub fn parse(&self) -> Result<(Name, Role, bool), Refusal> {
        Ok((Name::parse(self.name.as_ref())?, role(&self.role)?, self.history))
    }
}

/// `POST /seats/{seat}/people`: the only time that link and code are told.
#[derive(Serialize, ToSchema)]
pub struct AddedAnswer {
    /// Their number in the chat.
    #[schema(value_type = String)]
    pub participant: ParticipantText,
    /// What lets them in.
    #[serde(flatten)]
    pub invite: InviteAnswer,
}

/// `PUT /seats/{seat}/people/{participant}/role`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleQuestion {
    #[schema(value_type = RoleChoice)]
    role: String,
}

impl RoleQuestion {
    pub fn parse(&self, participant: ParticipantId) -> Result<Command, Refusal> {
        Ok(Command::SetRole { participant, role: role(&self.role)? })
    }
}

/// `PUT /seats/{seat}/name`: one's own name, corrected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameQuestion {
    #[schema(value_type = TypedName)]
    name: Secret,
}

impl NameQuestion {
    pub fn parse(&self) -> Result<Command, Refusal> {
        Name::parse(self.name.as_ref()).map(Command::Rename)
    }
}

/// `PATCH /seats/{seat}/group`: what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupQuestion {
    /// What the group is called.
    #[serde(default)]
    #[schema(value_type = TypedName, required = false)]
    title: Option<Secret>,
    /// What it is about; nothing takes it away.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 500)]
    about: Option<Secret>,
}

const _: () = assert!(DESCRIPTION_CHARS_MAX == 500, "the schema says so");

impl GroupQuestion {
    pub fn parse(self) -> Result<Command, Refusal> {
        let title = self.title.map(|title| Name::parse(title.as_ref())).transpose()?;
        let about = self.about.map(|about| Description::parse(about.0)).transpose()?;
        if title.is_none() && about.is_none() {
            return Err(Refusal::Malformed("`title` or `about` is missing".to_owned()));
        }
        Ok(Command::Describe(GroupChange { title, about }))
    }
}

/// `PUT /seats/{seat}/writers`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WritersQuestion {
    #[schema(value_type = WritersChoice)]
    writers: String,
}

impl WritersQuestion {
    pub fn parse(&self) -> Result<Command, Refusal> {
        let known = Writers::parse(&self.writers);
        let unknown = || Refusal::Malformed("`writers` must be `everybody` or `admins`".to_owned());
        known.map(Command::SetWriters).ok_or_else(unknown)
    }
}

/// `PUT /seats/{seat}/roster`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterQuestion {
    #[schema(value_type = RosterChoice)]
    roster: String,
}

impl RosterQuestion {
    pub fn parse(&self) -> Result<Command, Refusal> {
        let known = Roster::parse(&self.roster);
        let unknown = || Refusal::Malformed("`roster` must be `everybody` or `admins`".to_owned());
        known.map(Command::SetRoster).ok_or_else(unknown)
    }
}

fn role(word: &str) -> Result<Role, Refusal> {
    let unknown = || Refusal::Malformed("`role` must be `admin`, `member` or `guest`".to_owned());
    Role::parse(word).ok_or_else(unknown)
}

described! {
    /// What somebody may do in a group.
    RoleChoice: |text| text.enum_values(Some(Role::ALL.map(Role::word)))
}

described! {
    /// Whom members and guests of a group are shown, beside themselves.
    RosterChoice: |text| text.enum_values(Some(Roster::ALL.map(Roster::word)))
}

described! {
    /// Who may write in a group.
    WritersChoice: |text| text.enum_values(Some(Writers::ALL.map(Writers::word)))
}
