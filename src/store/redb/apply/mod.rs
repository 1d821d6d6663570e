//! One request inside the writer's transaction: what it changes, and what follows from it.

mod command;
mod destroy;
mod invites;
mod seats;

use super::facts::Fact;
use super::request::{PendingReply, Reply, Request};
use super::write_tx::WriteTx;
use crate::domain::{Outcome, Refusal};
use crate::store::error::StoreError;

/// The reply waits for the commit.
pub fn apply(tx: &mut WriteTx, request: Request) -> Result<PendingReply, StoreError> {
    match request {
        Request::Command { seat, command, origin, reply } => {
            let outcome = refused_apart(tx.command(&seat, command, origin))?;
            let changes = outcome.as_ref().is_ok_and(Outcome::changes);
            Ok(PendingReply::new(reply, outcome, changes))
        }
        Request::Start { draft, reply } => answer(reply, tx.start(draft)),
        Request::Charge { invite, reply } => answer(reply, tx.charge(invite)),
        Request::Miss { invite, reply } => answer(reply, tx.miss(invite)),
        Request::Admit { entry, reply } => answer(reply, tx.admit(&entry)),
        Request::SignOut { seat, tag, reply } => answer(reply, tx.sign_out(&seat, tag)),
        Request::Replace { replacement, reply } => answer(reply, tx.replace(replacement)),
        Request::LastHere { seat, scope, at } => {
            Ok(PendingReply::nobody(refused_apart(tx.last_here(&seat, scope, at))? == Ok(true)))
        }
        Request::PurgeSnapshot { reply } => answer(reply, Ok(tx.idle.snapshot())),
        Request::Purge { actions, reply } => answer(reply, tx.purge(actions)),
        Request::End { end, reply } => answer(reply, tx.end(&end)),
        Request::NoteBackup { at, reply } => {
            Fact::LAST_BACKUP.set(&mut tx.tables.house, at.0)?;
            answer(reply, Ok(()))
        }
        Request::Prove { reply } => answer(reply, Ok(())),
        Request::Probe | Request::Swap { .. } | Request::Close => Ok(PendingReply::nobody(true)),
    }
}

fn answer<T: 'static>(reply: Reply<T>, applied: Result<T, StoreError>) -> Result<PendingReply, StoreError> {
    let result = refused_apart(applied)?;
    let is_done = result.is_ok();
    Ok(PendingReply::new(reply, result, is_done))
}

/// A refusal is an answer; any other error ends the batch.
fn refused_apart<T>(applied: Result<T, StoreError>) -> Result<Result<T, Refusal>, StoreError> {
    match applied {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Refused(refusal)) => Ok(Err(refusal)),
        Err(error @ (StoreError::Unknown | StoreError::Failed(_))) => Err(error),
    }
}
