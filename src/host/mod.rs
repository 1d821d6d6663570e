//! Everything for the person who runs the house: commands, settings, the admin socket, the doctor, and what a
//! machine expects of a service.

pub mod admin;
pub mod cli;
pub mod config;
pub mod doctor;
pub mod log;
pub mod mdns;
pub mod systemd;
