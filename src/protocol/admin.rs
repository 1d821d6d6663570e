//! What crosses the admin socket: one question a connection, and its answer, each a line of JSON.
//!
//! `admin` answers, `cli` asks; both are the same program, and its versions may differ by one upgrade. A line
//! is `{"done": ...}`, the answer and the last; `{"refused": {"code", "detail"}}`, instead of it; or
//! `{"bytes": N}` before N bytes that are not JSON. Links and codes are in an answer only where a chat was
//! just started.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::rest::Reach;
use crate::limits::ADMIN_LINE_BYTES_MAX;

/// What the host can ask of a running house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AdminRequest {
    Status {},
    Chats {},
    Start {
        names: Vec<String>,
        /// How long it may be unused; the house's own choice where it is not said.
        idle: Option<String>,
        /// What the group is called; a chat of two has no name of its own.
        title: Option<String>,
    },
    End {
        /// As `chats` writes it.
        chat: String,
    },
    /// How many chats nobody has ever come into.
    NeverEntered {
        /// Only those that were started at least so many seconds ago.
        since_seconds: u64,
    },
    /// Destroy those chats.
    EndNeverEntered {
        since_seconds: u64,
    },
    Doctor {},
    Metrics {},
    Compact {},
    /// A copy of the whole house, as it is on the disk: sealed, and with its keys.
    Backup {},
    /// Such a copy is safe.
    BackedUp {
        /// When it was begun, in milliseconds since 1970.
        at: u64,
    },
    LogLevel {
        /// `error`, `warn`, `info`, `debug` or `trace`.
        level: String,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HouseStatus {
    pub version: String,
    /// Since when it is open; RFC 3339, UTC.
    pub open_since: String,
    pub uptime_seconds: u64,
    /// What links begin with.
    pub url: String,
    pub chats: u64,
    pub messages: u64,
    pub seats: u64,
    pub sockets: u64,
    pub memory_bytes: Option<u64>,
    pub store_bytes: u64,
    pub free_bytes: u64,
    /// In how many days the disk is full, if it goes on as since the house was opened.
    pub disk_lasts_days: Option<u64>,
    /// When the last backup that is safe was begun; RFC 3339, UTC.
    pub last_backup: Option<String>,
    pub last_purge: Option<LastPurge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastPurge {
    /// RFC 3339, UTC, as every time here.
    pub at: String,
    /// Final calls that began.
    pub called: u64,
    pub destroyed: u64,
    /// Ended chats forgotten.
    pub forgotten: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatList {
    /// The most recently used first.
    pub chats: Vec<ChatLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatLine {
    /// 16 hexadecimal digits, for `end`.
    pub chat: String,
    /// When it was started; RFC 3339, UTC.
    pub started: String,
    pub used: String,
    /// How long it may be unused.
    pub idle: String,
    /// When it is destroyed, if nobody uses it.
    pub due: String,
    pub messages: u64,
    pub devices: u64,
    pub was_entered: bool,
    /// How many of its participants have it open now.
    pub here: u64,
}

/// How many chats nobody has ever come into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeverEntered {
    pub chats: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedAll {
    pub ended: u64,
}

/// A chat that was just started. The only time that links and codes are told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedChat {
    /// How long it may be unused.
    pub idle: String,
    pub reach: Reach,
    /// One for each name.
    pub invites: Vec<NewInvite>,
}

/// What lets one person in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInvite {
    pub name: String,
    /// The link, with the token in its fragment.
    pub link: String,
    /// The code, in two groups.
    pub code: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The graver first; nothing when all is well.
    pub findings: Vec<Finding>,
}

/// One thing that will not work, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    pub weight: Weight,
    /// Its stable name.
    pub code: String,
    /// What does not work, and why.
    pub says: String,
    /// What to do: one line.
    pub mend: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The house does not work.
    Fault,
    /// Something does not work, or soon will not.
    Warning,
    /// It works, and could be better.
    Hint,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricsText {
    /// In the text format of Prometheus.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompactionReport {
    pub before_bytes: u64,
    pub after_bytes: u64,
    /// For how many milliseconds nobody could write.
    pub held_millis: u64,
}

/// It was done, and there is nothing to tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminRefusal {
    pub code: String,
    pub detail: String,
}

impl AdminRefusal {
    /// `code` is the stable name of the reason, `detail` one sentence that says what to do.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into() }
    }

    /// The last line of an answer.
    pub fn line(self) -> String {
        write(&AdminLine::<()>::Refused(self))
    }

    /// Whether what was asked is wrong in itself, whatever is in the house.
    pub fn is_usage(&self) -> bool {
        ["bad_name", "same_name", "bad_idle", "bad_level"].contains(&self.code.as_str())
    }
}

/// One line of an answer.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdminLine<T> {
    /// The answer, and the last line.
    Done(T),
    /// Why there is none; the last line.
    Refused(AdminRefusal),
    /// So many bytes follow that are not JSON.
    Bytes(u64),
}

/// As a line, with its end.
pub fn write(value: &impl Serialize) -> String {
    super::json(value) + "\n"
}

/// Reads a line; what is wrong with it is told without what stood in it.
pub fn read<T: DeserializeOwned>(line: &str) -> Result<T, AdminRefusal> {
    let malformed = |detail: &str| AdminRefusal::new("malformed", detail);
    if line.len() > ADMIN_LINE_BYTES_MAX {
        return Err(malformed("The line is too long."));
    }
    serde_json::from_str(line).map_err(|_| malformed("This is not what this version of parlour understands."))
}

/// Reads a line of an answer; none where it is of another version.
pub fn read_answer<T: DeserializeOwned>(line: &str) -> Option<AdminLine<T>> {
    serde_json::from_str(line).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_question_is_a_line_and_back() {
        let names = vec!["Anny".to_owned(), "Abhi".to_owned()];
        for (ask, line) in [
            (AdminRequest::Status {}, r#"{"ask":"status"}"#),
            (
                AdminRequest::Start { names, idle: None, title: None },
                r#"{"ask":"start","names":["Anny","Abhi"],"idle":null,"title":null}"#,
            ),
            (AdminRequest::LogLevel { level: "warn".to_owned() }, r#"{"ask":"log-level","level":"warn"}"#),
        ] {
            assert_eq!(write(&ask), format!("{line}\n"));
            assert_eq!(read::<AdminRequest>(line).unwrap(), ask);
        }
    }

    #[test]
    fn what_is_not_a_question_is_refused_without_showing_it() {
        for line in ["", "{}", r#"{"ask":"secret"}"#, r#"{"ask":"status","canary":1}"#, "[1]", "canary"] {
            let refused = read::<AdminRequest>(line).unwrap_err();
            assert_eq!(refused.code, "malformed");
            assert!(!refused.detail.contains("canary") && !refused.detail.contains("secret"), "{refused:?}");
        }
        assert!(
            read::<AdminRequest>(&" ".repeat(ADMIN_LINE_BYTES_MAX + 1))
                .unwrap_err()
                .detail
                .contains("too long")
        );
    }
}
