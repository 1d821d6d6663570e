//! An engine that keeps everything in maps: it writes each change, and begins again from what was written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parlour::domain::chat::*;
use parlour::domain::*;

use super::paper::Paper;
use super::{DEVICES, device_id, many};

pub struct PersonRows {
    pub role: Role,
    pub since: Seq,
    /// How they went, if they did.
    pub out: Option<Standing>,
    pub name: String,
    pub receipt: Receipt,
    last_here: Option<At>,
    guesses: Guesses,
    pub seats: BTreeMap<DeviceId, (At, Option<At>)>,
    has_come: bool,
}

impl PersonRows {
    pub fn new(person: Person, name: String) -> Self {
        Self {
            role: person.role,
            since: person.since,
            out: None,
            name,
            receipt: person.receipt,
            last_here: None,
            guesses: Guesses::default(),
            seats: BTreeMap::new(),
            has_come: false,
        }
    }

    pub fn person(&self) -> Person {
        let standing = if self.has_come { Standing::In } else { Standing::Invited };
        let standing = self.out.unwrap_or(standing);
        Person { role: self.role, standing, since: self.since, receipt: self.receipt }
    }
}

pub struct Rows {
    pub shape: Shape,
    pub writers: Writers,
    pub roster: Roster,
    pub people: BTreeMap<u32, PersonRows>,
    /// As they are now, with the reactions to them.
    messages: Vec<Message>,
    /// Change number -> the message, and the participant who is told if it is only one.
    changes: BTreeMap<u64, (u64, u32)>,
    /// What a participant has hidden, and by which change.
    hidden: BTreeMap<(u32, u64), u64>,
    notes: u64,
    /// When somebody last said something, as it was when the last note came.
    said: Option<At>,
    vanish_after: Option<VanishAfter>,
    idle: Idle,
    producers: Producers,
    checkpoint: Seq,
    used: LastUse,
    timer: IdleTimer,
    pub state: ChatState,
    elapsed: Elapsed,
    pub wall: u64,
    pub is_gone: bool,
    was_entered: bool,
    invites: u8,
}

impl Rows {
    pub fn new(is_group: bool, people: usize) -> Self {
        let (idle, shape) = (Idle::Day, if is_group { Shape::Group } else { Shape::Pair });
        let founders = Person::founders(shape, people);
        let state = ChatState::new(idle, At(0), shape, founders.clone());
        let named = |(who, person): (ParticipantId, Person)| {
            (who.0, PersonRows::new(person, format!("Name {}", who.0)))
        };
        Self {
            shape,
            writers: Writers::default(),
            roster: Roster::default(),
            people: ParticipantId::all(people).zip(founders).map(named).collect(),
            messages: Vec::new(),
            changes: BTreeMap::new(),
            hidden: BTreeMap::new(),
            notes: 0,
            said: None,
            vanish_after: None,
            idle,
            producers: Producers::default(),
            checkpoint: Seq::NONE,
            used: LastUse::default(),
            timer: IdleTimer::new(idle, 0, None, Awaited::Nobody),
            state,
            elapsed: Elapsed::default(),
            wall: 0,
            is_gone: false,
            was_entered: false,
            invites: 0,
        }
    }

    pub fn pass(&mut self, time: u64, wall: u64) {
        self.elapsed.passed += time;
        self.elapsed.watched += time;
        self.wall = wall;
    }

    pub fn new_invite(&mut self) -> InviteId {
        self.invites = self.invites.wrapping_add(1);
        InviteId([self.invites; 32])
    }

    /// What decides begins with what was written.
    pub fn restart(&mut self) {
        let people = self.people.values().map(PersonRows::person).collect();
        self.state = ChatState::new(self.idle, self.used.at, self.shape, people);
        (self.state.writers, self.state.roster) = (self.writers, self.roster);
        (self.state.notes, self.state.vanish_after) = (self.notes, self.vanish_after);
        self.state.said_at = self.said;
        self.state.changed =
            self.changes.keys().next_back().copied().map_or(ChangeNumber::NONE, ChangeNumber);
        if let Some(newest) = self.messages.last() {
            (self.state.head, self.state.newest_at) = (newest.seq, newest.at);
            if !newest.is_note() {
                self.state.said_at = Some(newest.at);
                self.state.used_at = self.used.at.max(newest.at);
            }
        }
        (self.state.producers, self.state.checkpoint) = (self.producers.clone(), self.checkpoint);
        let since = usize::try_from(self.checkpoint.0).unwrap();
        let behind = self.messages[since..].iter().filter(|message| !message.is_note()).count();
        assert!(behind <= 256, "what a start looks at is bounded");
        let said = self.messages[since..].iter().filter(|message| !message.is_note());
        for message in said {
            self.state.producers.take(message.from, message.device, message.id, message.seq);
        }
        let call = self.timer.call;
        self.timer = IdleTimer::new(self.idle, self.used.passed, call, Awaited::Nobody).from_earlier_run();
    }

    pub fn change(&mut self, who: Actor, place: u64, change: MessageChange) -> String {
        self.act(Action::Command(who, Command::Change { seq: Seq(place), change }))
    }

    /// The places of messages whose time is over and that are still there.
    pub fn vanished(&self) -> Vec<u64> {
        let passed = self.elapsed.passed;
        let over = |message: &&Message| message.vanishes.is_some_and(|until| until.passed <= passed);
        let there = self.messages.iter().filter(over).filter(|message| !is_gone(message));
        there.map(|message| message.seq.0).collect()
    }

    pub fn act(&mut self, action: Action) -> String {
        let (now, facts) = (Now { at: At(self.wall), elapsed: self.elapsed }, self.facts(&action));
        let decided = decide(&self.state, &facts, action.clone(), now);
        if let (Ok(Decision { outcome: Outcome::NeedsSearch { id, .. }, .. }), Action::Command(who, _)) =
            (&decided, &action)
        {
            let found = self.said_by(*who, id.producer());
            self.state.producers.learn(who.participant, who.tag, &found);
            let facts = Facts { was_searched: true, ..self.facts(&action) };
            let again = decide(&self.state, &facts, action.clone(), now);
            return self.carry_out(&action, again);
        }
        self.carry_out(&action, decided)
    }

    fn said_by(&self, who: Actor, producer: u64) -> Vec<(MessageId, Seq)> {
        let newest = self.messages.iter().rev().take(1_000).rev();
        let theirs = newest.filter(|message| {
            let is_device = [who.tag, DeviceTag::UNKNOWN].contains(&message.device);
            is_device && (message.from, message.id.producer()) == (who.participant, producer)
        });
        theirs.map(|message| (message.id, message.seq)).collect()
    }

    fn facts(&self, action: &Action) -> Facts {
        let needs = action.needs(&self.state);
        let mut facts = Facts::new(self.timer);
        let taken = needs.message.and_then(|seq| self.messages.get(usize::try_from(seq.0).unwrap() - 1));
        facts.message = taken.cloned().map(Arc::new);
        if let Some((seq, who)) = needs.target {
            let target = usize::try_from(seq.0).unwrap().checked_sub(1).and_then(|at| self.messages.get(at));
            facts.target = target.cloned().map(|message| match action {
                Action::Vanish(_) => message,
                _ => message.at_passed(self.elapsed.passed),
            });
            let hidden = who.and_then(|who| self.hidden.get(&(who.0, seq.0)));
            facts.hidden = hidden.copied().map(ChangeNumber);
        }
        if let Some(person) = needs.seats.and_then(|who| self.people.get(&who.0)) {
            facts.last_here = person.last_here;
            facts.devices = person
                .seats
                .iter()
                .map(|(device, (since, last_here))| DeviceFacts {
                    device: *device,
                    since: *since,
                    last_here: *last_here,
                    is_connected: false,
                })
                .collect();
        }
        if let Some(person) = needs.invite.and_then(|who| self.people.get(&who.0)) {
            (facts.guesses, facts.has_come) = (person.guesses, person.has_come);
        }
        facts.was_entered = self.was_entered;
        facts.is_name_taken = needs.name.is_some_and(|(name, but)| self.is_name_taken(name, but));
        facts
    }

    fn carry_out(&mut self, action: &Action, decided: Result<Decision, Refusal>) -> String {
        match decided {
            Err(Refusal::OutOfOrder { expected }) => format!("out_of_order {}", expected.sequence()),
            Err(refusal) => refusal.code().to_owned(),
            Ok(decision) => {
                let told_of = |events: &[Event]| events.iter().map(|event| format!("{event:?}")).collect();
                let (events, expected): (BTreeSet<_>, BTreeSet<_>) =
                    (told_of(&decision.events), told_of(&self.events_of(action, &decision)));
                assert_eq!(events, expected, "{action:?}");
                for change in &decision.changes {
                    self.state.apply(change);
                    self.write(change);
                }
                told(&decision.outcome)
            }
        }
    }

    /// What everybody is told when this is written, and nothing else.
    fn events_of(&self, action: &Action, decision: &Decision) -> Vec<Event> {
        let idle = if let Action::Command(_, Command::SetIdle(idle)) = action { *idle } else { self.idle };
        let due = idle.due(self.state.used_at.max(At(self.wall)));
        let guessed = match (action, &decision.outcome) {
            (Action::Miss(participant), Outcome::Missed(_)) => {
                let tries = self.people[&participant.0].guesses.tries;
                Some(Event::Guessed { participant: *participant, tries })
            }
            _ => None,
        };
        let of_change = |change: &Change| match (change, action) {
            (Change::PutMessage(message), _) => Some(Event::Said(Arc::clone(message))),
            (Change::PutReceipt(participant, receipt), _) => {
                let before = self.people[&participant.0].receipt;
                Some(Event::Marked { participant: *participant, before, receipt: *receipt })
            }
            (Change::PutSeat { participant, device, .. }, _) => {
                Some(Event::Entered { participant: *participant, device: *device })
            }
            (Change::RemoveSeat { participant, device }, _) => {
                Some(Event::Left { participant: *participant, device: *device })
            }
            (Change::PutInvite(participant, _), Action::Replace { by, .. }) => {
                Some(Event::Invited { participant: *participant, by: by.participant, due })
            }
            (Change::ChangeMessage { seq, number, edit }, _) => {
                Some(Event::Changed(Arc::new(self.edited(*seq, *number, edit))))
            }
            (Change::Hide { participant, seq, number }, _) => {
                let message = Arc::new(self.at(*seq).hidden(*number));
                Some(Event::HiddenFor { participant: *participant, message })
            }
            (Change::Touch(_), Action::Command(_, Command::Keep | Command::SetIdle(_))) => {
                Some(Event::Kept { due })
            }
            (Change::Touch(_), _) => self.timer.call.map(|_| Event::Kept { due }),
            (Change::BeginCall(call), _) => Some(Event::Called { at: call.at }),
            (Change::End(ending), _) => Some(Event::Ended(*ending)),
            _ => None,
        };
        let of_people = self.events_of_people(action, &decision.changes);
        decision.changes.iter().filter_map(of_change).chain(guessed).chain(of_people).collect()
    }

    fn write(&mut self, change: &Change) {
        match change {
            Change::PutMessage(message) => {
                if message.is_note() {
                    self.notes += 1;
                    (self.said, self.used.at) = (self.state.said_at, self.used.at.max(self.state.used_at));
                }
                self.messages.push(Message::clone(message));
            }
            Change::ChangeMessage { seq, number, edit } => {
                let edited = self.edited(*seq, *number, edit);
                let before = self.at(*seq).changed;
                self.changes.remove(&before.0);
                self.changes.insert(number.0, (seq.0, 0));
                self.messages[usize::try_from(seq.0).unwrap() - 1] = edited;
            }
            Change::Hide { participant, seq, number } => {
                assert!(self.hidden.insert((participant.0, seq.0), number.0).is_none(), "hidden twice");
                self.changes.insert(number.0, (seq.0, participant.0));
            }
            Change::PutVanishAfter(after) => self.vanish_after = *after,
            Change::PutIdle(idle) => {
                (self.idle, self.timer.idle) = (*idle, *idle);
            }
            Change::Checkpoint(seq) => {
                (self.checkpoint, self.producers) = (*seq, self.state.producers.clone());
            }
            Change::PutReceipt(who, receipt) => self.of(*who).receipt = *receipt,
            Change::PutLastHere(who, at) => self.of(*who).last_here = Some(*at),
            Change::PutDeviceLastHere { participant, device, at } => {
                self.of(*participant).seats.get_mut(device).unwrap().1 = Some(*at);
            }
            Change::PutSeat { participant, device, since } => {
                self.of(*participant).seats.insert(*device, (*since, None));
            }
            Change::RemoveSeat { participant, device } => {
                assert!(self.of(*participant).seats.remove(device).is_some(), "nobody was there");
            }
            Change::PutGuesses(who, guesses) => self.of(*who).guesses = *guesses,
            Change::OpenInvite(who, _) => {
                self.was_entered = true;
                (self.of(*who).guesses, self.of(*who).has_come) = (Guesses::default(), true);
            }
            Change::PutInvite(who, _) => self.of(*who).guesses = Guesses::default(),
            Change::Touch(last) => {
                if self.timer.wake(last.passed) {
                    self.used = LastUse { at: self.used.at.max(last.at), passed: last.passed };
                }
            }
            Change::BeginCall(call) => self.timer.call = Some(*call),
            Change::End(_) => self.is_gone = true,
            _ => self.write_of_group(change),
        }
    }

    fn at(&self, seq: Seq) -> &Message {
        &self.messages[usize::try_from(seq.0).unwrap() - 1]
    }

    /// What an engine reads when it has written that.
    fn edited(&self, seq: Seq, number: ChangeNumber, edit: &MessageEdit) -> Message {
        let mut message = self.at(seq).clone();
        message.changed = number;
        match edit {
            MessageEdit::Text(edited) => (message.body, message.edits) = (edited.body.clone(), edited.edits),
            MessageEdit::Remove(gone) => {
                (message.body, message.device) = (Body::Gone(*gone), DeviceTag::UNKNOWN);
                (message.reply_to, message.edits, message.reactions) = (None, Edits::default(), Vec::new());
            }
            MessageEdit::React(who, emoji) => {
                message.reactions.retain(|reaction| reaction.from != *who);
                let reaction = emoji.clone().map(|emoji| Reaction { from: *who, emoji });
                message.reactions.extend(reaction);
                message.reactions.sort_by_key(|reaction| reaction.from);
            }
        }
        message
    }

    pub fn of(&mut self, who: ParticipantId) -> &mut PersonRows {
        self.people.get_mut(&who.0).unwrap()
    }

    /// Whether what was written is what the paper says.
    pub fn is_as(&self, paper: &Paper) {
        assert_eq!(self.messages.len() as u64, paper.head);
        assert!(self.messages.last().is_none_or(|message| message.seq == Seq(paper.head)), "1, 2, 3");
        assert_eq!(self.timer.call.map(|call| call.over), paper.call_over);
        assert_eq!(self.changes.keys().next_back().copied().unwrap_or_default(), paper.changes);
        let once: BTreeSet<_> = self.changes.values().collect();
        assert_eq!(once.len(), self.changes.len(), "at most one row a message and who is told");
        for message in &self.messages {
            assert_eq!(shown(message), paper.shown(message.seq.0));
        }
        assert_eq!(self.hidden.keys().copied().collect::<Vec<_>>(), paper.hidden());
        self.is_crowd_of(paper);
        for (who, person) in &self.people {
            let Receipt { delivered, seen, read } = person.receipt;
            assert_eq!([delivered.0, read.0, seen.0], paper.receipt(*who));
            assert_eq!(person.guesses.tries, paper.tries(*who));
            assert_eq!(person.last_here.map(|at| at.0), paper.last_here(*who));
            let devices: Vec<_> = (0..DEVICES)
                .filter_map(|device| {
                    let (since, last) = person.seats.get(&device_id(*who, device))?;
                    Some((device, since.0, last.map(|at| at.0)))
                })
                .collect();
            assert_eq!(devices, paper.devices(*who));
        }
    }
}

fn is_gone(message: &Message) -> bool {
    matches!(message.body, Body::Gone(_))
}

/// What somebody would see of it.
fn shown(message: &Message) -> String {
    let words = match &message.body {
        Body::Text(text) => text.as_str().to_owned(),
        Body::Note(Note::VanishAfter(after)) => {
            format!("vanish {}", after.map_or("never", VanishAfter::word))
        }
        Body::Note(Note::Idle(idle)) => format!("idle {}", idle.word()),
        Body::Note(Note::Replaced(who)) => format!("replaced {}", who.0),
        Body::Note(Note::NewDevice) => "a new device".to_owned(),
        Body::Note(note) => many::words(*note),
        Body::Gone(Gone { by: GoneBy::Clock, .. }) => "gone, clock".to_owned(),
        Body::Gone(Gone { by: GoneBy::Participant { participant, leaves_stub }, .. }) => {
            format!("gone, {}, {leaves_stub}", participant.0)
        }
        Body::HiddenForViewer | Body::Unsupported => panic!("nobody said that"),
    };
    let reactions = message.reactions.iter().map(|one| format!("{}{}", one.from.0, one.emoji.as_str()));
    let until = message.vanishes.map(|until| until.passed);
    let reply = message.reply_to.map(|seq| seq.0);
    let reactions: String = reactions.collect();
    format!("{}: {words} [{} {reply:?} {until:?} {reactions}]", message.from.0, message.edits.count)
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Said { seq, at } => format!("said {} {}", seq.0, at.0),
        Outcome::SaidBefore { seq, at } => format!("said before {} {}", seq.0, at.0),
        Outcome::Added(participant) => format!("added {}", participant.0),
        Outcome::NeedsSearch { .. } => "unknown".to_owned(),
        Outcome::Changed(number) => format!("changed {}", number.0),
        Outcome::Marked(Receipt { delivered, seen, read }) => {
            format!("marked {:?}", [delivered.0, read.0, seen.0])
        }
        Outcome::Kept { due } => format!("kept {}", due.0),
        Outcome::Ended(Ending { by: EndedBy::Participant(who), messages, .. }) => {
            format!("ended by {}, {messages} messages", who.0)
        }
        Outcome::Ended(Ending { by: EndedBy::Clock, messages, .. }) => {
            format!("ended by the clock, {messages} messages")
        }
        Outcome::Ended(Ending { by: EndedBy::Host, messages, .. }) => {
            format!("ended by the host, {messages} messages")
        }
        Outcome::Missed(refusal) => {
            format!("missed {}", refusal.retry_after().unwrap_or_default().as_millis())
        }
        Outcome::Done => "done".to_owned(),
    }
}
