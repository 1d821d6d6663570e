//! Making what people type expensive to guess: argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize;

use super::bytes::{SecretBytes, wiped};
use super::secret::Code;
use crate::limits::{
    BACKUP_STRETCH_KIB, BACKUP_STRETCH_PASSES, STRETCH_KIB, STRETCH_KIB_RANGE, STRETCH_PASSES,
    STRETCH_PASSES_MAX,
};

/// What one try of a code costs. One lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub kib: u32,
    pub passes: u32,
}

impl Default for Stretch {
    fn default() -> Self {
        Self { kib: STRETCH_KIB, passes: STRETCH_PASSES }
    }
}

impl Stretch {
    /// The least that is allowed: for tests, which try many codes.
    #[cfg(feature = "test-support")]
    pub const LEAST: Self = Self { kib: STRETCH_KIB_RANGE.0, passes: 1 };

    /// What one try of a backup's passphrase costs.
    pub const BACKUP: Self = Self { kib: BACKUP_STRETCH_KIB, passes: BACKUP_STRETCH_PASSES };

    /// Whether a record may ask for this.
    pub fn check(self) -> Result<Self, StretchError> {
        let (least, most) = STRETCH_KIB_RANGE;
        let fits = (least..=most).contains(&self.kib) && (1..=STRETCH_PASSES_MAX).contains(&self.passes);
        if fits { Ok(self) } else { Err(StretchError) }
    }
}

/// A record asks for more or less than is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("argon2 parameters out of range")]
pub struct StretchError;

/// The memory that argon2 works in, used again for each code and wiped behind it.
#[derive(Default)]
pub struct StretchMemory(Vec<Block>);

/// A code after argon2: half of what opens an invite.
#[derive(Debug)]
pub struct Stretched(SecretBytes<32>);

impl Stretched {
    pub(super) fn bytes(&self) -> &[u8; 32] {
        self.0.as_array()
    }
}

/// Stretches one code. Takes 17 ms and 19 MiB with the default cost on a small server.
pub fn stretch(
    code: &Code,
    salt: &[u8; 16],
    cost: Stretch,
    memory: &mut StretchMemory,
) -> Result<Stretched, StretchError> {
    stretch_typed(code.bytes(), salt, cost, memory)
}

/// The same for anything that people type.
pub(super) fn stretch_typed(
    typed: &[u8],
    salt: &[u8; 16],
    cost: Stretch,
    memory: &mut StretchMemory,
) -> Result<Stretched, StretchError> {
    let Stretch { kib, passes } = cost.check()?;
    let params = Params::new(kib, passes, 1, Some(32)).map_err(|_| StretchError)?;
    let blocks = params.block_count();
    memory.0.resize(blocks, Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut done = Ok(());
    let stretched = SecretBytes::written(|out| {
        let blocks = &mut memory.0[..];
        done = wiped(|| argon2.hash_password_into_with_memory(typed, salt, out, blocks));
    });
    memory.0.iter_mut().for_each(Zeroize::zeroize);
    done.map_err(|_| StretchError)?;
    Ok(Stretched(stretched))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn is_wiped(memory: &StretchMemory) -> bool {
        memory.0.iter().all(|block| block.as_ref().iter().all(|word| *word == 0))
    }

    #[test]
    fn the_memory_is_wiped_behind_each_code_and_grows_when_needed() {
        let (mut memory, code) = (StretchMemory::default(), Code::parse("K7QM-3XRP").unwrap());
        let larger = Stretch { kib: Stretch::LEAST.kib * 2, passes: 1 };
        for cost in [Stretch::LEAST, larger, Stretch::LEAST] {
            let used = stretch(&code, &[3; 16], cost, &mut memory).unwrap();
            assert!(memory.0.len() >= usize::try_from(cost.kib).unwrap() && is_wiped(&memory));
            let fresh = stretch(&code, &[3; 16], cost, &mut StretchMemory::default()).unwrap();
            assert_eq!(used.bytes(), fresh.bytes(), "{cost:?}");
        }
    }

    #[test]
    fn every_part_of_the_input_changes_the_result() {
        let (mut memory, code) = (StretchMemory::default(), Code::parse("K7QM-3XRP").unwrap());
        let mut of = |code: &Code, salt: u8, passes: u32| {
            *stretch(code, &[salt; 16], Stretch { passes, ..Stretch::LEAST }, &mut memory).unwrap().bytes()
        };
        let one = of(&code, 3, 1);
        let other = Code::parse("K7QM-3XRQ").unwrap();
        for changed in [of(&other, 3, 1), of(&code, 4, 1), of(&code, 3, 2)] {
            assert_ne!(changed, one);
        }
    }
}
