//! Who is in the chat on the sheet of paper, and what each may do: the table of `docs/groups.md`, written
//! once more by hand, and what happens when somebody comes, goes or is something else from now on.

use super::paper::{Paper, Person};

/// As they stand in the table of the docs: the least that one has to be.
pub const ADMIN: u8 = 0;
pub const MEMBER: u8 = 1;
pub const GUEST: u8 = 2;
/// How they are called there.
pub const ROLES: [&str; 3] = ["admin", "member", "guest"];

/// What somebody wants to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Write,
    /// React, mark, keep, sign out a device, and the like: also in a pair.
    Stay,
    SetTimes,
    ReplaceOwn,
    ReplaceOthers,
    Rename,
    Add,
    /// What an admin of a group may do and nobody in a pair.
    Rule,
    Go,
    End,
}

impl Person {
    /// Whether their link works.
    pub fn is_present(&self) -> bool {
        ["invited", "in"].contains(&self.standing)
    }

    fn is_in(&self) -> bool {
        self.standing == "in"
    }
}

impl Paper {
    /// Why not, in the words of a refusal.
    pub fn may(&self, who: u32, wish: Wish) -> Result<(), String> {
        let person = &self.people[&who];
        if !person.is_present() {
            return Err("no_such_seat".to_owned());
        }
        if !self.is_group {
            let is_of_groups = matches!(wish, Wish::Rename | Wish::Add | Wish::Rule | Wish::Go);
            return if is_of_groups { Err("not_a_group".to_owned()) } else { Ok(()) };
        }
        if wish == Wish::Write && self.only_admins_write && person.role != ADMIN {
            return Err("only_admins_talk".to_owned());
        }
        let tells_who_is_there = self.is_hidden && matches!(wish, Wish::Add | Wish::Rename);
        let least = match wish {
            _ if tells_who_is_there => ADMIN,
            Wish::Write | Wish::Stay | Wish::Rename | Wish::Go => GUEST,
            Wish::ReplaceOwn | Wish::Add => MEMBER,
            Wish::SetTimes | Wish::ReplaceOthers | Wish::Rule | Wish::End => ADMIN,
        };
        if person.role <= least { Ok(()) } else { Err("only_admins".to_owned()) }
    }

    pub fn is_out(&self, who: u32) -> bool {
        !self.people[&who].is_present()
    }

    fn is_present(&self, who: u32) -> bool {
        self.people.get(&who).is_some_and(Person::is_present)
    }

    fn is_taken(&self, name: u32, by_others_than: u32) -> bool {
        let mut others = self.people.iter().filter(|(other, _)| **other != by_others_than);
        others.any(|(_, person)| person.is_present() && person.name == name)
    }

    pub fn add(&mut self, by: u32, name: u32, role: u8, reads_history: bool) -> Result<String, String> {
        self.may(by, Wish::Add)?;
        let adder = &self.people[&by];
        if role < adder.role || reads_history && (adder.role != ADMIN || adder.since > 1) {
            return Err("only_admins".to_owned());
        }
        if self.is_taken(name, 0) {
            return Err("same_name".to_owned());
        }
        let number = u32::try_from(self.people.len()).unwrap() + 1;
        let since = if reads_history { 1 } else { self.head + 1 };
        self.people.insert(number, Person::new(role, since, name));
        self.used_now();
        self.note(by, format!("added {number} {reads_history}"));
        Ok(format!("added {number}"))
    }

    pub fn remove(&mut self, by: u32, whom: u32) -> Result<String, String> {
        if by == whom {
            return self.go(by);
        }
        self.may(by, Wish::Rule)?;
        if !self.is_present(whom) {
            return Err("no_such_participant".to_owned());
        }
        self.put_out(whom, "removed");
        self.note(by, format!("removed {whom}"));
        Ok("done".to_owned())
    }

    /// Out of the group, with all devices.
    pub fn go(&mut self, who: u32) -> Result<String, String> {
        self.may(who, Wish::Go)?;
        if self.people.iter().all(|(other, person)| *other == who || !person.is_present()) {
            return Ok(self.end(&who.to_string()));
        }
        let was_admin = self.people[&who].role == ADMIN;
        self.put_out(who, "left");
        self.note(who, "left".to_owned());
        if let Some(heir) = self.heir().filter(|_| was_admin) {
            self.people.get_mut(&heir).unwrap().role = ADMIN;
            self.note(who, format!("heir {heir}"));
        }
        Ok("done".to_owned())
    }

    /// Who becomes admin where nobody is. Who has not come in counts only where nobody has.
    fn heir(&self) -> Option<u32> {
        let in_it: Vec<_> = self.people.iter().filter(|(_, person)| person.is_in()).collect();
        let expected: Vec<_> = self.people.iter().filter(|(_, person)| person.is_present()).collect();
        let able = if in_it.is_empty() { expected } else { in_it };
        if able.iter().any(|(_, person)| person.role == ADMIN) {
            return None;
        }
        able.iter().min_by_key(|(number, person)| (person.role, **number)).map(|(number, _)| **number)
    }

    fn put_out(&mut self, who: u32, standing: &'static str) {
        let person = self.people.get_mut(&who).unwrap();
        person.devices.clear();
        person.standing = standing;
    }

    pub fn set_role(&mut self, by: u32, whose: u32, role: u8) -> Result<String, String> {
        self.may(by, Wish::Rule)?;
        if !self.is_present(whose) {
            return Err("no_such_participant".to_owned());
        }
        if self.people[&whose].role == role {
            return Ok("done".to_owned());
        }
        let is_able = |person: &Person| person.is_in() && person.role == ADMIN;
        let mut others = self.people.iter().filter(|(other, _)| **other != whose);
        if is_able(&self.people[&whose]) && !others.any(|(_, person)| is_able(person)) {
            return Err("last_admin".to_owned());
        }
        self.people.get_mut(&whose).unwrap().role = role;
        self.note(by, format!("role {whose} {}", ROLES[usize::from(role)]));
        Ok("done".to_owned())
    }

    pub fn rename(&mut self, who: u32, name: u32) -> Result<String, String> {
        self.may(who, Wish::Rename)?;
        if self.is_taken(name, who) {
            return Err("same_name".to_owned());
        }
        self.people.get_mut(&who).unwrap().name = name;
        self.note(who, "renamed".to_owned());
        Ok("done".to_owned())
    }

    pub fn describe(&mut self, by: u32) -> Result<String, String> {
        self.may(by, Wish::Rule)?;
        self.note(by, "described".to_owned());
        Ok("done".to_owned())
    }

    pub fn set_writers(&mut self, by: u32, only_admins: bool) -> Result<String, String> {
        self.may(by, Wish::Rule)?;
        if self.only_admins_write == only_admins {
            return Ok("done".to_owned());
        }
        if self.is_hidden && !only_admins {
            return Err("people_hidden".to_owned());
        }
        self.only_admins_write = only_admins;
        self.note(by, format!("writers {}", whom(only_admins)));
        Ok("done".to_owned())
    }

    pub fn set_roster(&mut self, by: u32, hides: bool) -> Result<String, String> {
        self.may(by, Wish::Rule)?;
        if self.is_hidden == hides {
            return Ok("done".to_owned());
        }
        if hides && !self.only_admins_write {
            return Err("people_hidden".to_owned());
        }
        self.is_hidden = hides;
        self.note(by, format!("roster {}", whom(hides)));
        Ok("done".to_owned())
    }

    /// One line for each person, as `Rows` writes it.
    pub fn crowd(&self) -> Vec<String> {
        let line = |(number, person): (&u32, &Person)| {
            let Person { role, standing, since, name, .. } = person;
            format!("{number}: Name {name}, {}, {standing}, {since}", ROLES[usize::from(*role)])
        };
        self.people.iter().map(line).collect()
    }

    /// What is always so in a group.
    pub fn check_crowd(&self) {
        let mut present = self.people.values().filter(|person| person.is_present());
        assert!(!self.is_group || present.any(|person| person.role == ADMIN), "a group without an admin");
        assert!(!self.is_hidden || self.only_admins_write, "who writes is seen");
        for person in self.people.values().filter(|person| !person.is_present()) {
            assert!(person.devices.is_empty(), "a device of somebody who is out");
        }
    }
}

pub fn whom(is_admins: bool) -> &'static str {
    if is_admins { "admins" } else { "everybody" }
}
