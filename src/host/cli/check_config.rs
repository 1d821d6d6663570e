//! `parlour check-config`: whether a house would start with these settings.

use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use crate::host::config::{Effective, WrongSettings, is_handed};
use crate::net::certificates::{self, CertificateError, CertificateSource};

#[derive(Serialize)]
struct Checked {
    file: Option<String>,
    settings: Vec<Effective>,
    /// What is not known of the certificate, if anything.
    unseen: Option<String>,
}

pub fn run(output: &Output, invocation: &Invocation) -> Result<(), CliError> {
    let (config, settings) = match invocation.explained() {
        Ok(explained) => explained,
        Err(wrong) => {
            // The sentences follow on standard error.
            output.print(&as_json(&wrong), |_| String::new())?;
            return Err(wrong.into());
        }
    };
    let file = config.file.as_ref().map(|file| file.display().to_string());
    output.print(&Checked { file, settings, unseen: unseen(&config.tls)? }, text)
}

fn as_json(wrong: &WrongSettings) -> Value {
    let errors = wrong.each().map(|error| json!({ "at": error.location(), "says": error.to_string() }));
    json!({ "errors": errors.collect::<Vec<_>>() })
}

/// Who checks may not be who opens the house: what only that one may read is not called wrong.
fn unseen(tls: &CertificateSource) -> Result<Option<String>, CertificateError> {
    match certificates::check(tls) {
        Ok(()) => Ok(None),
        Err(CertificateError::Unreadable { path, .. }) if is_handed(&path) => {
            let why = "systemd passes it only to the service (LoadCredential=)";
            Ok(Some(format!("{}: {why}", path.display())))
        }
        Err(CertificateError::Unreadable { path, source })
            if source.kind() == io::ErrorKind::PermissionDenied =>
        {
            Ok(Some(format!("{}: you may not read it", path.display())))
        }
        Err(error) => Err(error),
    }
}

fn text(Checked { file, settings, unseen }: &Checked) -> String {
    let file = file.as_deref().unwrap_or("none");
    let lines: String = settings.iter().map(line).collect();
    let unseen = unseen.as_ref().map_or_else(String::new, |unseen| format!("Not checked: {unseen}\n"));
    format!("The settings are right. Settings file: {file}\n{lines}{unseen}")
}

fn line(Effective { setting, value, from }: &Effective) -> String {
    format!("{setting:20} {:32} {from}\n", value.as_deref().unwrap_or("-"))
}
