//! What the house was told, and what that means: every error of starting with a wrong setting is here.
//!
//! [`Config`] in `settings` is the one list of settings: a field there is the flag, the variable, the key of
//! the file, the line of `--help` and that of `check-config`. `read` puts together what flags, variables and
//! the file say. This room reads a file, but never the environment: `main` hands that in.

mod complete;
mod effective;
mod error;
mod flags;
mod home;
mod layers;
mod mdns;
mod parse;
mod read;
mod settings;
mod shown;
mod tls;

#[cfg(test)]
mod tests;

pub use effective::Effective;
pub(crate) use error::ConfigError;
pub use error::WrongSettings;
pub use flags::Flags;
#[cfg(feature = "test-support")]
pub use home::ADMIN_SOCKET;
pub use home::{Access, is_blocked};
pub use parse::level;
pub use settings::{Config, flag};
pub use tls::is_handed;
