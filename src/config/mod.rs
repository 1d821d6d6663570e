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
mod host;
mod layers;
mod mdns;
mod own_names;
mod parse;
mod place;
mod public_url;
mod read;
mod settings;
mod shown;
mod tls;

#[cfg(test)]
mod tests;

pub use effective::Effective;
pub use error::{ConfigError, WrongSettings};
pub use flags::Flags;
pub use home::ADMIN_SOCKET;
pub use host::without_port;
pub use mdns::Mdns;
pub use own_names::{machine_name, own_names};
pub use parse::level;
pub use public_url::{PublicPlace, PublicUrl, Scheme};
pub use settings::{Config, MayStart, PORT};
pub use tls::{Tls, is_handed};
