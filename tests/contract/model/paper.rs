//! A chat as somebody would write it down on paper. It shares no code with what decides, and knows no row:
//! answers are the words that a person would write.

use std::collections::{BTreeMap, BTreeSet};

use super::crowd::{ADMIN, MEMBER, Wish};
use super::lines::Line;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;

pub struct Person {
    pub role: u8,
    /// In the words of the docs.
    pub standing: &'static str,
    /// The first line that they may read.
    pub since: u64,
    pub name: u32,
    /// Device -> when it came in and, to the hour, when it was last here.
    pub devices: BTreeMap<u8, (u64, Option<u64>)>,
    /// Delivered, read and seen.
    pub receipt: [u64; 3],
    last_here: Option<u64>,
    tries: u32,
    wait_until: u64,
    has_come: bool,
}

impl Person {
    /// Somebody who is to come in. What was before is read already.
    pub fn new(role: u8, since: u64, name: u32) -> Self {
        Self {
            role,
            standing: "invited",
            since,
            name,
            devices: BTreeMap::new(),
            receipt: [since - 1; 3],
            last_here: None,
            tries: 0,
            wait_until: 0,
            has_come: false,
        }
    }
}

/// What was said by one producer of one device, in order: where, when, and in which words.
type Said = Vec<(u64, u64, String)>;

pub struct Paper {
    pub is_group: bool,
    pub only_admins_write: bool,
    /// People are hidden from each other.
    pub is_hidden: bool,
    pub people: BTreeMap<u32, Person>,
    /// By person, device and producer.
    said: BTreeMap<(u32, u8, u64), Said>,
    /// Producers of a person's device that are remembered, the one that said something last at the end.
    remembered: BTreeMap<(u32, u8), Vec<u64>>,
    /// The same as it was after each 256th message, and who has said something since: what is left of it
    /// after a start.
    at_checkpoint: BTreeMap<(u32, u8), Vec<u64>>,
    since_checkpoint: Vec<(u32, u8, u64)>,
    checkpoint: u64,
    notes: u64,
    pub head: u64,
    pub lines: Vec<Line>,
    pub changes: u64,
    pub hidden: BTreeSet<(u32, u64)>,
    pub hidden_by: BTreeMap<(u32, u64), u64>,
    /// How long what is said stays, in words and in time.
    timer: Option<(&'static str, u64)>,
    idle: u64,
    last_at: u64,
    pub used: u64,
    pub passed: u64,
    watched: u64,
    /// What had passed at the last use, at the last one that was written down, and whether there was one
    /// since the house started.
    used_passed: u64,
    noted: u64,
    noted_at: u64,
    is_fresh: bool,
    pub call_over: Option<u64>,
    wall: u64,
    was_entered: bool,
    pub is_over: bool,
}

impl Paper {
    pub fn new(is_group: bool, people: usize) -> Self {
        let role = |who| if is_group && who > 1 { MEMBER } else { ADMIN };
        let person = |who| Person::new(role(who), 1, who);
        let people = (1..=u32::try_from(people).unwrap()).map(|who| (who, person(who))).collect();
        Self {
            is_group,
            only_admins_write: false,
            is_hidden: false,
            people,
            said: BTreeMap::new(),
            remembered: BTreeMap::new(),
            at_checkpoint: BTreeMap::new(),
            since_checkpoint: Vec::new(),
            checkpoint: 0,
            notes: 0,
            head: 0,
            lines: Vec::new(),
            changes: 0,
            hidden: BTreeSet::new(),
            hidden_by: BTreeMap::new(),
            timer: None,
            idle: DAY,
            last_at: 0,
            used: 0,
            passed: 0,
            watched: 0,
            used_passed: 0,
            noted: 0,
            noted_at: 0,
            is_fresh: true,
            call_over: None,
            wall: 0,
            was_entered: false,
            is_over: false,
        }
    }

    pub fn pass(&mut self, time: u64, wall: u64) {
        self.passed += time;
        self.watched += time;
        self.wall = wall;
    }

    pub fn restart(&mut self) {
        self.is_fresh = false;
        self.used_passed = self.noted;
        let ends_with_note = self.lines.last().is_some_and(|line| line.is_note);
        self.used = self.noted_at.max(if ends_with_note { 0 } else { self.last_at });
        self.remembered = self.at_checkpoint.clone();
        for (who, device, producer) in self.since_checkpoint.clone() {
            self.remember(who, device, producer);
        }
    }

    pub fn is_in(&self, who: u32, device: u8) -> bool {
        self.people[&who].devices.contains_key(&device)
    }

    pub fn devices(&self, who: u32) -> Vec<(u8, u64, Option<u64>)> {
        self.people[&who].devices.iter().map(|(device, (since, last))| (*device, *since, *last)).collect()
    }

    pub fn receipt(&self, who: u32) -> [u64; 3] {
        self.people[&who].receipt
    }

    pub fn tries(&self, who: u32) -> u32 {
        self.people[&who].tries
    }

    pub fn last_here(&self, who: u32) -> Option<u64> {
        self.people[&who].last_here
    }

    pub fn used_now(&mut self) {
        let was_called = self.call_over.take().is_some();
        self.used = self.used.max(self.wall);
        if was_called || !self.is_fresh || self.passed - self.noted >= MINUTE {
            self.noted = self.passed;
            self.noted_at = self.noted_at.max(self.wall);
        }
        (self.used_passed, self.is_fresh) = (self.passed, true);
    }

    fn knows(&self, who: u32, device: u8, producer: u64) -> bool {
        self.remembered.get(&(who, device)).is_some_and(|known| known.contains(&producer))
    }

    /// The sequence that this producer has next, as it knows itself.
    pub fn next(&self, who: u32, device: u8, producer: u64) -> u64 {
        self.said.get(&(who, device, producer)).map_or(0, Vec::len) as u64 + 1
    }

    /// One of all places there are, or one of two that there are not.
    pub fn place(&self, any: u64) -> u64 {
        1 + any % (self.head + 2)
    }

    pub fn say(
        &mut self,
        (who, device): (u32, u8),
        (producer, sequence): (u64, u64),
        words: &str,
        answers: Option<u64>,
    ) -> Result<String, String> {
        self.may(who, Wish::Stay)?;
        if answers.is_some_and(|place| place < self.people[&who].since) {
            return Err("no_such_message".to_owned());
        }
        Ok(self.say_what_may_be_answered((who, device), (producer, sequence), words, answers))
    }

    fn say_what_may_be_answered(
        &mut self,
        (who, device): (u32, u8),
        (producer, sequence): (u64, u64),
        words: &str,
        answers: Option<u64>,
    ) -> String {
        let next = self.next(who, device, producer);
        if !self.knows(who, device, producer) {
            if next == 1 && sequence > 1 {
                return "out_of_order 1".to_owned();
            }
            // It was forgotten for others, and no chat of this test is longer than what is looked through.
            self.remember(who, device, producer);
        }
        if sequence == next {
            if let Err(refused) = self.may(who, Wish::Write) {
                return refused;
            }
            if let Some(place) = answers {
                match self.line(place) {
                    _ if self.hidden.contains(&(who, place)) => return "gone".to_owned(),
                    Some(line) if self.is_over(line) => return "gone".to_owned(),
                    Some(line) if !line.is_note => {}
                    _ => return "no_such_message".to_owned(),
                }
            }
            return self.take((who, device), producer, words, answers);
        }
        if sequence > next {
            return format!("out_of_order {next}");
        }
        let (place, said) = (usize::try_from(sequence).unwrap() - 1, &self.said[&(who, device, producer)]);
        if said.len() - place > 64 {
            return "already_taken".to_owned();
        }
        let (seq, at, known) = &said[place];
        let line = &self.lines[usize::try_from(*seq).unwrap() - 1];
        let is_as_said = line.gone.is_none() && line.edits == 0;
        if !is_as_said || (known == words && line.answers == answers) {
            format!("said before {seq} {at}")
        } else {
            "id_taken".to_owned()
        }
    }

    fn take(&mut self, (who, device): (u32, u8), producer: u64, words: &str, answers: Option<u64>) -> String {
        self.remember(who, device, producer);
        let until = self.timer.map(|(_, time)| self.passed + time);
        self.write(who, words.to_owned(), (false, answers, until));
        let line = (self.head, self.last_at, words.to_owned());
        self.said.entry((who, device, producer)).or_default().push(line);
        self.since_checkpoint.push((who, device, producer));
        if self.head >= self.checkpoint + 256 {
            self.checkpoint = self.head;
            self.at_checkpoint = self.remembered.clone();
            self.since_checkpoint.clear();
        }
        self.used_now();
        format!("said {} {}", self.head, self.last_at)
    }

    fn write(&mut self, who: u32, words: String, rest: (bool, Option<u64>, Option<u64>)) {
        let (is_note, answers, until) = rest;
        self.head += 1;
        self.last_at = self.last_at.max(self.wall);
        self.lines.push(Line {
            from: who,
            words,
            is_note,
            answers,
            edits: 0,
            changed: 0,
            said: self.passed,
            until,
            gone: None,
            reactions: BTreeMap::new(),
        });
    }

    pub fn note(&mut self, who: u32, words: String) {
        self.write(who, words, (true, None, None));
        self.notes += 1;
        self.noted_at = self.noted_at.max(self.used);
    }

    pub fn set_timer(&mut self, who: u32, after: Option<&'static str>) -> Result<String, String> {
        self.may(who, Wish::SetTimes)?;
        let timer = after.map(|word| {
            let time = match word {
                "1h" => HOUR,
                "1d" => DAY,
                "1w" => 7 * DAY,
                _ => 28 * DAY,
            };
            (word, time)
        });
        if self.timer != timer {
            self.timer = timer;
            self.note(who, format!("vanish {}", after.unwrap_or("never")));
        }
        Ok("done".to_owned())
    }

    pub fn set_idle(&mut self, who: u32, is_week: bool) -> Result<String, String> {
        self.may(who, Wish::SetTimes)?;
        let idle = if is_week { 7 * DAY } else { DAY };
        let is_other = self.idle != idle;
        self.idle = idle;
        self.used_now();
        if is_other {
            self.note(who, format!("idle {}", if is_week { "1w" } else { "1d" }));
        }
        Ok(format!("kept {}", self.used + self.idle))
    }

    fn remember(&mut self, who: u32, device: u8, producer: u64) {
        let known = self.remembered.entry((who, device)).or_default();
        known.retain(|other| *other != producer);
        known.push(producer);
        if known.len() > 8 {
            known.remove(0);
        }
    }

    pub fn mark(&mut self, who: u32, [delivered, read, seen]: [u64; 3]) -> Result<String, String> {
        self.may(who, Wish::Stay)?;
        let claim = [delivered.max(read).max(seen), read.max(seen), seen];
        let head = self.head;
        let mine = &mut self.people.get_mut(&who).unwrap().receipt;
        for (counter, claim) in mine.iter_mut().zip(claim) {
            *counter = (*counter).max(claim.min(head));
        }
        Ok(format!("marked {mine:?}"))
    }

    pub fn keep(&mut self, who: u32) -> Result<String, String> {
        self.may(who, Wish::Stay)?;
        self.used_now();
        Ok(format!("kept {}", self.used + self.idle))
    }

    pub fn attempt(&mut self, who: u32) -> String {
        let (wall, person) = (self.wall, self.people.get_mut(&who).unwrap());
        if person.tries >= 100 {
            return "invite_closed".to_owned();
        }
        if person.wait_until > wall {
            return "too_many_tries".to_owned();
        }
        person.tries += 1;
        // Five are free; then 30 seconds, and twice as long each time, up to an hour.
        let waits = person.tries.saturating_sub(5);
        let wait = if waits == 0 { 0 } else { (30_000 << (waits - 1).min(20)).min(HOUR) };
        person.wait_until = wall + wait;
        "done".to_owned()
    }

    pub fn miss(&self, who: u32) -> String {
        let wait = self.people[&who].wait_until.saturating_sub(self.wall);
        format!("missed {wait}")
    }

    pub fn enter(&mut self, who: u32, device: u8) -> String {
        let (wall, person) = (self.wall, self.people.get_mut(&who).unwrap());
        (person.tries, person.wait_until) = (0, 0);
        let is_new = person.devices.insert(device, (wall, None)).is_none();
        let has_come = std::mem::replace(&mut person.has_come, true);
        person.standing = "in";
        self.was_entered = true;
        self.used_now();
        if is_new && has_come {
            self.note(who, "a new device".to_owned());
        }
        "done".to_owned()
    }

    /// This device goes.
    pub fn leave(&mut self, who: u32, device: u8) -> Result<String, String> {
        self.may(who, Wish::Stay)?;
        Ok(self.sign_out(who, device))
    }

    pub fn sign_out(&mut self, who: u32, device: u8) -> String {
        let found = self.people.get_mut(&who).unwrap().devices.remove(&device);
        if found.is_some() { "done" } else { "no_such_device" }.to_owned()
    }

    pub fn replace(
        &mut self,
        (who, device): (u32, u8),
        whose: u32,
        signs_out: bool,
    ) -> Result<String, String> {
        self.may(who, if who == whose { Wish::ReplaceOwn } else { Wish::ReplaceOthers })?;
        let person = self.people.get_mut(&whose).filter(|person| person.is_present());
        let person = person.ok_or_else(|| "no_such_participant".to_owned())?;
        (person.tries, person.wait_until) = (0, 0);
        if signs_out {
            person.devices.retain(|known, _| (whose, *known) == (who, device));
        }
        self.used_now();
        self.note(who, format!("replaced {whose}"));
        Ok("done".to_owned())
    }

    pub fn go_away(&mut self, who: u32, device: u8, is_last: bool) -> String {
        let (wall, person) = (self.wall, self.people.get_mut(&who).unwrap());
        if is_last && person.last_here.is_none_or(|before| wall.abs_diff(before) >= MINUTE) {
            person.last_here = Some(wall);
        }
        let (since, last) = person.devices.get_mut(&device).unwrap();
        *last = Some((wall / HOUR * HOUR).max(*since));
        "done".to_owned()
    }

    /// It is called a day after its last use; one minute later where a start may have lost a use.
    fn is_due(&self) -> bool {
        let slack = if self.is_fresh { 0 } else { MINUTE };
        self.passed - self.used_passed >= self.idle + slack
    }

    pub fn call(&mut self) -> String {
        if self.is_due() && self.call_over.is_none() {
            // A tenth of a day.
            self.call_over = Some(self.watched + self.idle / 10);
        }
        "done".to_owned()
    }

    pub fn expire(&mut self) -> String {
        if self.is_due() && self.call_over.is_some_and(|over| self.watched >= over) {
            return self.end("the clock");
        }
        "done".to_owned()
    }

    pub fn end_by(&mut self, who: u32) -> Result<String, String> {
        self.may(who, Wish::End)?;
        Ok(self.end(&who.to_string()))
    }

    pub fn end(&mut self, by: &str) -> String {
        self.is_over = true;
        format!("ended by {by}, {} messages", self.head - self.notes)
    }

    pub fn end_unentered(&mut self) -> String {
        if self.was_entered { "done".to_owned() } else { self.end("the host") }
    }
}
