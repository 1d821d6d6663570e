//! Writes the manual pages and the completions of shells, from what the command line understands.
//!
//! `cargo run --example manual DIRECTORY` makes them; `packaging/release` packs them. A command that is added
//! has its page without anything being said here.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use clap_complete::Shell;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).ok_or("say the directory to write to")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let mut command = parlour::host::cli::command();
    for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
        clap_complete::generate_to(shell, &mut command, "parlour", folder)?;
    }
    clap_mangen::generate_to(command, folder)?;
    Ok(())
}
