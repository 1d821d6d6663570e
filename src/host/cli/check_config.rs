//! `parlour check-config`: whether a house would start with these settings.

use std::io;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use crate::host::admin::AdminSocketError;
use crate::host::config::{Access, Config, Effective, WrongSettings, is_blocked, is_handed};
use crate::net::certificates::{self, CertificateError};
use crate::store::{self, OpenError};

#[derive(Serialize)]
struct Checked {
    file: Option<String>,
    settings: Vec<Effective>,
    /// Files of which it is not known whether they are right, and why.
    unseen: Vec<String>,
    /// What the house starts with, and is worse for.
    warnings: Vec<String>,
}

pub fn run(output: &Output, invocation: &Invocation) -> Result<(), CliError> {
    let (config, settings) = match invocation.explained(Access::Check) {
        Ok(explained) => explained,
        Err(wrong) => {
            // The sentences follow on standard error.
            output.print(&as_json(&wrong), |_| String::new())?;
            return Err(wrong.into());
        }
    };
    let file = config.file.as_ref().map(|file| file.display().to_string());
    let unseen = unseen(&config)?;
    let warnings = blocked(&config.admin_socket).into_iter().collect();
    output.print(&Checked { file, settings, unseen, warnings }, text)
}

fn as_json(wrong: &WrongSettings) -> Value {
    let errors = wrong.each().map(|error| json!({ "at": error.location(), "says": error.to_string() }));
    json!({ "errors": errors.collect::<Vec<_>>() })
}

/// Who checks may not be who opens the house: what only that one may use is not called wrong.
fn unseen(config: &Config) -> Result<Vec<String>, CliError> {
    let mut unseen = Vec::new();
    let mut note = |path: &Path, why| unseen.push(format!("{}: {why}", path.display()));
    match certificates::check(&config.tls, &config.data) {
        Err(CertificateError::Unreadable { path, .. }) if is_handed(&path) => {
            note(&path, "systemd passes it only to the service (LoadCredential=)");
        }
        Err(CertificateError::Unreadable { path, source }) if is_denied(&source) => {
            note(&path, "you may not read it");
        }
        checked => checked?,
    }
    match store::check_place(&config.data) {
        Err(OpenError::Io(path, source)) if is_denied(&source) => note(&path, "you may not write to it"),
        checked => checked?,
    }
    Ok(unseen)
}

/// What is in the place of the socket for the host's commands keeps no house from opening.
fn blocked(socket: &Path) -> Option<String> {
    is_blocked(socket).then(|| AdminSocketError::Blocked(socket.to_owned()).to_string())
}

fn is_denied(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

fn text(Checked { file, settings, unseen, warnings }: &Checked) -> String {
    let file = file.as_deref().unwrap_or("none");
    let lines: String = settings.iter().map(line).collect();
    let unseen: String = unseen.iter().flat_map(|unseen| ["Not checked: ", unseen, "\n"]).collect();
    let warnings: String = warnings.iter().flat_map(|warning| ["Warning: ", warning, "\n"]).collect();
    format!("The settings are right. Settings file: {file}\n{lines}{unseen}{warnings}")
}

fn line(Effective { setting, value, from }: &Effective) -> String {
    format!("{setting:20} {:32} {from}\n", value.as_deref().unwrap_or("-"))
}
