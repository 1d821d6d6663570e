//! Secret bytes, and the stack on which they were worked with.
//!
//! A value that is moved leaves a copy of itself where it was, and nothing wipes that. So a secret is in
//! one place of the heap, where it is written and where it is wiped, and what is moved is a pointer. What
//! ciphers and hashes put on the stack is wiped behind them by [`wiped`], around everything in this room
//! that touches a key. Who does that many times in a row does all of it in [`wiped_once`].

use std::cell::Cell;
use std::fmt;
use std::hint::black_box;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Bytes of stack that are wiped. Whatever is called here runs on a thread that has no more stack than this;
/// without optimisation the cipher does not run on one of 48 KiB.
const STACK_BYTES: usize = if cfg!(debug_assertions) { 64 * 1024 } else { 16 * 1024 };
/// Bytes of stack that [`wiped_once`] wipes: what calls the ciphers has frames of its own.
const STACK_BYTES_ONCE: usize = 4 * STACK_BYTES;

/// Bytes that are never copied but by `clone`, compared in constant time, printed as `..`, and wiped when
/// dropped.
pub struct SecretBytes<const N: usize>(Box<[u8; N]>);

impl<const N: usize> SecretBytes<N> {
    /// What `write` makes of zeros, in its place.
    pub fn written(write: impl FnOnce(&mut [u8; N])) -> Self {
        let mut bytes = Self(Box::new([0; N]));
        write(&mut bytes.0);
        bytes
    }

    pub fn as_array(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Clone for SecretBytes<N> {
    fn clone(&self) -> Self {
        Self::written(|bytes| bytes.copy_from_slice(&*self.0))
    }
}

impl<const N: usize> PartialEq for SecretBytes<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&*other.0).into()
    }
}

impl<const N: usize> Eq for SecretBytes<N> {}

impl<const N: usize> fmt::Debug for SecretBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl<const N: usize> Drop for SecretBytes<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

thread_local! {
    /// Where on the stack of this thread [`wiped_once`] began, while it lasts.
    static BEGAN: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Does the work, and wipes the stack that it has used, unless [`wiped_once`] does so later. What it returns
/// must not be a secret itself, but may point to one.
#[inline(never)]
pub fn wiped<T>(work: impl FnOnce() -> T) -> T {
    if is_wiped_later() {
        return work();
    }
    let done = apart(work);
    wipe::<STACK_BYTES>();
    done
}

/// Does the work, in which much is [`wiped`], and wipes the stack once behind all of it.
#[inline(never)]
pub fn wiped_once<T>(work: impl FnOnce() -> T) -> T {
    let began = Began::here();
    let done = apart(work);
    drop(began);
    done
}

/// Also where the work panics.
struct Began;

impl Began {
    fn here() -> Self {
        BEGAN.set(Some(depth()));
        Self
    }
}

impl Drop for Began {
    fn drop(&mut self) {
        BEGAN.set(None);
        wipe::<STACK_BYTES_ONCE>();
    }
}

/// Whether all that is called from here lies within what will be wiped.
fn is_wiped_later() -> bool {
    let used = |began: usize| began.saturating_sub(depth());
    BEGAN.get().is_some_and(|began| used(began) + STACK_BYTES <= STACK_BYTES_ONCE)
}

/// How far down the stack of this thread is: it grows towards lower addresses.
#[inline(never)]
fn depth() -> usize {
    let here = 0_u8;
    black_box(&raw const here).addr()
}

/// In a frame that begins where the one of [`wipe`] does.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[allow(clippy::large_stack_arrays, reason = "it is the stack that is to be wiped")]
#[inline(never)]
fn wipe<const N: usize>() {
    black_box(&mut [0_u8; N]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_left_to_the_wiping_around_it_only_while_it_lasts_and_where_it_reaches() {
        assert!(!is_wiped_later());
        wiped_once(|| {
            assert!(is_wiped_later());
            assert!(wiped(is_wiped_later));
            deep::<{ STACK_BYTES_ONCE - STACK_BYTES }>(|| assert!(!is_wiped_later()));
        });
        assert!(!is_wiped_later());
        assert!(std::panic::catch_unwind(|| wiped_once(|| panic!("within"))).is_err());
        assert!(!is_wiped_later());
    }

    /// With so much of the stack in use.
    #[allow(clippy::large_stack_arrays, reason = "it is the stack that is to be used")]
    #[inline(never)]
    fn deep<const N: usize>(work: impl FnOnce()) {
        let mut used = [0_u8; N];
        black_box(&mut used);
        work();
        black_box(&mut used);
    }
}
