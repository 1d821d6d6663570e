//! The rules that the history of a chat must keep, whatever was killed meanwhile. Pure: it reads a list.
//!
//! - each acknowledged message is there, once, for everybody; one order for all, and in it each device's own;
//! - nothing is read that was not sent, and nothing that was deleted;
//! - receipts never shrink, and say nothing that nobody told;
//! - what has ended stays ended, and is at every moment ended whole or there whole;
//! - what was refused is not there, and what comes later may have its number;
//! - nothing but that is ever a reason to refuse.

use std::collections::{BTreeMap, HashMap};

use super::door::Door;
use super::history::{Client, Entry, Fact, Heard, Receipt, Who, is_note};

#[cfg(test)]
mod tests;

/// A message by its sender and the sender's id for it.
type Name = (Who, u128);

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A client was shown `seq` where another one was due.
    Gap { who: Client, due: u64, seq: u64 },
    /// Two messages stand in one place.
    TwoOrders { seq: u64, one: Name, other: Name },
    /// One message stands in two places.
    Twice { name: Name, one: u64, other: u64 },
    /// Nobody sent that, or not so.
    NeverSent { name: Name },
    /// It was refused, and is there.
    TakenAllTheSame { name: Name },
    /// It was acknowledged or shown, and is not there.
    Lost { who: Client, seq: u64 },
    /// It was deleted, and is shown; or it is not shown, though nobody has deleted it.
    Undeleted { who: Client, seq: u64 },
    /// The sender had sent the other one before.
    OutOfOrder { name: Name, after: Name },
    /// A receipt is smaller than one that was told before.
    Shrunk { who: Client, of: Who },
    /// A receipt says more than its participant told.
    Claimed { who: Client, of: Who },
    /// The chat is there again, or still.
    Risen { who: Client },
    /// The chat is there by one door and not by another, or no more though nobody asked for its end since.
    Half { door: Door },
    /// It is not known how the chat ended: two were told different things, or by whom nobody asked for it.
    OtherEnd { who: Client },
    /// Refused for no reason.
    Refused { who: Client, code: String },
}

/// Every rule that this history breaks, in its order.
pub fn check(history: &[Entry]) -> Vec<Fault> {
    let mut known = Known::default();
    for entry in history {
        known.take(entry.who, &entry.fact);
    }
    known.check_order();
    known.faults
}

/// What is known of the chat so far.
#[derive(Default)]
struct Known {
    faults: Vec<Fault>,
    /// How often somebody has sent something.
    says: usize,
    sent: HashMap<Name, Sent>,
    /// Where each text is: nobody says one twice.
    texts: HashMap<(Who, String), u64>,
    /// What stands where, as anybody was told.
    places: BTreeMap<u64, Name>,
    seqs: HashMap<Name, u64>,
    /// Messages of which somebody asked that they be deleted, and whether that is known to be done.
    deleted: HashMap<u64, bool>,
    /// How far each participant has told to have got.
    marked: HashMap<Who, (u64, u64)>,
    /// The most that anybody was told.
    told: HashMap<Who, Receipt>,
    clients: HashMap<Client, Connection>,
    asked_to_end: Vec<Who>,
    /// By whom, and how many messages there were.
    ended: Option<(Who, u64)>,
    /// What the doors say, since somebody asked for the end.
    found: Option<bool>,
}

struct Sent {
    text: String,
    /// As the how-manieth of all.
    rank: usize,
}

/// When a message was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Now,
    Then,
}

/// What is known of one client's connection.
#[derive(Default)]
struct Connection {
    /// What is shown next, where the chat is open.
    due: Option<u64>,
    /// What was known when the client opened the chat: how it stands then is not less.
    head: u64,
    receipts: HashMap<Who, Receipt>,
    /// The connection opened the chat after somebody knew that it had ended.
    is_late: bool,
    /// The most that this client was told.
    told: HashMap<Who, Receipt>,
}

impl Known {
    fn take(&mut self, who: Client, fact: &Fact) {
        match fact {
            Fact::Opens { after } => self.opens(who, *after),
            Fact::Stands { head, receipts } => self.stands(who, *head, receipts),
            Fact::Says { id, text } => self.says((who.person, *id), text),
            Fact::NotTaken { id } => self.not_taken((who.person, *id)),
            Fact::Said { id, seq } => self.said(who, *id, *seq),
            Fact::Hears(heard) => self.hears(who, heard),
            Fact::Deletes { seq } => drop(self.deleted.entry(*seq).or_default()),
            Fact::Deleted { seq } => drop(self.deleted.insert(*seq, true)),
            Fact::Marks { delivered, seen } => self.marks(who.person, *delivered, *seen),
            Fact::IsTold(receipt) => self.is_told(who, *receipt),
            Fact::Ends => self.ends(who.person),
            Fact::Ended { by, messages } => self.ended(who, *by, *messages),
            Fact::Refused { code } => self.faults.push(Fault::Refused { who, code: code.clone() }),
            Fact::Cut => self.client(who).due = None,
            Fact::Reads(messages) => self.reads(who, messages),
            Fact::Finds { door, is_there } => self.finds(who, *door, *is_there),
        }
    }

    fn client(&mut self, who: Client) -> &mut Connection {
        self.clients.entry(who).or_default()
    }

    fn head(&self) -> u64 {
        self.places.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    fn opens(&mut self, who: Client, after: u64) {
        let (head, receipts, is_late) = (self.head(), self.told.clone(), self.is_over());
        let client = self.client(who);
        client.due = Some(after + 1);
        (client.head, client.receipts, client.is_late) = (head, receipts, is_late);
    }

    fn stands(&mut self, who: Client, head: u64, receipts: &[Receipt]) {
        self.is_alive_for(who);
        let client = self.client(who);
        let (known, before) = (client.head, client.receipts.clone());
        if head < known {
            self.faults.push(Fault::Lost { who, seq: known });
        }
        for receipt in receipts {
            if before.get(&receipt.of).is_some_and(|before| is_less(*receipt, *before)) {
                self.faults.push(Fault::Shrunk { who, of: receipt.of });
            }
            self.is_told(who, *receipt);
        }
    }

    fn says(&mut self, name: Name, text: &str) {
        self.says += 1;
        let rank = self.says;
        self.sent.entry(name).or_insert_with(|| Sent { text: text.to_owned(), rank });
    }

    /// Its number is given to another message.
    fn not_taken(&mut self, name: Name) {
        if self.seqs.contains_key(&name) {
            self.faults.push(Fault::TakenAllTheSame { name });
        }
        self.sent.remove(&name);
    }

    fn said(&mut self, who: Client, id: u128, seq: u64) {
        self.is_alive_for(who);
        self.place((who.person, id), seq);
    }

    fn hears(&mut self, who: Client, heard: &Heard) {
        self.is_alive_for(who);
        self.is_sent(who, heard, Shown::Then);
        self.place((heard.from, heard.id), heard.seq);
        let due = self.client(who).due.replace(heard.seq + 1);
        if let Some(due) = due.filter(|due| *due != heard.seq) {
            self.faults.push(Fault::Gap { who, due, seq: heard.seq });
        }
    }

    fn is_sent(&mut self, who: Client, heard: &Heard, shown: Shown) {
        let (name, seq) = ((heard.from, heard.id), heard.seq);
        if is_note(heard.id) {
            return;
        }
        if let Some(text) = &heard.text {
            let first = *self.texts.entry((heard.from, text.clone())).or_insert(seq);
            if first != seq {
                self.faults.push(Fault::Twice { name, one: first, other: seq });
            }
        }
        match &heard.text {
            Some(text) if self.sent.get(&name).is_none_or(|sent| sent.text != *text) => {
                self.faults.push(Fault::NeverSent { name });
            }
            // What is read while nobody speaks is as it is; a frame may have been on its way before.
            Some(_) if shown == Shown::Now && self.deleted.get(&seq) == Some(&true) => {
                self.faults.push(Fault::Undeleted { who, seq });
            }
            None if !self.deleted.contains_key(&seq) => self.faults.push(Fault::Undeleted { who, seq }),
            Some(_) | None => {}
        }
    }

    /// One message, one place; one place, one message.
    fn place(&mut self, name: Name, seq: u64) {
        if !is_note(name.1) && !self.sent.contains_key(&name) {
            self.faults.push(Fault::NeverSent { name });
        }
        let there = *self.places.entry(seq).or_insert(name);
        if there != name {
            self.faults.push(Fault::TwoOrders { seq, one: there, other: name });
        }
        let first = *self.seqs.entry(name).or_insert(seq);
        if first != seq {
            self.faults.push(Fault::Twice { name, one: first, other: seq });
        }
    }

    fn marks(&mut self, who: Who, delivered: u64, seen: u64) {
        let marked = self.marked.entry(who).or_default();
        *marked = (marked.0.max(delivered).max(seen), marked.1.max(seen));
    }

    fn is_told(&mut self, who: Client, receipt: Receipt) {
        let of = receipt.of;
        let (delivered, seen) = self.marked.get(&of).copied().unwrap_or_default();
        if receipt.delivered > delivered || receipt.seen > seen {
            self.faults.push(Fault::Claimed { who, of });
        }
        let before = self.client(who).told.insert(of, receipt);
        if before.is_some_and(|before| is_less(receipt, before)) {
            self.faults.push(Fault::Shrunk { who, of });
        }
        let most = self.told.entry(of).or_insert(receipt);
        most.delivered = most.delivered.max(receipt.delivered);
        most.seen = most.seen.max(receipt.seen);
    }

    fn ends(&mut self, who: Who) {
        self.asked_to_end.push(who);
        self.found = None;
    }

    fn ended(&mut self, who: Client, by: Who, messages: u64) {
        let is_asked = self.asked_to_end.contains(&by);
        let notes = self.places.values().filter(|name| is_note(name.1)).count() as u64;
        let is_so_many = (self.head() - notes..=self.sent.len() as u64).contains(&messages);
        let is_the_same = self.ended.is_none_or(|ended| ended == (by, messages));
        if !(is_asked && is_so_many && is_the_same) {
            self.faults.push(Fault::OtherEnd { who });
        }
        self.ended.get_or_insert((by, messages));
        self.client(who).is_late = true;
    }

    /// A connection that was there before may still be shown what happened before; no later one is.
    fn is_alive_for(&mut self, who: Client) {
        if self.client(who).is_late {
            self.faults.push(Fault::Risen { who });
        }
    }

    fn is_over(&self) -> bool {
        self.ended.is_some() || self.found == Some(false)
    }

    fn reads(&mut self, who: Client, messages: &[Heard]) {
        if self.is_over() {
            self.faults.push(Fault::Risen { who });
        }
        for (seq, heard) in (1..).zip(messages) {
            self.is_sent(who, heard, Shown::Now);
            self.place((heard.from, heard.id), heard.seq);
            if heard.seq != seq {
                self.faults.push(Fault::Gap { who, due: seq, seq: heard.seq });
                return;
            }
        }
        let (read, head) = (messages.len() as u64, self.head());
        if read < head {
            self.faults.push(Fault::Lost { who, seq: read + 1 });
        }
    }

    fn finds(&mut self, who: Client, door: Door, is_there: bool) {
        if is_there && self.ended.is_some() {
            self.faults.push(Fault::Risen { who });
        }
        if *self.found.get_or_insert(is_there) != is_there {
            self.faults.push(Fault::Half { door });
        }
    }

    /// The messages of each producer stand in the order in which they were first sent.
    fn check_order(&mut self) {
        let mut last: HashMap<(Who, u128), Name> = HashMap::new();
        for name in self.places.values() {
            let Some(sent) = self.sent.get(name) else { continue };
            let producer = (name.0, name.1 >> 64);
            let before =
                last.insert(producer, *name).and_then(|before| Some((before, self.sent.get(&before)?)));
            if let Some((before, _)) = before.filter(|(_, before)| before.rank > sent.rank) {
                self.faults.push(Fault::OutOfOrder { name: *name, after: before });
            }
        }
    }
}

fn is_less(receipt: Receipt, before: Receipt) -> bool {
    receipt.delivered < before.delivered || receipt.seen < before.seen
}
