//! The whole house, over real sockets in this process or as the binary, and the rules of the repository.

mod binary;
mod bodies;
mod bounds;
mod breaking;
mod commands;
mod corpus;
mod deleted;
mod devices;
mod entering;
mod flooding;
mod input;
mod memory;
mod network;
mod pipelining;
mod polling;
mod raw;
mod settings;
mod systemd;
mod talking;
mod threats;
mod tidy;
mod tls;
mod visiting;
mod watching;
mod withholding;
