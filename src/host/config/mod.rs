//! What the house was told, and what that means: every error of starting with a wrong setting is here.
//!
//! [`Config::read`] takes the settings file, then the `PARLOUR_*` variables, then the flags; what is
//! said later wins. `main` calls it once and hands the variables in: this room reads a file, but never
//! the environment. `raw` keeps what was said and where, `setting` turns one of those into a value,
//! and here the values are completed and checked against each other.

mod effective;
mod error;
mod flags;
mod place;
mod raw;
mod setting;
mod tls;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use rustix::process::geteuid;

use crate::domain::Idle;
use crate::http::MayStart;
use crate::limits;
use crate::net::certificates::CertificateSource;
use crate::net::{PORT, PublicUrl, Scheme, machine_name, own_names};

pub use effective::Effective;
pub use error::{ConfigError, WrongSettings};
pub use flags::Flags;
pub use tls::is_handed;

use place::{Named, Place, Said};
use raw::{Key, Raw};
use setting::Read;

/// The name by which the house is found, where nobody says another: `parlour.local`.
const MDNS: &str = "parlour";

/// Houses of one name in one network that each answer to theirs.
const HOUSES_OF_A_NETWORK: u32 = 9;

/// What the admin socket is called, where nobody says.
pub const ADMIN_SOCKET: &str = "admin.sock";

/// What the house was told, complete and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The settings file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// Where to listen; never empty, each address once. `[::]` means both families.
    pub listen: Vec<SocketAddr>,
    /// The directory of the store. It need not exist yet.
    pub data: PathBuf,
    /// The address that links begin with; without one, links are built from this machine's addresses.
    pub public_url: Option<PublicUrl>,
    /// Who may start a chat.
    pub may_start: MayStart,
    /// Peers whose `Forwarded` and `X-Forwarded-For` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The idle times that the start page offers; never empty, each once, the shortest first.
    pub idle_choices: Vec<Idle>,
    /// The idle time that is chosen when nobody chooses; one of `idle_choices`.
    pub idle_default: Idle,
    /// The lowest level that is logged.
    pub log_level: log::Level,
    /// Messages a second that one seat may send, lasting; 1 to [`limits::MESSAGES_PER_SECOND_MAX`].
    pub messages_per_second: u32,
    /// Names, as in a `Host` field without a port, that the house answers to beside those it finds itself.
    pub names: Vec<String>,
    /// Where the host said that the admin socket is; see [`Config::admin_socket`].
    pub admin_socket: Option<PathBuf>,
    /// Where the figures of the house are shown over HTTP; nowhere if it is not said.
    pub metrics_listen: Option<SocketAddr>,
    /// The house is announced in its network as this name with `.local`; not at all if there is none.
    pub mdns: Option<String>,
    /// What systemd made for sockets and the like (`RUNTIME_DIRECTORY`, systemd.exec(5)).
    pub runtime: Option<PathBuf>,
    /// Whether the house speaks HTTPS itself, and with which certificate.
    pub tls: CertificateSource,
    /// Where plain HTTP is sent on to HTTPS; empty without TLS.
    pub redirect_listen: Vec<SocketAddr>,
    /// Whether the house of the service is meant, where there is one: nobody said another.
    pub may_be_service: bool,
}

impl Config {
    /// Reads file, variables and flags.
    ///
    /// `variables` is the environment; only `PARLOUR_*`, `HOME`, `XDG_CONFIG_HOME`, `XDG_DATA_HOME`,
    /// `RUNTIME_DIRECTORY` and `CREDENTIALS_DIRECTORY` are looked at. The file is the one that `--config` or
    /// `PARLOUR_CONFIG` names, else the first that exists of `$XDG_CONFIG_HOME/parlour/parlour.toml`
    /// (`~/.config` where that is not set) and `/etc/parlour/parlour.toml`. One that is named must exist.
    pub fn read(
        flags: &Flags,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, WrongSettings> {
        Ok(Self::read_for(Purpose::Open, flags, variables)?.0)
    }

    /// The same for who asks a house or puts one back, and opens none: the certificate need not be there,
    /// since systemd hands it to the service alone, and root means the house of the service where there is
    /// one.
    pub fn look(
        flags: &Flags,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, WrongSettings> {
        Ok(Self::read_for(Purpose::Look, flags, variables)?.0)
    }

    /// The same, with what each setting comes to and where that was said.
    pub fn explain(
        flags: &Flags,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<(Self, Vec<Effective>), WrongSettings> {
        let (config, raw) = Self::read_for(Purpose::Look, flags, variables)?;
        let effective = effective::of(&config, &raw);
        Ok((config, effective))
    }

    fn read_for(
        purpose: Purpose,
        flags: &Flags,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<(Self, Raw), WrongSettings> {
        let home = Home { purpose, ..Home::new(variables) };
        let mut wrong = Vec::new();
        let mut told = Raw::from_variables(&home.variables, &mut wrong);
        let (file, named) = settings_file(flags, &home).unwrap_or_else(|error| {
            wrong.push(error);
            (None, None)
        });
        let text = file.as_deref().map(settings_text).transpose().unwrap_or_else(|error| {
            wrong.push(error);
            None
        });
        let mut raw = match (&file, text) {
            (Some(path), Some(text)) => Raw::from_toml(path, &text, &mut wrong),
            _ => Raw::default(),
        };
        told.overrule(Raw::from_flags(flags));
        raw.overrule(told);
        let config = Self::from_raw((file, named), &home, Reading { raw: &raw, wrong: &mut wrong });
        WrongSettings::of(wrong)?;
        Ok((config, raw))
    }

    /// The level that a word means.
    pub fn log_level(word: &str) -> Option<log::Level> {
        setting::level(word)
    }

    /// Where the admin socket of a house with these settings is.
    pub fn admin_socket(&self) -> PathBuf {
        let own = || self.runtime.as_ref().unwrap_or(&self.data).join(ADMIN_SOCKET);
        self.admin_socket.clone().unwrap_or_else(own)
    }

    /// Where the house listens beside its own addresses: for who is sent on to HTTPS, and for figures.
    pub fn beside(&self) -> impl Iterator<Item = &SocketAddr> {
        self.redirect_listen.iter().chain(&self.metrics_listen)
    }

    /// What stands before `://` in a link that does not begin with `public_url`.
    pub fn scheme(&self) -> Scheme {
        if self.tls == CertificateSource::Off { Scheme::Http } else { Scheme::Https }
    }

    /// The names that the host gave the house, and those by which it may be found in its network: another
    /// house may have had the first one, and then a number is added (RFC 6762, section 9).
    pub fn answers_to(&self) -> Vec<String> {
        let found = self.mdns.iter().flat_map(|name| {
            let others = (2..=HOUSES_OF_A_NETWORK).map(move |number| format!("{name}-{number}.local"));
            std::iter::once(format!("{name}.local")).chain(others)
        });
        self.names.iter().cloned().chain(found).collect()
    }

    /// Every name that the house answers to, this machine's among them.
    pub fn own_names(&self) -> Vec<String> {
        own_names(self.public_url.as_ref(), &self.answers_to(), machine_name().as_deref())
    }

    /// Messages that one seat may send at once: what it may send in three seconds.
    pub fn messages_burst(&self) -> u32 {
        self.messages_per_second * limits::MESSAGES_BURST_SECONDS
    }

    /// What is wrong is noted, and has its default here: nobody gets to see these settings then.
    fn from_raw((file, named): (Option<PathBuf>, Option<Named>), home: &Home, mut read: Reading<'_>) -> Self {
        let idle_choices = read.take(Key::IdleChoices, setting::idle_choices).unwrap_or(Idle::ALL.to_vec());
        let data = read.take(Key::Data, setting::data).or_else(|| home.data());
        if data.is_none() && read.raw.place(Key::Data).is_none() {
            read.wrong.push(ConfigError::NoData);
        }
        let data = data.unwrap_or_default();
        let idle_default = read.take(Key::IdleDefault, |said| setting::idle_default(said, &idle_choices));
        let messages_per_second = read.take(Key::MessagesPerSecond, setting::messages_per_second);
        Self {
            may_be_service: may_be_service(read.raw.place(Key::Data), &data, named, file.as_deref()),
            file,
            listen: read.take(Key::Listen, setting::listen).unwrap_or_else(everywhere),
            data,
            public_url: read.take(Key::PublicUrl, setting::public_url),
            may_start: read.take(Key::MayStart, setting::may_start).unwrap_or_default(),
            trusted_proxies: read.take(Key::TrustedProxies, setting::trusted_proxies).unwrap_or_default(),
            idle_default: idle_default.or_else(|| Idle::by_default(&idle_choices)).unwrap_or(Idle::Month),
            idle_choices,
            log_level: read.take(Key::LogLevel, setting::log_level).unwrap_or(log::Level::Info),
            messages_per_second: messages_per_second.unwrap_or(limits::MESSAGES_PER_SECOND),
            names: read.take(Key::Names, setting::names).unwrap_or_default(),
            admin_socket: read.take(Key::AdminSocket, setting::socket),
            metrics_listen: read.take(Key::MetricsListen, setting::metrics_listen),
            mdns: read.take(Key::Mdns, setting::mdns).unwrap_or_else(|| Some(MDNS.to_owned())),
            runtime: home.directory("RUNTIME_DIRECTORY"),
            redirect_listen: read.take(Key::RedirectListen, setting::addresses).unwrap_or_default(),
            tls: read.note(tls::tls(read.raw, home.handed())).unwrap_or_default(),
        }
    }
}

/// Settings that are read, and what was found wrong with them.
struct Reading<'a> {
    raw: &'a Raw,
    wrong: &'a mut Vec<ConfigError>,
}

impl Reading<'_> {
    fn take<T>(&mut self, key: Key, parse: impl FnOnce(&Said) -> Read<T>) -> Option<T> {
        let value = self.raw.value(key, parse);
        self.note(value).flatten()
    }

    fn note<T>(&mut self, read: Read<T>) -> Option<T> {
        read.map_err(|wrong| self.wrong.extend(wrong)).ok()
    }
}

/// A directory that somebody said, or a settings file of their own, means another house than the service's.
fn may_be_service(said: Option<&Place>, data: &Path, named: Option<Named>, file: Option<&Path>) -> bool {
    let is_of_service = |file: &Path| file == Path::new(SERVICE_FILE);
    match said {
        Some(Place::File { path, .. }) if is_of_service(path) => true,
        Some(_) => data == Path::new(SERVICE_DATA),
        None => named.is_none() || file.is_some_and(is_of_service),
    }
}

fn everywhere() -> Vec<SocketAddr> {
    vec![(Ipv6Addr::UNSPECIFIED, PORT).into()]
}

/// What the settings are read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A house is opened with them.
    Open,
    /// Somebody wants to know where a house is.
    Look,
}

/// Where the service has its data.
const SERVICE_DATA: &str = "/var/lib/parlour";
/// Where the service has its settings.
const SERVICE_FILE: &str = "/etc/parlour/parlour.toml";

/// The variables, and the directories that they lead to.
struct Home {
    variables: BTreeMap<OsString, OsString>,
    purpose: Purpose,
}

impl Home {
    fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self { variables: variables.into_iter().collect(), purpose: Purpose::Open }
    }

    /// A directory that a variable names. The XDG Base Directory Specification asks to ignore relative paths.
    fn directory(&self, variable: &str) -> Option<PathBuf> {
        let path = PathBuf::from(self.variables.get(&OsString::from(variable))?);
        path.is_absolute().then_some(path)
    }

    fn base(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        self.directory(variable).or_else(|| Some(self.directory("HOME")?.join(below_home)))
    }

    fn data(&self) -> Option<PathBuf> {
        let is_of_service = self.purpose == Purpose::Look && geteuid().is_root();
        if is_of_service && self.directory("XDG_DATA_HOME").is_none() && Path::new(SERVICE_DATA).exists() {
            return Some(SERVICE_DATA.into());
        }
        Some(self.base("XDG_DATA_HOME", ".local/share")?.join("parlour"))
    }

    /// What `LoadCredential=` names.
    fn handed(&self) -> Option<tls::Handed> {
        let handed = self.directory("CREDENTIALS_DIRECTORY").and_then(|directory| tls::handed(&directory));
        handed.or_else(|| (self.purpose == Purpose::Look).then(tls::handed_to_service))
    }

    /// Where a settings file is looked for when none is named, the first that exists wins.
    fn settings_files(&self) -> Vec<PathBuf> {
        let own = self.base("XDG_CONFIG_HOME", ".config").map(|base| base.join("parlour/parlour.toml"));
        own.into_iter().chain([PathBuf::from(SERVICE_FILE)]).collect()
    }
}

/// The file, and who named it.
fn settings_file(flags: &Flags, home: &Home) -> Result<(Option<PathBuf>, Option<Named>), ConfigError> {
    let variable = home.variables.get(&OsString::from(raw::CONFIG_VARIABLE)).filter(|path| !path.is_empty());
    let named = match (&flags.config, variable) {
        (Some(path), _) => Some((path.clone(), Named::ByFlag)),
        (None, Some(path)) => Some((PathBuf::from(path), Named::ByVariable)),
        (None, None) => None,
    };
    let Some((path, named)) = named else {
        return Ok((home.settings_files().into_iter().find(|path| path.exists()), None));
    };
    if path.exists() { Ok((Some(path), Some(named))) } else { Err(ConfigError::NoFile { path, named }) }
}

fn settings_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source: io::Error| ConfigError::Unreadable { path: path.to_owned(), source };
    let mut text = String::new();
    let bound = limits::CONFIG_BYTES_MAX + 1;
    let length = File::open(path).and_then(|file| file.take(bound).read_to_string(&mut text));
    if length.map_err(unreadable)? as u64 == bound {
        return Err(unreadable(io::ErrorKind::FileTooLarge.into()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
