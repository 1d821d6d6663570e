//! How a finding says what to do.

use std::path::Path;

use crate::protocol::admin::{Finding, Weight};

/// Where the guides for hosts are: with the package, and without one.
pub const GUIDES: &str = "in /usr/share/doc/parlour/docs, or in docs of the sources";

pub fn finding(weight: Weight, code: &str, says: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { weight, code: code.to_owned(), says: says.into(), mend: mend.into() }
}

/// Into which file a line goes. If none was read: the one of the package, and the one of a house without it.
pub fn setting(file: Option<&Path>, line: &str) -> String {
    match file {
        Some(file) => format!("into {}: {line}", absolute(file)),
        None => format!(
            "into /etc/parlour/parlour.toml (without a package: ~/.config/parlour/parlour.toml): {line}"
        ),
    }
}

/// A path that means the same in every directory.
pub fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
