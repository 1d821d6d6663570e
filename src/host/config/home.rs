//! Where things are when nobody says: what the variables of XDG and systemd lead to.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::error::{ConfigError, Location};
use super::flags::{CONFIG, Flags};
use super::layers::CONFIG_VARIABLE;
use super::tls::Credentials;
use crate::limits;

pub const ADMIN_SOCKET: &str = "admin.sock";

pub const SERVICE_DATA: &str = "/var/lib/parlour";
pub const SERVICE_FILE: &str = "/etc/parlour/parlour.toml";

const NOT_UTF8: &str = "this line has a letter that is not UTF-8: save the file in UTF-8";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A house is opened with them.
    Open,
    /// Somebody wants to know where a house is, or puts one back. The certificate need not be there, since
    /// systemd hands it to the service alone; and root means the house of the service where there is one.
    Look,
    /// The same, where only the settings of the service may name a certificate that is not there.
    Check,
}

/// Whether something is in the place of the admin socket that is none. It is somebody's, and is left alone.
pub fn is_blocked(socket: &Path) -> bool {
    fs::symlink_metadata(socket).is_ok_and(|found| !found.file_type().is_socket())
}

pub struct Home {
    pub variables: BTreeMap<OsString, OsString>,
    access: Access,
}

impl Home {
    pub fn new(access: Access, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self { variables: variables.into_iter().collect(), access }
    }

    /// A directory that a variable names. The XDG Base Directory Specification asks to ignore relative paths.
    fn directory(&self, variable: &str) -> Option<PathBuf> {
        let path = PathBuf::from(self.variables.get(&OsString::from(variable))?);
        path.is_absolute().then_some(path)
    }

    fn base(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        self.directory(variable).or_else(|| Some(self.directory("HOME")?.join(below_home)))
    }

    pub fn data(&self) -> Option<PathBuf> {
        let is_of_service = self.access != Access::Open && geteuid().is_root();
        if is_of_service && self.directory("XDG_DATA_HOME").is_none() && Path::new(SERVICE_DATA).exists() {
            return Some(SERVICE_DATA.into());
        }
        Some(self.base("XDG_DATA_HOME", ".local/share")?.join("parlour"))
    }

    /// Systemd makes a directory for sockets (`RUNTIME_DIRECTORY`, systemd.exec(5)).
    pub fn admin_socket(&self, data: &Path) -> PathBuf {
        self.directory("RUNTIME_DIRECTORY").as_deref().unwrap_or(data).join(ADMIN_SOCKET)
    }

    /// `asked` is where `tls` was said.
    pub fn credentials(&self, asked: Option<&Location>) -> Option<Credentials> {
        let given =
            self.directory("CREDENTIALS_DIRECTORY").and_then(|directory| Credentials::given(&directory));
        let may_be_handed = match self.access {
            Access::Open => false,
            Access::Look => true,
            Access::Check => asked.is_some_and(|location| location.is_in(Path::new(SERVICE_FILE))),
        };
        given.or_else(|| may_be_handed.then(Credentials::of_service))
    }

    /// The file that `--config` or `PARLOUR_CONFIG` names, else the first that is found.
    pub fn settings_file(&self, flags: &Flags) -> Option<SettingsFile> {
        let variable = self.variables.get(&OsString::from(CONFIG_VARIABLE)).filter(|path| !path.is_empty());
        let (path, named_by) = match (flags.text(CONFIG), variable) {
            (Some(path), _) => (path.into(), Some("--config")),
            (None, Some(path)) => (path.into(), Some(CONFIG_VARIABLE)),
            (None, None) => (self.settings_files().into_iter().find(|path| path.exists())?, None),
        };
        Some(SettingsFile { path, named_by })
    }

    pub fn settings_files(&self) -> Vec<PathBuf> {
        let own = self.base("XDG_CONFIG_HOME", ".config").map(|base| base.join("parlour/parlour.toml"));
        own.into_iter().chain([PathBuf::from(SERVICE_FILE)]).collect()
    }
}

pub struct SettingsFile {
    pub path: PathBuf,
    /// `--config` or `PARLOUR_CONFIG`, if one of them named it.
    pub named_by: Option<&'static str>,
}

impl SettingsFile {
    /// A file that is named must be there.
    pub fn text(&self) -> Result<String, ConfigError> {
        let path = self.path.clone();
        if let Some(by) = self.named_by.filter(|_| !self.path.exists()) {
            return Err(ConfigError::NoFile { path, by });
        }
        let mut bytes = Vec::new();
        let bound = limits::CONFIG_BYTES_MAX + 1;
        match File::open(&self.path).and_then(|file| file.take(bound).read_to_end(&mut bytes)) {
            Ok(length) if length as u64 == bound => {
                Err(ConfigError::Unreadable { path, source: io::ErrorKind::FileTooLarge.into() })
            }
            Ok(_) => String::from_utf8(bytes).map_err(|error| {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = before.split(|byte| *byte == b'\n').count();
                ConfigError::Syntax { path, line, what: NOT_UTF8.to_owned() }
            }),
            Err(source) => Err(ConfigError::Unreadable { path, source }),
        }
    }
}
