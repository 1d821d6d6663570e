//! Randomness for what must be secret, straight from the operating system. A generator in this process is
//! quicker, and keeps what it gave out in its buffer until that is filled again: a key would stay in memory
//! long after the chat was closed. Nonces and salts are no secrets and come from such generators.

use rand::CryptoRng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;

/// On Linux it has no error once the machine has booted (getrandom(2)).
pub fn fresh() -> impl CryptoRng {
    UnwrapErr(SysRng)
}
