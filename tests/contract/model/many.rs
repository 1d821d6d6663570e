//! What is done in groups alone, by the rules and on the sheet of paper, and how it is written and told.

use std::sync::Arc;

use parlour::domain::chat::*;
use parlour::domain::*;
use proptest::prelude::*;

use super::crowd::whom;
use super::either;
use super::paper::Paper;
use super::rows::{PersonRows, Rows};

/// So many names there are: some are taken.
const NAMES: u32 = 9;

#[derive(Clone, Copy, Debug)]
pub enum GroupDeed {
    Add {
        name: u32,
        role: usize,
        reads_history: bool,
    },
    /// The number may be nobody's, or one's own.
    Remove(u32),
    Go,
    SetRole(u32, usize),
    Rename(u32),
    Describe,
    SetWriters {
        only_admins: bool,
    },
    SetRoster {
        hides: bool,
    },
}

pub fn deeds() -> impl Strategy<Value = GroupDeed> {
    let roles = 0..Role::ALL.len();
    prop_oneof![
        6 => (1..=NAMES, roles.clone(), any::<bool>())
            .prop_map(|(name, role, reads_history)| GroupDeed::Add { name, role, reads_history }),
        2 => (1..=12u32).prop_map(GroupDeed::Remove),
        3 => Just(GroupDeed::Go),
        6 => (1..=12u32, roles).prop_map(|(whose, role)| GroupDeed::SetRole(whose, role)),
        4 => (1..=NAMES).prop_map(GroupDeed::Rename),
        1 => Just(GroupDeed::Describe),
        4 => any::<bool>().prop_map(|only_admins| GroupDeed::SetWriters { only_admins }),
        4 => any::<bool>().prop_map(|hides| GroupDeed::SetRoster { hides }),
    ]
}

/// What was told, and what the paper says.
pub fn do_it(rows: &mut Rows, paper: &mut Paper, by: Actor, deed: GroupDeed) -> (String, String) {
    let invite = rows.new_invite();
    let told = rows.act(action(invite, by, deed));
    (told, either(on_paper(paper, by.participant.0, deed)))
}

fn action(invite: InviteId, by: Actor, deed: GroupDeed) -> Action {
    let command = match deed {
        GroupDeed::Add { name, role, reads_history } => {
            let newcomer = Newcomer { name: self::name(name), role: Role::ALL[role], reads_history };
            return Action::Add { by, newcomer, invite };
        }
        GroupDeed::Remove(whom) => Command::Remove(ParticipantId(whom)),
        GroupDeed::Go => Command::LeaveGroup,
        GroupDeed::SetRole(whose, role) => {
            Command::SetRole { participant: ParticipantId(whose), role: Role::ALL[role] }
        }
        GroupDeed::Rename(name) => Command::Rename(self::name(name)),
        GroupDeed::Describe => Command::Describe(GroupChange { title: Some(name(1)), about: None }),
        GroupDeed::SetWriters { only_admins } => Command::SetWriters(Writers::ALL[usize::from(only_admins)]),
        GroupDeed::SetRoster { hides } => Command::SetRoster(Roster::ALL[usize::from(hides)]),
    };
    Action::Command(by, command)
}

fn on_paper(paper: &mut Paper, by: u32, deed: GroupDeed) -> Result<String, String> {
    let role = |role| u8::try_from(role).unwrap();
    match deed {
        GroupDeed::Add { name, role: at, reads_history } => paper.add(by, name, role(at), reads_history),
        GroupDeed::Remove(whom) => paper.remove(by, whom),
        GroupDeed::Go => paper.go(by),
        GroupDeed::SetRole(whose, at) => paper.set_role(by, whose, role(at)),
        GroupDeed::Rename(name) => paper.rename(by, name),
        GroupDeed::Describe => paper.describe(by),
        GroupDeed::SetWriters { only_admins } => paper.set_writers(by, only_admins),
        GroupDeed::SetRoster { hides } => paper.set_roster(by, hides),
    }
}

fn name(number: u32) -> Name {
    Name::parse(&format!("Name {number}")).unwrap()
}

/// A note that only groups have, as the paper words it.
pub fn words(note: Note) -> String {
    match note {
        Note::Added { participant, reads_history } => format!("added {} {reads_history}", participant.0),
        Note::Removed(who) => format!("removed {}", who.0),
        Note::Left => "left".to_owned(),
        Note::Role(who, role) => format!("role {} {}", who.0, role.word()),
        Note::Heir(who) => format!("heir {}", who.0),
        Note::Renamed => "renamed".to_owned(),
        Note::Described => "described".to_owned(),
        Note::Writers(writers) => format!("writers {}", writers.word()),
        Note::Roster(roster) => format!("roster {}", roster.word()),
        Note::VanishAfter(_) | Note::Idle(_) | Note::Replaced(_) | Note::NewDevice => unreachable!(),
    }
}

impl Rows {
    pub fn is_name_taken(&self, name: &Name, but: Option<ParticipantId>) -> bool {
        let mut others = self.people.iter().filter(|(who, _)| but.is_none_or(|but| but.0 != **who));
        others.any(|(_, row)| row.out.is_none() && row.name == name.as_str())
    }

    pub fn write_of_group(&mut self, change: &Change) {
        assert_eq!(self.shape, Shape::Group, "a pair has no such thing: {change:?}");
        match change {
            Change::AddPerson { participant, person, name, .. } => {
                let row = PersonRows::new(*person, name.as_str().to_owned());
                assert!(self.people.insert(participant.0, row).is_none(), "a number is given once");
            }
            Change::RemovePerson(who, standing) => {
                assert!(self.of(*who).seats.is_empty(), "a device of somebody who is out");
                self.of(*who).out = Some(*standing);
            }
            Change::PutRole(who, role) => self.of(*who).role = *role,
            Change::PutName(who, name) => self.of(*who).name = name.as_str().to_owned(),
            Change::PutWriters(writers) => self.writers = *writers,
            Change::PutRoster(roster) => self.roster = *roster,
            Change::Describe(_) => {}
            other => panic!("nothing of groups: {other:?}"),
        }
    }

    /// What everybody is told of people when these changes are written.
    pub fn events_of_people(&self, action: &Action, changes: &[Change]) -> Vec<Event> {
        changes.iter().flat_map(|change| self.events_of_person(action, change)).collect()
    }

    fn events_of_person(&self, action: &Action, change: &Change) -> Vec<Event> {
        let now = |who: &ParticipantId| self.people[&who.0].person();
        let is_now =
            |who: &ParticipantId, person, name| vec![Event::Person { participant: *who, person, name }];
        match change {
            Change::AddPerson { participant, person, name, .. } => {
                is_now(participant, *person, Some(Arc::clone(name)))
            }
            Change::RemovePerson(who, standing) => {
                is_now(who, Person { standing: *standing, ..now(who) }, None)
            }
            Change::PutName(who, name) => is_now(who, now(who), Some(Arc::clone(name))),
            Change::OpenInvite(who, _)
                if self.shape == Shape::Group && now(who).standing == Standing::Invited =>
            {
                is_now(who, Person { standing: Standing::In, ..now(who) }, None)
            }
            Change::PutRole(who, role) => {
                let mut events = is_now(who, Person { role: *role, ..now(who) }, None);
                let is_of_admins = *role == Role::Admin || now(who).role == Role::Admin;
                events.extend((self.roster == Roster::Admins && is_of_admins).then_some(Event::SightChanged));
                events
            }
            Change::PutRoster(_) => vec![Event::SightChanged],
            Change::PutWriters(writers) => self.is_described(GroupChange::default(), *writers),
            Change::Describe(change) => {
                assert!(matches!(action, Action::Command(_, Command::Describe(_))));
                self.is_described(change.clone(), self.writers)
            }
            _ => Vec::new(),
        }
    }

    fn is_described(&self, change: GroupChange, writers: Writers) -> Vec<Event> {
        vec![Event::Described { change, writers, roster: self.roster }]
    }

    /// Whether those who were written are those on the paper, and those whom the rules know.
    pub fn is_crowd_of(&self, paper: &Paper) {
        let line = |(number, row): (&u32, &PersonRows)| {
            let Person { role, standing, since, .. } = row.person();
            format!("{number}: {}, {}, {}, {}", row.name, role.word(), standing.word(), since.0)
        };
        assert_eq!(self.people.iter().map(line).collect::<Vec<_>>(), paper.crowd());
        assert_eq!(self.writers.word(), whom(paper.only_admins_write));
        assert_eq!(self.roster.word(), whom(paper.is_hidden));
        let known: Vec<_> = self.people.values().map(PersonRows::person).collect();
        assert_eq!(self.state.people, known);
        paper.check_crowd();
    }
}
