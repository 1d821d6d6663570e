//! What the settings and the machine say, for a house that runs and for one that does not.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;

use super::facts::Facts;
use super::machine::has_time_service;
use super::network::missing;
use crate::clock::Machine;
use crate::host::config::Config;
use crate::http::link::{Base, Reach, public_place};
use crate::net::home_addresses;

/// `listening` is where the house listens for people. What only one of the two knows is left out.
pub fn look(config: &Config, listening: Vec<SocketAddr>, machine: &dyn Machine) -> Facts {
    let (public_url, home) = (config.public_url.clone(), home_addresses());
    let base = Base::of(public_url.as_ref(), config.scheme(), None, &listening, &home);
    let everywhere: Vec<_> = listening.iter().chain(config.beside()).copied().collect();
    let mode = fs::metadata(&config.data).ok().map(|data| data.mode());
    Facts {
        file: config.file.clone(),
        scheme: config.scheme(),
        is_only_here: public_url.is_none() && base.reach == Reach::Device,
        url: base.url,
        public_place: public_place(public_url.as_ref(), &listening, &home),
        missing: missing(&everywhere),
        is_synchronised: machine.is_synchronised(),
        has_time_service: has_time_service(),
        data: mode.map(|mode| (config.data.display().to_string(), mode)),
        public_url,
        listening,
        ..Facts::default()
    }
}
