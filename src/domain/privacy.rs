//! What a device does not tell of its person, and therefore is not told of others. A device says it when it
//! comes, and the house keeps the bargain: who withholds something does not get it either. The hub and the
//! views of a chat ask here; nothing of it is kept.

use super::{Command, ParticipantId, Receipt, Seq};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Typing,
    /// Up to where its person has seen the messages.
    Seen,
    /// Whether its person is here, and since when not any more.
    Here,
}

impl Signal {
    pub const ALL: [Self; 3] = [Self::Typing, Self::Seen, Self::Here];

    pub fn word(self) -> &'static str {
        match self {
            Self::Typing => "typing",
            Self::Seen => "seen",
            Self::Here => "here",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.word() == word)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrivacySettings([bool; Signal::ALL.len()]);

impl PrivacySettings {
    pub const NOTHING: Self = Self([false; Signal::ALL.len()]);

    pub fn has(self, signal: Signal) -> bool {
        self.0[signal as usize]
    }

    /// The same with `signal`; none when that was withheld before.
    pub fn and(mut self, signal: Signal) -> Option<Self> {
        (!std::mem::replace(&mut self.0[signal as usize], true)).then_some(self)
    }

    /// What the device asks for, without what it withholds: what was seen was only read.
    #[must_use]
    pub fn kept_from(self, command: Command) -> Command {
        match command {
            Command::Mark(claim) if self.has(Signal::Seen) => {
                Command::Mark(Receipt { seen: Seq::NONE, ..claim })
            }
            told => told,
        }
    }
}

/// Who looks at a chat: one participant, through a device that withholds something or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub participant: ParticipantId,
    pub withheld: PrivacySettings,
}

/// How far a participant has got, as one viewer is shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub delivered: Seq,
    pub seen: Seq,
}

impl Viewer {
    #[cfg(feature = "test-support")]
    pub fn of(participant: ParticipantId) -> Self {
        Self { participant, withheld: PrivacySettings::NOTHING }
    }

    /// Whether this viewer tells `signal`, and so is told that of the others.
    pub fn shares(self, signal: Signal) -> bool {
        !self.withheld.has(signal)
    }

    /// What this viewer is shown of the receipt of `whose`. One's own is whole on each of one's devices.
    pub fn progress(self, whose: ParticipantId, receipt: Receipt) -> Progress {
        if whose == self.participant {
            Progress::of_oneself(receipt)
        } else {
            Progress::of_another(receipt, self.shares(Signal::Seen))
        }
    }
}

impl Progress {
    /// What a person's own devices are shown, whatever they withhold.
    pub fn of_oneself(Receipt { delivered, read, .. }: Receipt) -> Self {
        Self { delivered, seen: read }
    }

    /// What the others are shown, who share what they have seen themselves or do not.
    pub fn of_another(receipt: Receipt, shares_seen: bool) -> Self {
        Self { delivered: receipt.delivered, seen: if shares_seen { receipt.seen } else { Seq::NONE } }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ANNY: ParticipantId = ParticipantId(1);
    const ABHI: ParticipantId = ParticipantId(2);
    const RECEIPT: Receipt = Receipt { delivered: Seq(9), seen: Seq(5), read: Seq(7) };

    #[test]
    fn each_sign_is_withheld_by_itself_and_once() {
        for signal in Signal::ALL {
            let withheld = PrivacySettings::NOTHING.and(signal).unwrap();
            assert_eq!(
                Signal::ALL.map(|other| withheld.has(other)),
                Signal::ALL.map(|other| other == signal)
            );
            assert_eq!(withheld.and(signal), None);
            assert_eq!(Signal::parse(signal.word()), Some(signal));
        }
        assert_eq!(Signal::parse("Seen"), None);
    }

    #[test]
    fn a_person_who_withholds_what_was_seen_marks_it_as_read() {
        let silent = PrivacySettings::NOTHING.and(Signal::Seen).unwrap();
        let read = Receipt { seen: Seq::NONE, ..RECEIPT };
        assert_eq!(silent.kept_from(Command::Mark(RECEIPT)), Command::Mark(read));
        assert_eq!(PrivacySettings::NOTHING.kept_from(Command::Mark(RECEIPT)), Command::Mark(RECEIPT));
        assert_eq!(silent.kept_from(Command::Keep), Command::Keep);
    }

    #[test]
    fn what_is_shown_of_a_receipt_depends_on_who_looks_and_what_they_tell() {
        let silent = PrivacySettings::NOTHING.and(Signal::Seen).unwrap();
        for (participant, withheld, seen) in [
            (ANNY, PrivacySettings::NOTHING, 7),
            (ANNY, silent, 7),
            (ABHI, PrivacySettings::NOTHING, 5),
            (ABHI, silent, 0),
        ] {
            let shown = Viewer { participant, withheld }.progress(ANNY, RECEIPT);
            assert_eq!(shown, Progress { delivered: Seq(9), seen: Seq(seen) });
        }
    }
}
