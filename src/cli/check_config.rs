//! `parlour check-config`: whether a house would start with these settings.

use std::io;

use serde::Serialize;

use super::Failure;
use super::door::Door;
use super::settings::Given;
use crate::certificates::{self, CertificateError};
use crate::config::{Tls, is_handed};

/// Check the settings, without starting anything
#[derive(Clone, Debug, clap::Args)]
pub struct CheckConfig {
    #[command(flatten)]
    door: Door,
}

/// What the settings come to.
#[derive(Serialize)]
struct Checked {
    file: Option<String>,
    listen: Vec<String>,
    data: String,
    admin_socket: String,
    /// What is not known of the certificate, if anything.
    unseen: Option<String>,
}

impl CheckConfig {
    /// Reads them and the certificate as the house does, and says what they come to.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let config = given.settings()?;
        let checked = Checked {
            file: config.file.as_ref().map(|file| file.display().to_string()),
            listen: config.listen.iter().map(ToString::to_string).collect(),
            data: config.data.display().to_string(),
            admin_socket: config.admin_socket().display().to_string(),
            unseen: unseen(&config.tls)?,
        };
        self.door.tell(&checked, told)
    }
}

/// Who checks may not be who opens the house: what only that one may read is not called wrong.
fn unseen(tls: &Tls) -> Result<Option<String>, CertificateError> {
    match certificates::check(tls) {
        Ok(()) => Ok(None),
        Err(CertificateError::Unreadable { path, .. }) if is_handed(&path) => {
            let why = "systemd hands it to the service alone (LoadCredential=)";
            Ok(Some(format!("{} is not looked at: {why}", path.display())))
        }
        Err(CertificateError::Unreadable { path, source })
            if source.kind() == io::ErrorKind::PermissionDenied =>
        {
            Ok(Some(format!("{} is not looked at: you may not read it", path.display())))
        }
        Err(error) => Err(error),
    }
}

fn told(Checked { file, listen, data, unseen, .. }: &Checked) -> String {
    let file = file.as_deref().unwrap_or("no file: everything has its default");
    let unseen = unseen.as_ref().map_or_else(String::new, |unseen| format!("tls     {unseen}\n"));
    let listen = listen.join(", ");
    format!("The settings are right.\nfile    {file}\nlisten  {listen}\ndata    {data}\n{unseen}")
}
