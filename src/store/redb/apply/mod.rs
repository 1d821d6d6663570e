//! One request inside the writer's transaction: what it changes, and what follows from it. What changes a
//! chat is decided by `domain` ([`act`]); here and in [`destroy`] and [`invites`] is what a house does
//! besides.

pub mod act;
mod change;
mod destroy;
mod invites;
mod message_change;
mod people;

use super::facts::Fact;
use super::request::{PendingReply, Reply, Request};
use super::write_tx::WriteTx;
use crate::domain::chat::{Action, Actor, Outcome};
use crate::domain::{At, Command, LeaveScope, MessageId, Refusal, Seq};
use crate::store::error::StoreError;
use crate::store::seat::Seat;
use act::Means;

/// The reply waits for the commit.
pub fn apply(tx: &mut WriteTx, request: Request) -> Result<PendingReply, StoreError> {
    match request {
        Request::Command { seat, command, searched, reply } => {
            answer(reply, tx.command(&seat, command, searched.as_deref()))
        }
        Request::Start { draft, reply } => answer(reply, tx.start(draft)),
        Request::Charge { invite, kept_slot, reply } => answer(reply, tx.charge(invite, kept_slot)),
        Request::Miss { invite, reply } => answer(reply, tx.miss(invite)),
        Request::Admit { entry, reply } => answer(reply, tx.admit(&entry)),
        Request::SignOut { seat, tag, reply } => answer(reply, tx.sign_out(&seat, tag)),
        Request::Replace { replacement, reply } => answer(reply, tx.replace(replacement)),
        Request::Add { addition, reply } => answer(reply, tx.add(addition)),
        Request::LastHere { seat, scope, at } => {
            refused_apart(tx.go_away(&seat, scope, at))?.ok();
            Ok(PendingReply::nobody())
        }
        Request::PurgeSnapshot { reply } => {
            tx.is_changed = true;
            answer(reply, Ok(tx.idle.snapshot()))
        }
        Request::Purge { actions, reply } => answer(reply, tx.purge(actions)),
        Request::End { end, reply } => answer(reply, tx.end(&end)),
        Request::NoteBackup { at, reply } => {
            tx.is_changed = true;
            Fact::LAST_BACKUP.set(&mut tx.tables.house, at.0)?;
            answer(reply, Ok(()))
        }
        // Written with the next of it: a disk that fails is not asked for another commit.
        Request::CompactionFailed { bytes } => {
            let now = tx.passed();
            tx.idle.compaction.write(bytes, now);
            Ok(PendingReply::nobody())
        }
        Request::Prove { reply } => {
            tx.is_changed = true;
            answer(reply, Ok(()))
        }
        Request::Probe | Request::Swap { .. } | Request::Close => {
            tx.is_changed = true;
            Ok(PendingReply::nobody())
        }
    }
}

impl WriteTx<'_, '_> {
    /// `searched` is what was found of the message's producer, once that was looked for.
    fn command(
        &mut self,
        seat: &Seat,
        command: Command,
        searched: Option<&[(MessageId, Seq)]>,
    ) -> Result<Outcome, StoreError> {
        self.check_seat(seat)?;
        if let Some(found) = searched {
            self.recall(seat, found)?;
        }
        let action = Action::Command(actor(seat), command);
        self.act_for(seat.id.chat, action, Means::Seat(seat), searched.is_some())
    }

    fn go_away(&mut self, seat: &Seat, scope: LeaveScope, at: At) -> Result<Outcome, StoreError> {
        self.check_seat(seat)?;
        self.act(seat.id.chat, Action::GoAway { who: actor(seat), scope, at }, Means::Seat(seat))
    }
}

pub fn actor(seat: &Seat) -> Actor {
    Actor { participant: seat.id.participant, device: seat.device, tag: seat.tag }
}

fn answer<T: Send + 'static>(
    reply: Reply<T>,
    applied: Result<T, StoreError>,
) -> Result<PendingReply, StoreError> {
    Ok(PendingReply::new(reply, refused_apart(applied)?))
}

/// A refusal is an answer; any other error ends the batch.
fn refused_apart<T>(applied: Result<T, StoreError>) -> Result<Result<T, Refusal>, StoreError> {
    match applied {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Refused(refusal)) => Ok(Err(refusal)),
        Err(error @ (StoreError::Unknown | StoreError::Failed(_))) => Err(error),
    }
}
