//! Reactions, as they belong to messages.

use redb::ReadableTable;

use super::sealed::open_reaction;
use super::table_keys::{ReactionKey, reaction_of, reactions_in};
use super::tables::range;
use crate::crypto::ChatKey;
use crate::domain::{ChatId, Reaction, Seq};
use crate::store::error::StoreError;
use crate::store::rows::ReactionRow;

/// Those to the messages from `first` to `last`, in the order of the messages and of the participants.
pub fn open_reactions(
    reactions: &impl ReadableTable<ReactionKey, &'static [u8]>,
    key: &ChatKey,
    chat: ChatId,
    (first, last): (Seq, Seq),
) -> Result<Vec<(Seq, Reaction)>, StoreError> {
    let rows = range::<_, ReactionRow>(reactions, reactions_in(chat, first, last))?;
    rows.map(|row| {
        let (place, row) = row?;
        let (seq, from) = reaction_of(&place);
        Ok((seq, open_reaction(key, chat, (seq, from), &row)?))
    })
    .collect()
}
