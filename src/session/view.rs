//! What the store tells, as `protocol` writes it: the same in a frame and in a body.
//!
//! `protocol` may not name the store's types, so `session` and `http` have them translated here, field by
//! field; what one viewer is not told is left out on the way, by the rules of `domain`.

use crate::delivery::Hub;
use crate::domain::{Name, ParticipantId, SeatId, Seq, Signal, Standing, Viewer};
use crate::protocol::rest::{
    self, ChatStateAnswer, GroupAnswer, MessageAnswer, Opening, Participant, SeatSummary,
};
use crate::protocol::text::{
    DeviceTagText, IdleText, ParticipantText, RoleText, RosterText, SeatText, SeqNumber, StandingText, Time,
    VanishText, WritersText,
};
use crate::store::{ChatPreview, Device, ParticipantView, State, Summary};

/// A row of "your chats".
pub fn row(summary: &Summary) -> SeatSummary {
    SeatSummary {
        seat: SeatText(summary.seat),
        title: summary.title.as_ref().map(|title| title.as_str().to_owned()),
        name: summary.name.as_str().to_owned(),
        others: names(&summary.others),
        head: SeqNumber(summary.head),
        unread: summary.unread,
        last_at: summary.last_at.map(Time),
        entered: Time(summary.entered),
        idle: IdleText(summary.idle),
        due: Time(summary.due),
    }
}

pub fn names(names: &[Name]) -> Vec<String> {
    names.iter().map(|name| name.as_str().to_owned()).collect()
}

/// A chat as it is. `here` are those who have it open and tell so.
pub fn state<'a>(viewer: Viewer, state: &'a State, here: &[ParticipantId]) -> ChatStateAnswer<'a> {
    let is_group = state.group.is_some();
    let people = state.participants.iter().map(|place| participant(viewer, is_group, place, here));
    ChatStateAnswer {
        me: ParticipantText(viewer.participant),
        head: SeqNumber(state.head),
        since: since(state.sight.since),
        changed: state.changed.0,
        vanish: VanishText(state.vanish_after),
        idle: IdleText(state.idle),
        due: Time(state.due),
        final_call: state.final_call.map(Time),
        group: state.group.as_ref().map(|group| GroupAnswer {
            title: group.title.as_str(),
            about: group.about.as_str(),
            writers: WritersText(group.writers),
            roster: RosterText(group.roster),
        }),
        participants: people.collect(),
    }
}

/// A chat as it is shown first.
pub fn opening<'a>(viewer: Viewer, preview: &'a ChatPreview, here: &[ParticipantId]) -> Opening<'a> {
    let messages =
        preview.messages.iter().map(|message| MessageAnswer::of_seat(message, viewer.participant)).collect();
    Opening { state: state(viewer, &preview.state, here), messages }
}

pub fn device(device: &Device) -> rest::DeviceRow {
    rest::DeviceRow {
        device: DeviceTagText(device.tag),
        this: device.is_asking,
        since: Time(device.since),
        last_here: device.last_here.map(Time),
    }
}

/// A chat as it is now, for somebody who holds this seat.
pub fn standing<'a>(seat: SeatId, viewer: Viewer, state: &'a State, hub: &Hub) -> rest::SeatAnswer<'a> {
    let own = state.participants.iter().find(|place| place.participant == seat.participant);
    rest::SeatAnswer {
        seat: SeatText(seat),
        name: own.map_or("", |place| place.name.as_str()),
        state: self::state(viewer, state, &hub.here(seat.chat)),
    }
}

/// None for the first of all.
fn since(since: Seq) -> Option<SeqNumber> {
    (since > Seq(1)).then_some(SeqNumber(since))
}

fn participant<'a>(
    viewer: Viewer,
    is_group: bool,
    place: &'a ParticipantView,
    here: &[ParticipantId],
) -> Participant<'a> {
    let is_told = viewer.shares(Signal::Here);
    let here = is_told && here.contains(&place.participant);
    let progress = viewer.progress(place.participant, place.person.receipt);
    Participant {
        participant: ParticipantText(place.participant),
        name: place.name.as_str(),
        came_in: place.person.standing != Standing::Invited,
        role: is_group.then_some(RoleText(place.person.role)),
        state: is_group.then_some(StandingText(place.person.standing)),
        since: since(place.person.since),
        here,
        last_here: place.last_here.filter(|_| is_told && !here).map(Time),
        delivered: SeqNumber(progress.delivered),
        seen: SeqNumber(progress.seen),
        tries: place.tries,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::{At, ChangeNumber, Idle, Person, PrivacySettings, Receipt, Role, Roster, Shape};

    const ANNY: ParticipantId = ParticipantId(1);
    const ABHI: ParticipantId = ParticipantId(2);

    fn place(participant: ParticipantId, name: &str) -> ParticipantView {
        let receipt = Receipt { delivered: Seq(9), seen: Seq(5), read: Seq(7) };
        let (name, last_here) = (Name::parse(name).unwrap(), Some(At(0)));
        let person = Person { standing: Standing::In, receipt, ..Person::first(Role::Admin) };
        ParticipantView { participant, name, person, last_here, tries: 0 }
    }

    /// Who is here, who has a time when they left, and up to where each has seen.
    fn shown(withheld: PrivacySettings, here: &[ParticipantId]) -> (Vec<bool>, Vec<bool>, Vec<u64>) {
        let places = vec![place(ANNY, "Anny"), place(ABHI, "Abhi")];
        let chat = State {
            head: Seq(9),
            sight: Person::first(Role::Admin).sight(Shape::Pair, Roster::Everybody),
            changed: ChangeNumber::NONE,
            vanish_after: None,
            idle: Idle::Day,
            due: At(0),
            final_call: None,
            group: None,
            participants: places,
        };
        let participants = state(Viewer { participant: ANNY, withheld }, &chat, here).participants;
        let here = participants.iter().map(|one| one.here).collect();
        let left = participants.iter().map(|one| one.last_here.is_some()).collect();
        (here, left, participants.iter().map(|one| one.seen.0.0).collect())
    }

    #[test]
    fn a_person_who_withholds_something_is_not_shown_it() {
        let told = shown(PrivacySettings::NOTHING, &[ANNY]);
        assert_eq!(told, (vec![true, false], vec![false, true], vec![7, 5]));
        let absent = shown(PrivacySettings::NOTHING.and(Signal::Here).unwrap(), &[ANNY]);
        assert_eq!(absent, (vec![false, false], vec![false, false], vec![7, 5]));
        let unseen = shown(PrivacySettings::NOTHING.and(Signal::Seen).unwrap(), &[ANNY]);
        assert_eq!(unseen, (vec![true, false], vec![false, true], vec![7, 0]));
        assert_eq!(shown(PrivacySettings::NOTHING.and(Signal::Typing).unwrap(), &[ANNY]), told);
    }
}
