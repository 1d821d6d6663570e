//! Codes that are being looked at: charged already, and not known to be wrong. Nobody is told of them: a
//! right code on its way is nobody's guess. In memory only, because a try that a crash cut off counts as a
//! wrong one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::InviteId;

#[derive(Default)]
pub struct AttemptsInFlight(Mutex<HashMap<InviteId, u32>>);

pub struct AttemptInFlight {
    attempts: Arc<AttemptsInFlight>,
    invite: InviteId,
}

impl AttemptsInFlight {
    /// From before the try is charged until it is known what it was.
    pub fn begin(self: &Arc<Self>, invite: InviteId) -> AttemptInFlight {
        *self.counts().entry(invite).or_default() += 1;
        AttemptInFlight { attempts: Arc::clone(self), invite }
    }

    pub fn of(&self, invite: InviteId) -> u32 {
        self.counts().get(&invite).copied().unwrap_or_default()
    }

    /// What [`AttemptsInFlight::of`] answers now, for all invites.
    pub fn all(&self) -> HashMap<InviteId, u32> {
        self.counts().clone()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<InviteId, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for AttemptInFlight {
    fn drop(&mut self) {
        let mut counts = self.attempts.counts();
        match counts.get_mut(&self.invite) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(counts.remove(&self.invite)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_being_looked_at_for_as_long_as_it_is() {
        let attempts = Arc::new(AttemptsInFlight::default());
        let (one, other) = (InviteId([1; 32]), InviteId([2; 32]));
        let first = attempts.begin(one);
        let second = attempts.begin(one);
        assert_eq!((attempts.of(one), attempts.of(other)), (2, 0));
        drop(first);
        assert_eq!(attempts.of(one), 1);
        drop(second);
        assert_eq!((attempts.of(one), attempts.counts().len()), (0, 0));
    }
}
