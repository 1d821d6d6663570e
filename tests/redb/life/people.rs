//! What is done in a group of a life: people are let in, taken out, go, and have other roles. Somebody may be
//! refused it, and then nothing has happened.

use parlour::domain::*;
use parlour::store::{Seat, State, StoreError};
use rand::RngExt;
use rand::rngs::StdRng;

use super::{Known, Life};

#[derive(Clone, Copy, Debug)]
pub enum Deed {
    /// The name tells newcomers apart.
    Add {
        name: u32,
    },
    Remove {
        whom: usize,
    },
    Go,
    SetRole {
        whose: usize,
        role: usize,
    },
}

impl Deed {
    /// Among so many people.
    pub fn any(rng: &mut StdRng, people: usize) -> Self {
        let whom = rng.random_range(1..=people);
        match rng.random_range(0..10) {
            0..4 => Self::Add { name: rng.random() },
            4..6 => Self::Remove { whom },
            6 => Self::Go,
            _ => Self::SetRole { whose: whom, role: rng.random_range(0..Role::ALL.len()) },
        }
    }
}

impl Life {
    pub(super) async fn start_group(&mut self) -> Result<(), StoreError> {
        let (title, names) = (name("Kitchen"), Names::parse_group(&["Anny", "Bob", "Cleo"]).unwrap());
        let invites = self.store.start_group(&title, &names, Idle::Hour, Caller::Host).await?;
        self.roster.push(Known::of(invites, true));
        Ok(())
    }

    pub(super) async fn in_group(
        &mut self,
        chat: usize,
        device: usize,
        deed: Deed,
    ) -> Result<(), StoreError> {
        let (secret, id) = self.roster[chat].devices[device].clone();
        let seat = self.store.seat(&secret, id).await?;
        let own = usize::try_from(id.participant.0).unwrap();
        match deed {
            Deed::Add { name } => self.add(chat, &seat, name).await,
            Deed::Remove { whom } => self.put_out(chat, &seat, (whom, Command::Remove(number(whom)))).await,
            Deed::Go => self.put_out(chat, &seat, (own, Command::LeaveGroup)).await,
            Deed::SetRole { whose, role } => {
                let command = Command::SetRole { participant: number(whose), role: Role::ALL[role] };
                allowed(self.store.submit(&seat, command).await).map(drop)
            }
        }
    }

    async fn add(&mut self, chat: usize, seat: &Seat, called: u32) -> Result<(), StoreError> {
        let called = name(&format!("Guest {called}"));
        let added = allowed(self.store.add(seat, called, Role::Limited, false).await)?;
        let known = &mut self.roster[chat];
        if let Some((_, invite)) = added {
            known.current.push(Some(known.links.len()));
            known.links.push((invite.token, invite.code));
        }
        Ok(())
    }

    /// Every device and the link of that person are led nowhere from then on.
    async fn put_out(
        &mut self,
        chat: usize,
        seat: &Seat,
        (whom, command): (usize, Command),
    ) -> Result<(), StoreError> {
        let done = allowed(self.store.submit(seat, command).await)?;
        let known = &mut self.roster[chat];
        known.is_over |= matches!(done, Some(Outcome::Ended(_)));
        if done.is_some() {
            known.current[whom - 1] = None;
            let theirs = known.devices.iter().zip(0..).filter(|((_, id), _)| id.participant == number(whom));
            known.left.extend(theirs.map(|(_, device)| device).collect::<Vec<_>>());
        }
        Ok(())
    }
}

/// What was done, or nothing if it may not be done.
fn allowed<T>(done: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match done {
        Err(StoreError::Refused(
            Refusal::OnlyAdmins | Refusal::NoSuchParticipant | Refusal::LastAdmin | Refusal::SameName { .. },
        )) => Ok(None),
        done => done.map(Some),
    }
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn number(whom: usize) -> ParticipantId {
    ParticipantId(u32::try_from(whom).unwrap())
}

/// Who is in it, and as what.
pub fn crowd(state: &State) -> Vec<String> {
    let one = |one: &parlour::store::ParticipantView| {
        let Person { role, standing, since, .. } = one.person;
        format!("{} {} {} {}", one.name.as_str(), role.word(), standing.word(), since.0)
    };
    state.participants.iter().map(one).collect()
}
