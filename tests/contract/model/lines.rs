//! The lines of the sheet of paper, and what is done to one that is written.

use std::collections::BTreeMap;

use super::crowd::{ADMIN, Wish};
use super::paper::{DAY, Paper};

/// One line of the sheet, as it looks now.
pub struct Line {
    pub from: u32,
    pub words: String,
    pub is_note: bool,
    pub answers: Option<u64>,
    pub edits: u32,
    pub changed: u64,
    pub said: u64,
    pub until: Option<u64>,
    /// What is written over it.
    pub gone: Option<String>,
    pub reactions: BTreeMap<u32, &'static str>,
}

impl Line {
    fn cross_out(&mut self, how: String) {
        self.gone = Some(how);
        (self.answers, self.edits) = (None, 0);
        self.reactions.clear();
    }
}

impl Paper {
    pub fn line(&self, place: u64) -> Option<&Line> {
        self.lines.get(usize::try_from(place).unwrap() - 1)
    }

    pub fn is_over(&self, line: &Line) -> bool {
        line.gone.is_some() || line.until.is_some_and(|until| until <= self.passed)
    }

    /// Changes a line, and gives what is told of it.
    fn change(&mut self, place: u64, change: impl FnOnce(&mut Line)) -> String {
        self.changes += 1;
        let line = &mut self.lines[usize::try_from(place).unwrap() - 1];
        line.changed = self.changes;
        change(line);
        format!("changed {}", self.changes)
    }

    /// Whether this person, who wishes that, may read the line.
    fn reaches(&self, who: u32, wish: Wish, place: u64) -> Result<(), String> {
        self.may(who, wish)?;
        let may_read = place >= self.people[&who].since;
        if may_read { Ok(()) } else { Err("no_such_message".to_owned()) }
    }

    pub fn edit(&mut self, who: u32, place: u64, base: u32, words: &str) -> String {
        if let Err(refused) = self.reaches(who, Wish::Write, place) {
            return refused;
        }
        let Some(line) = self.line(place) else { return "no_such_message".to_owned() };
        if self.is_over(line) {
            return "gone".to_owned();
        }
        if line.is_note || line.from != who {
            return "not_yours".to_owned();
        }
        if line.words == words {
            return format!("changed {}", line.changed);
        }
        if line.edits != base {
            return "changed_meanwhile".to_owned();
        }
        if self.passed - line.said >= DAY {
            return "too_late".to_owned();
        }
        self.change(place, |line| {
            line.words = words.to_owned();
            line.edits += 1;
        })
    }

    pub fn delete(&mut self, who: u32, place: u64) -> String {
        if let Err(refused) = self.reaches(who, Wish::Stay, place) {
            return refused;
        }
        let Some(line) = self.line(place) else { return "no_such_message".to_owned() };
        let rules = self.is_group && self.people[&who].role == ADMIN;
        if line.is_note || line.from != who && !rules {
            return "not_yours".to_owned();
        }
        if self.is_over(line) {
            return format!("changed {}", line.changed);
        }
        let mut others =
            self.people.iter().filter(|(other, person)| **other != line.from && person.since <= place);
        let reached = others.any(|(_, person)| person.receipt[0] >= place);
        self.change(place, |line| line.cross_out(format!("gone, {who}, {reached}")))
    }

    pub fn hide(&mut self, who: u32, place: u64) -> String {
        if let Err(refused) = self.reaches(who, Wish::Stay, place) {
            return refused;
        }
        if self.line(place).is_none() {
            return "no_such_message".to_owned();
        }
        if self.hidden.insert((who, place)) {
            self.changes += 1;
            self.hidden_by.insert((who, place), self.changes);
        }
        format!("changed {}", self.hidden_by[&(who, place)])
    }

    pub fn react(&mut self, who: u32, place: u64, emoji: Option<&'static str>) -> String {
        if let Err(refused) = self.reaches(who, Wish::Stay, place) {
            return refused;
        }
        let Some(line) = self.line(place) else { return "no_such_message".to_owned() };
        if self.is_over(line) {
            return "gone".to_owned();
        }
        if line.is_note {
            return "no_such_message".to_owned();
        }
        if line.reactions.get(&who).copied() == emoji {
            return format!("changed {}", line.changed);
        }
        self.change(place, |line| match emoji {
            Some(emoji) => drop(line.reactions.insert(who, emoji)),
            None => drop(line.reactions.remove(&who)),
        })
    }

    pub fn vanished(&self) -> Vec<u64> {
        let over = |line: &Line| line.gone.is_none() && self.is_over(line);
        (1..).zip(&self.lines).filter(|(_, line)| over(line)).map(|(place, _)| place).collect()
    }

    pub fn vanish(&mut self, place: u64) -> String {
        let is_over = |line: &Line| line.gone.is_none() && self.is_over(line);
        if self.line(place).is_some_and(is_over) {
            return self.change(place, |line| line.cross_out("gone, clock".to_owned()));
        }
        "done".to_owned()
    }

    /// What somebody sees at a place.
    pub fn shown(&self, place: u64) -> String {
        let line = self.line(place).unwrap();
        let words = line.gone.as_ref().unwrap_or(&line.words);
        let reactions: String = line.reactions.iter().map(|(who, emoji)| format!("{who}{emoji}")).collect();
        let (from, edits, answers, until) = (line.from, line.edits, line.answers, line.until);
        format!("{from}: {words} [{edits} {answers:?} {until:?} {reactions}]")
    }

    pub fn hidden(&self) -> Vec<(u32, u64)> {
        self.hidden.iter().copied().collect()
    }
}
