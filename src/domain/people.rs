//! Who is in a chat, and as what.

use super::{Receipt, Seq};

/// What kind of chat it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Two people, who may do the same.
    Pair,
    /// Many people, each with a role.
    Group,
}

/// What somebody may do in a group; `chat::Deed` has the table. Both people of a pair are [`Role::Admin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Admin,
    /// A member: talks and lets others in.
    Full,
    /// A guest: talks.
    Limited,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Admin, Self::Full, Self::Limited];

    /// How it is written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Full => "member",
            Self::Limited => "guest",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether it may do all that `other` may.
    pub fn is_at_least(self, other: Self) -> bool {
        self as u8 <= other as u8
    }
}

/// Whether somebody is in a chat. Who is out stays known by name, because what they said stays; their number
/// is never given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has come in by their link yet.
    Invited,
    In,
    /// Went by themselves.
    Left,
    /// An admin took them out.
    Removed,
}

impl Standing {
    pub const ALL: [Self; 4] = [Self::Invited, Self::In, Self::Left, Self::Removed];

    /// How it is written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::In => "in",
            Self::Left => "left",
            Self::Removed => "removed",
        }
    }

    /// Whether their link works.
    pub fn is_present(self) -> bool {
        matches!(self, Self::Invited | Self::In)
    }
}

/// One participant, as the rules know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    pub role: Role,
    pub standing: Standing,
    /// The first message that they may read.
    pub since: Seq,
    pub receipt: Receipt,
}

impl Person {
    /// One who was there from the beginning.
    pub fn first(role: Role) -> Self {
        Self { role, standing: Standing::Invited, since: Seq(1), receipt: Receipt::default() }
    }

    /// The people of a chat that begins: of a group, the first who is named is its admin.
    pub fn founders(shape: Shape, count: usize) -> Vec<Self> {
        let others = if shape == Shape::Pair { Role::Admin } else { Role::Full };
        (0..count).map(|at| Self::first(if at == 0 { Role::Admin } else { others })).collect()
    }

    pub fn is_present(&self) -> bool {
        self.standing.is_present()
    }

    /// What they are shown of a chat of this shape.
    pub fn sight(&self, shape: Shape, roster: Roster) -> Sight {
        let sees_everybody = roster == Roster::Everybody || self.role == Role::Admin;
        Sight { shape, since: self.since, sees_everybody }
    }
}

/// What a participant is shown of their chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    pub shape: Shape,
    /// The first message that they may read.
    pub since: Seq,
    /// Otherwise they are shown the admins and themselves, and nobody but the admins is shown them.
    pub sees_everybody: bool,
}

/// Whom members and guests of a group are shown, beside themselves. Admins are shown everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roster {
    #[default]
    Everybody,
    /// People are hidden from each other. Only where admins alone write: who says something is seen.
    Admins,
}

impl Roster {
    pub const ALL: [Self; 2] = [Self::Everybody, Self::Admins];

    /// How it is written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Admins => "admins",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|roster| roster.word() == word)
    }
}

/// Who may write in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writers {
    #[default]
    Everybody,
    /// The others may react.
    Admins,
}

impl Writers {
    pub const ALL: [Self; 2] = [Self::Everybody, Self::Admins];

    /// How it is written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Admins => "admins",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|writers| writers.word() == word)
    }
}
