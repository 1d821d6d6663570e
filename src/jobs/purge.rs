//! What is past its time: the rule, and nothing of when it is asked.
//!
//! [`purge`] looks at how long each chat rests and has the store do what follows: a chat that is due gets a
//! final call, one whose call is over is destroyed, what is left of chats that ended long ago is forgotten.
//! Tests call it, and so does the schedule. The store judges each deed again in the transaction that does it,
//! so that somebody who speaks up at the last moment is heard.

use std::sync::Arc;

use crate::domain::{ChatId, Stage};
use crate::house::House;
use crate::limits::{
    COMPACT_AGAIN_MS, COMPACT_MESSAGES_AT_ONCE, COMPACT_MESSAGES_FEW, COMPACT_PART, COMPACT_STILL_MS,
    PURGE_CHATS_MAX, PURGE_CHATS_PART, PURGE_DEEDS_MAX, PURGE_HELD_MS, TOMBSTONE_KEPT,
};
use crate::store::{Compacted, Deed, Fault, Purged, Sight, Store};

/// One run of the purge in an open house, which counts it.
pub async fn run(house: Arc<House>) {
    match purge(&house.store).await {
        Ok(purged) => house.tally.purged((house.clock)(), purged),
        // The store itself says why something is not known, and whether it goes on.
        Err(Fault::Unknown) => {}
        Err(fault) => log::error!("the purge failed and will be tried again: {fault}"),
    }
}

/// One run of the purge. Says in one line of the log what it did, if it did anything.
pub async fn purge(store: &Store) -> Result<Purged, Fault> {
    let sight = store.look().await?;
    let mut purged = Purged::default();
    for deeds in decide(&sight).chunks(PURGE_DEEDS_MAX) {
        let done = store.purge(deeds.to_vec()).await?;
        purged.called += done.called;
        purged.destroyed += done.destroyed;
    }
    purged.forgotten = forget(store, &sight).await?;
    if is_worth_compacting(&sight) {
        compact(store).await?;
    }
    if purged != Purged::default() {
        let Purged { called, destroyed, forgotten } = purged;
        log::info!(called, destroyed, forgotten; "purged");
    }
    Ok(purged)
}

/// What one run does with the chats. One that would destroy too many at once destroys none and waits a day;
/// after that day it destroys as many as it may, those that rest longest, and waits again.
fn decide(sight: &Sight) -> Vec<Deed> {
    let at = |wanted| sight.late.iter().filter(move |(_, stage)| *stage == wanted).map(|(chat, _)| *chat);
    let mut deeds: Vec<_> = at(Stage::Due).map(Deed::Call).collect();
    // Nothing is in them that anybody could miss, and a flood of them must not stop the others.
    deeds.extend(sight.unentered.iter().map(|(chat, _)| Deed::Destroy(*chat)));
    let over: Vec<ChatId> = at(Stage::Over).collect();
    let most = PURGE_CHATS_MAX.max(sight.chats / PURGE_CHATS_PART);
    if sight.now.watched < sight.held {
        return deeds;
    }
    let was_held = sight.held > 0;
    let destroyed = if over.len() <= most || was_held { most } else { 0 };
    if over.len() > most {
        let (chats, due) = (sight.chats, over.len());
        log::error!(chats, due, destroyed; "too many chats would be destroyed at once: next try in a day");
        deeds.push(Deed::Hold { until: sight.now.watched.saturating_add(PURGE_HELD_MS) });
    } else if was_held {
        deeds.push(Deed::Hold { until: 0 });
    }
    deeds.extend(over.into_iter().take(destroyed).map(Deed::Destroy));
    deeds
}

/// Whether the store is written anew: something is left in its file of what was destroyed, and either there
/// is very little to write, or it is quiet, and there is little to write or much to gain. In a house that is
/// never quiet, two days make up for it.
fn is_worth_compacting(sight: &Sight) -> bool {
    if sight.messages <= COMPACT_MESSAGES_AT_ONCE {
        return sight.litter > 0;
    }
    let pays = sight.messages <= COMPACT_MESSAGES_FEW || sight.litter >= sight.messages / COMPACT_PART;
    let waited = sight.now.watched.saturating_sub(sight.compacted.unwrap_or(sight.opened));
    let is_time = sight.compacted.is_none() || waited >= COMPACT_AGAIN_MS;
    let is_quiet = sight.still >= COMPACT_STILL_MS || waited >= 2 * COMPACT_AGAIN_MS;
    sight.litter > 0 && pays && is_time && is_quiet
}

/// Writes the store anew. What fails is tried again, at the next purge or in a large house in a day: nobody
/// misses anything until then.
async fn compact(store: &Store) -> Result<(), Fault> {
    store.purge(vec![Deed::Compact]).await?;
    match store.compact().await {
        Ok(Some(Compacted { before, after, held })) => {
            log::info!(before, after, held_us = held.as_micros(); "the store was rewritten");
        }
        Ok(None) => log::warn!("the store is not rewritten: the disk has no room for a copy"),
        Err(Fault::Unknown) => return Err(Fault::Unknown),
        Err(fault) => log::warn!("the store could not be rewritten and is unchanged: {fault}"),
    }
    Ok(())
}

/// Forgets what is left of chats that ended long ago.
async fn forget(store: &Store, sight: &Sight) -> Result<u64, Fault> {
    let kept = u64::try_from(TOMBSTONE_KEPT.as_millis()).unwrap_or(u64::MAX);
    let Some(before) = sight.now.passed.checked_sub(kept) else { return Ok(0) };
    let old = store.old(before).await?;
    if old.chats.is_empty() {
        return Ok(0);
    }
    Ok(store.purge(vec![Deed::Forget(old)]).await?.forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Moment;

    fn sight(chats: usize, over: u64, watched: u64, held: u64) -> Sight {
        let late = (0..over).map(|chat| (ChatId(chat), Stage::Over)).collect();
        let now = Moment { passed: 0, watched };
        let (awaited, unentered) = (0, Vec::new());
        Sight {
            now,
            chats,
            awaited,
            late,
            unentered,
            held,
            messages: 0,
            litter: 0,
            still: 0,
            opened: 0,
            compacted: None,
        }
    }

    /// Whether the purge is held until then, and how many chats it destroys.
    fn decided(sight: &Sight) -> (Option<u64>, usize) {
        let deeds = decide(sight);
        let held = deeds.iter().find_map(|deed| match deed {
            Deed::Hold { until } => Some(*until),
            _ => None,
        });
        (held, deeds.iter().filter(|deed| matches!(deed, Deed::Destroy(_))).count())
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
            assert_eq!(decided(&sight(chats, over, watched, held)), expected, "{over} of {chats}");
        }
    }

    #[test]
    fn the_store_is_written_anew_at_once_or_in_a_quiet_hour_once_a_day_and_when_it_pays() {
        let (hour, day, more) = (3_600_000, COMPACT_AGAIN_MS, COMPACT_MESSAGES_AT_ONCE + 1);
        for (messages, litter, still, watched, compacted, expected) in [
            (more - 1, 1, 0, hour, Some(hour), true),
            (more - 1, 0, 0, hour, None, false),
            (more, 5, hour, 9 * hour, None, true),
            (more, 0, hour, 9 * hour, None, false),
            (more, 5, COMPACT_STILL_MS - 1, 9 * hour, None, false),
            (more, 5, hour, day, Some(1), false),
            (more, 5, hour, day + 1, Some(1), true),
            (more, 5, 0, 2 * day - 1, None, false),
            (more, 5, 0, 2 * day, None, true),
            (more, 5, 0, 2 * day, Some(1), false),
            (COMPACT_MESSAGES_FEW + 8, 12_500, hour, 9 * hour, None, false),
            (COMPACT_MESSAGES_FEW + 8, 12_501, hour, 9 * hour, None, true),
        ] {
            let sight = Sight { messages, litter, still, compacted, ..sight(1, 0, watched, 0) };
            assert_eq!(is_worth_compacting(&sight), expected, "{sight:?}");
        }
    }

    #[test]
    fn chats_that_nobody_entered_end_however_many_they_are() {
        let unentered =
            |sight| Sight { unentered: (50..90).map(|n| (ChatId(n), Stage::Over)).collect(), ..sight };
        for (held, destroyed) in [(0, 43), (8, 40)] {
            assert_eq!(decided(&unentered(sight(4, 3, 7, held))).1, destroyed, "held until {held}");
        }
    }

    #[test]
    fn who_is_due_is_called_even_while_nothing_is_destroyed() {
        let mut held = sight(9, 1, 7, 8);
        held.late.push((ChatId(50), Stage::Due));
        held.late.push((ChatId(51), Stage::Called));
        assert_eq!(decide(&held), [Deed::Call(ChatId(50))]);
    }
}
