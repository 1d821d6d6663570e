//! Secret bytes, and the stack on which they were worked with.
//!
//! A value that is moved leaves a copy of itself where it was, and nothing wipes that. So a secret is in
//! one place of the heap, where it is written and where it is wiped, and what is moved is a pointer. What
//! ciphers and hashes put on the stack is wiped behind them by [`wiped`], around everything in this room
//! that touches a key.

use std::fmt;
use std::hint::black_box;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Bytes of stack that are wiped. Whatever is called here runs on a thread that has no more stack than this;
/// without optimisation the cipher does not run on one of 48 KiB.
const STACK_BYTES: usize = if cfg!(debug_assertions) { 64 * 1024 } else { 16 * 1024 };

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

/// Does the work, and wipes the stack that it has used. What it returns must not be a secret itself, but may
/// point to one.
#[inline(never)]
pub fn wiped<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    wipe();
    done
}

/// In a frame that begins where the one of [`wipe`] does.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[allow(clippy::large_stack_arrays, reason = "it is the stack that is to be wiped")]
#[inline(never)]
fn wipe() {
    black_box(&mut [0_u8; STACK_BYTES]);
}
