//! What is past its time: a message that was to vanish goes, a chat that is due gets a final call, one whose
//! call is over is destroyed, what is left of chats that ended long ago is forgotten. Tests and the schedule
//! call it. The store judges each action again in the transaction that does it, so that somebody who speaks
//! up at the last moment is heard.

use std::sync::Arc;

use crate::domain::{ChatId, Stage};
use crate::house::House;
use crate::limits::{
    PURGE_ACTIONS_MAX, PURGE_CHATS_MAX, PURGE_CHATS_PART, PURGE_HELD_MS, PURGE_VANISHED_AT_ONCE,
    TOMBSTONE_KEPT,
};
use crate::store::{Compacted, PurgeAction, PurgeSnapshot, Purged, Store, StoreError};

/// One run of the purge in an open house, which counts it.
pub async fn run(house: Arc<House>) {
    match purge(&house.store).await {
        Ok(purged) => house.metrics.purged((house.clock)(), purged),
        // The store itself says why something is not known, and whether it goes on.
        Err(StoreError::Unknown) => {}
        Err(fault) => log::error!("the purge failed and will be tried again: {fault}"),
    }
}

/// One run of the purge. Says in one line of the log what it did, if it did anything.
pub async fn purge(store: &Store) -> Result<Purged, StoreError> {
    let snapshot = store.purge_snapshot().await?;
    let mut purged = Purged::default();
    for actions in decide(&snapshot).chunks(PURGE_ACTIONS_MAX) {
        let done = store.purge(actions.to_vec()).await?;
        purged.called += done.called;
        purged.destroyed += done.destroyed;
    }
    purged.vanished = vanish(store).await?;
    purged.forgotten = forget(store, &snapshot).await?;
    if snapshot.is_compaction_due {
        compact(store).await?;
    }
    if purged != Purged::default() {
        let Purged { called, destroyed, forgotten, vanished } = purged;
        log::info!(called, destroyed, forgotten, vanished; "purged");
    }
    Ok(purged)
}

/// What one run does with the chats. One that would destroy too many at once destroys none and waits a day;
/// after that day it destroys as many as it may, those that have been idle longest, and waits again.
fn decide(snapshot: &PurgeSnapshot) -> Vec<PurgeAction> {
    let at = |wanted| snapshot.late.iter().filter(move |(_, stage)| *stage == wanted).map(|(chat, _)| *chat);
    let mut actions: Vec<_> = at(Stage::Due).map(PurgeAction::Call).collect();
    // Nothing is in them that anybody could miss, and a flood of them must not stop the others.
    actions.extend(snapshot.unentered.iter().map(|(chat, _)| PurgeAction::Destroy(*chat)));
    let over: Vec<ChatId> = at(Stage::Over).collect();
    let most = PURGE_CHATS_MAX.max(snapshot.chats / PURGE_CHATS_PART);
    if snapshot.now.watched < snapshot.held_until {
        return actions;
    }
    let was_held = snapshot.held_until > 0;
    let destroyed = if over.len() <= most || was_held { most } else { 0 };
    if over.len() > most {
        let (chats, due) = (snapshot.chats, over.len());
        log::error!(chats, due, destroyed; "too many chats would be destroyed at once: next try in a day");
        actions.push(PurgeAction::Hold { until: snapshot.now.watched.saturating_add(PURGE_HELD_MS) });
    } else if was_held {
        actions.push(PurgeAction::Hold { until: 0 });
    }
    actions.extend(over.into_iter().take(destroyed).map(PurgeAction::Destroy));
    actions
}

/// Compacts the store. What fails is tried again, as the timer says: nobody can read anything until then.
async fn compact(store: &Store) -> Result<(), StoreError> {
    match store.compact().await {
        Ok(Some(Compacted { before, after, held })) => {
            log::info!(before, after, held_us = held.as_micros(); "the store was rewritten");
        }
        Ok(None) => log::warn!("the store is not rewritten: the disk has no room for a copy"),
        Err(StoreError::Unknown) => return Err(StoreError::Unknown),
        Err(fault) => log::warn!("the store could not be rewritten and is unchanged: {fault}"),
    }
    Ok(())
}

/// Nobody can read them any more; this takes them out of the store.
async fn vanish(store: &Store) -> Result<u64, StoreError> {
    let over = store.vanished().await?;
    let mut vanished = 0;
    for some in over.chunks(PURGE_VANISHED_AT_ONCE) {
        let actions = some.iter().map(|(chat, seq)| PurgeAction::Vanish(*chat, *seq)).collect();
        vanished += store.purge(actions).await?.vanished;
    }
    Ok(vanished)
}

async fn forget(store: &Store, snapshot: &PurgeSnapshot) -> Result<u64, StoreError> {
    let kept = u64::try_from(TOMBSTONE_KEPT.as_millis()).unwrap_or(u64::MAX);
    let Some(before) = snapshot.now.passed.checked_sub(kept) else { return Ok(0) };
    let expired = store.expired_tombstones(before).await?;
    if expired.chats.is_empty() {
        return Ok(0);
    }
    Ok(store.purge(vec![PurgeAction::Forget(expired)]).await?.forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Elapsed;

    fn snapshot(chats: usize, over: u64, watched: u64, held_until: u64) -> PurgeSnapshot {
        let late = (0..over).map(|chat| (ChatId(chat), Stage::Over)).collect();
        let now = Elapsed { passed: 0, watched };
        PurgeSnapshot {
            now,
            chats,
            late,
            unentered: Vec::new(),
            held_until,
            dead_rows: 0,
            is_compaction_due: false,
        }
    }

    /// Whether the purge is held until then, and how many chats it destroys.
    fn decided(snapshot: &PurgeSnapshot) -> (Option<u64>, usize) {
        let actions = decide(snapshot);
        let held = actions.iter().find_map(|action| match action {
            PurgeAction::Hold { until } => Some(*until),
            _ => None,
        });
        (held, actions.iter().filter(|action| matches!(action, PurgeAction::Destroy(_))).count())
    }

    #[test]
    fn too_many_at_once_are_not_destroyed_and_a_day_later_as_many_as_may_be() {
        let day = PURGE_HELD_MS;
        for (chats, over, watched, held, expected) in [
            (3, 3, 7, 0, (None, 3)),
            (4, 4, 7, 0, (Some(7 + day), 0)),
            (100, 20, 7, 0, (None, 20)),
            (100, 21, 7, 0, (Some(7 + day), 0)),
            (100, 21, day, 7 + day, (None, 0)),
            (100, 21, 7 + day, 7 + day, (Some(7 + 2 * day), 20)),
            (80, 1, 7 + day, 7 + day, (Some(0), 1)),
        ] {
            assert_eq!(decided(&snapshot(chats, over, watched, held)), expected, "{over} of {chats}");
        }
    }

    #[test]
    fn chats_that_nobody_entered_end_however_many_they_are() {
        let unentered = |snapshot| PurgeSnapshot {
            unentered: (50..90).map(|n| (ChatId(n), Stage::Over)).collect(),
            ..snapshot
        };
        for (held, destroyed) in [(0, 43), (8, 40)] {
            assert_eq!(decided(&unentered(snapshot(4, 3, 7, held))).1, destroyed, "held until {held}");
        }
    }

    #[test]
    fn a_chat_that_is_due_is_called_even_while_nothing_is_destroyed() {
        let mut held = snapshot(9, 1, 7, 8);
        held.late.push((ChatId(50), Stage::Due));
        held.late.push((ChatId(51), Stage::Called));
        assert_eq!(decide(&held), [PurgeAction::Call(ChatId(50))]);
    }
}
