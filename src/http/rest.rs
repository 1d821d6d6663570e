//! What can be asked over HTTP: one function an address, from checked words to one call of the house and
//! back to JSON.
//!
//! Called by the route table. Nothing is decided here: `wire` reads and writes JSON, the store says who may.

use std::sync::Arc;

use warp::http::StatusCode;
use warp::reply::{Response, json};
use zeroize::Zeroizing;

use super::ask::{Ask, Held};
use super::link::Base;
use super::qr::{self, QrError};
use super::{query, reply, view};
use crate::crypto::LinkToken;
use crate::domain::{Caller, Command, Name, Outcome, ParticipantId, Refusal, SeatId, Viewer};
use crate::http::guard::proxy_observations::Trace;
use crate::protocol::text::{DeviceTagText, IdleText, IncarnationText, SeatText, SeqNumber, Time};
use crate::protocol::{openapi, rest};
use crate::store::{ChatPreview, Devices, Invite, InviteState, Seat, Store, StoreError};

/// An answer, or why there is none.
pub type Answer = Result<Response, StoreError>;
/// The body of a request as it came in.
pub type Sent = Result<Held, Refusal>;

/// `GET /healthz`
pub async fn health(ask: Ask) -> Answer {
    ask.web.house.store.check().await?;
    Ok(reply::json(StatusCode::OK, json(&rest::Health { status: "ok" })))
}

/// `GET /openapi.json`
pub fn description() -> Response {
    reply::content(StatusCode::OK, "application/json", openapi::text())
}

/// `GET /house`
pub fn house(ask: &Ask) -> Response {
    let settings = &ask.web.settings;
    let answer = rest::HouseAnswer {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        may_start: ask.may_start(),
        idles: settings.idle_choices.iter().copied().map(IdleText).collect(),
        idle_default: IdleText(settings.idle_default),
        reach: ask.base().reach,
        warnings: if ask.is_host() { (ask.web.doctor)() } else { Vec::new() },
    };
    reply::json(StatusCode::OK, json(&answer))
}

/// `POST /chats`
pub async fn start(ask: Ask, sent: Sent) -> Answer {
    if !ask.may_start() {
        ask.note_refusal();
        return Err(Refusal::NotHere.into());
    }
    let question: rest::StartChat = rest::read(&sent?)?;
    let (names, idle) = question.parse(&ask.web.settings.idle_choices)?;
    let base = ask.base();
    let told = ask.web.house.start(&names, idle, Caller::Guest(ask.guest().address.into())).await?;
    let mut invites = Vec::with_capacity(told.len());
    for (invite, name) in told.iter().zip(names.as_slice()) {
        invites.push(invited(&ask, &base, invite, name).await?);
    }
    let answer = rest::Started { idle: IdleText(idle), reach: base.reach, invites };
    Ok(reply::json(StatusCode::CREATED, json(&answer)))
}

async fn invited(
    ask: &Ask,
    base: &Base,
    invite: &Invite,
    name: &Name,
) -> Result<rest::InviteAnswer, StoreError> {
    let link = Zeroizing::new(base.invite(&invite.token.text()));
    Ok(rest::InviteAnswer {
        name: name.as_str().to_owned(),
        link: link.to_string(),
        code: invite.code.text().to_string(),
        qr: drawn(ask, link, qr::rows).await?,
    })
}

/// Draws on a blocking thread, few at a time.
async fn drawn<T, F>(ask: &Ask, link: Zeroizing<String>, draw: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&str) -> Result<T, QrError> + Send + 'static,
{
    let permit = Arc::clone(&ask.web.drawing).acquire_owned().await.map_err(|_| StoreError::Unknown)?;
    let drawing = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        draw(&link)
    });
    let drawn = drawing.await.map_err(|error| format!("drawing a QR code: {error}"))?;
    Ok(drawn.map_err(|error| format!("drawing a QR code: {error}"))?)
}

/// `POST /invites/greeting`
pub async fn greeting(ask: Ask, sent: Sent) -> Answer {
    let token = token(sent)?;
    let name = ask.web.house.store.greeting(&token).await?;
    let answer = rest::Greeting { name: name.as_str().to_owned() };
    Ok(reply::json(StatusCode::OK, json(&answer)))
}

fn token(sent: Sent) -> Result<LinkToken, Refusal> {
    rest::read::<rest::TokenQuestion>(&sent?)?.parse()
}

/// `POST /invites/status`. What cannot be a token is as unknown as one that leads nowhere.
pub async fn status(ask: Ask, sent: Sent) -> Answer {
    let asked = rest::read::<rest::StatusQuestion>(&sent?)?.parse()?;
    let tokens: Vec<_> = asked.iter().flatten().cloned().collect();
    let mut known = ask.web.house.store.statuses(&tokens).await?.into_iter();
    let states = asked.iter().map(|token| token.as_ref().and_then(|_| known.next()));
    let invites = states.map(|state| view::status(state.unwrap_or(InviteState::Unknown))).collect();
    Ok(reply::json(StatusCode::OK, json(&rest::StatusAnswer { invites })))
}

/// `POST /invites/qr`
pub async fn invite_qr(ask: Ask, sent: Sent) -> Answer {
    const SVG: &str = "image/svg+xml";
    const PNG: &str = "image/png";
    let media = ask.media(&[SVG, PNG])?;
    let token = token(sent)?;
    ask.web.house.store.greeting(&token).await?;
    let link = Zeroizing::new(ask.base().invite(&token.text()));
    let image = match media {
        PNG => drawn(&ask, link, qr::png).await?,
        _ => drawn(&ask, link, qr::svg).await?.into_bytes(),
    };
    Ok(reply::content(StatusCode::OK, media, image))
}

/// `POST /invites/enter`
pub async fn enter(ask: Ask, sent: Sent) -> Answer {
    let device = ask.known_device()?;
    let (token, code, withheld) = rest::read::<rest::EnterQuestion>(&sent?)?.parse()?;
    let house = &ask.web.house;
    let entered = house.enter(&token, &code, device, ask.guest().address).await?;
    ask.trace(Trace::Proven);
    let preview = preview(&house.store, &entered.seat).await;
    let SeatId { chat, participant } = entered.seat.id();
    let (viewer, here) = (Viewer { participant, withheld }, house.hub.here(chat));
    let answer = rest::EnterAnswer {
        device: entered.new_device.as_ref().map(|device| device.text().to_string()),
        seat: SeatText(entered.seat.id()),
        name: entered.name.as_str().to_owned(),
        others: view::names(&entered.others),
        chat: preview.as_ref().map(|preview| view::opening(viewer, preview, &here)),
    };
    Ok(reply::json(StatusCode::OK, json(&answer)))
}

/// The chat of a device that has come in. It is in whether or not this can be read, so a fault stays here.
async fn preview(store: &Store, seat: &Seat) -> Option<ChatPreview> {
    let read = store.preview(seat).await;
    read.inspect_err(|fault| log::error!("the chat of a device that just entered could not be read: {fault}"))
        .ok()
}

/// `GET /seats`
pub async fn seats(ask: Ask) -> Answer {
    let store = &ask.web.house.store;
    let seats = store.seats(&ask.device()?).await?;
    let summaries = store.summaries(seats).await?;
    let answer = rest::SeatsAnswer { seats: summaries.iter().map(view::row).collect() };
    Ok(reply::json(StatusCode::OK, json(&answer)))
}

/// `GET /seats/{seat}`
pub async fn seat(name: String, ask: Ask) -> Answer {
    let seat = ask.seat(&name).await?;
    let viewer = Viewer { participant: seat.id().participant, withheld: query::withheld(&ask.query)? };
    let state = ask.web.house.store.state(&seat).await?;
    Ok(reply::json(StatusCode::OK, json(&view::standing(seat.id(), viewer, &state, &ask.web.house.hub))))
}

/// `GET /seats/{seat}/news`. Nobody is here by asking this, and nothing counts as delivered (I8).
pub async fn news(name: String, ask: Ask) -> Answer {
    let seat = ask.seat(&name).await?;
    let (after, withheld) = query::news(&ask.query)?;
    let viewer = Viewer { participant: seat.id().participant, withheld };
    let house = &ask.web.house;
    let (state, page) = house.store.news(&seat, after).await?;
    ask.trace(Trace::Polled);
    let answer = rest::NewsAnswer {
        incarnation: IncarnationText(house.store.incarnation()),
        state: view::standing(seat.id(), viewer, &state, &house.hub),
        messages: page.messages.iter().map(rest::MessageAnswer::from).collect(),
        more: page.more,
    };
    Ok(reply::json(StatusCode::OK, json(&answer)))
}

/// `DELETE /seats/{seat}`
pub async fn leave(name: String, ask: Ask) -> Answer {
    match submitted(&ask, &name, Command::Leave).await?.1 {
        Outcome::Left => Ok(reply::done()),
        other => Err(unexpected(&other)),
    }
}

/// `GET /seats/{seat}/devices`
pub async fn devices(name: String, ask: Ask) -> Answer {
    let seat = ask.seat(&name).await?;
    let devices = ask.web.house.store.devices(&seat).await?;
    let answer = rest::DevicesAnswer { devices: devices.iter().map(view::device).collect() };
    Ok(reply::json(StatusCode::OK, json(&answer)))
}

/// `DELETE /seats/{seat}/devices/{device}`
pub async fn sign_out(name: String, device: String, ask: Ask) -> Answer {
    let seat = ask.seat(&name).await?;
    let DeviceTagText(tag) = DeviceTagText::parse(&device).ok_or(Refusal::NoSuchDevice)?;
    ask.web.house.sign_out(&seat, tag).await?;
    Ok(reply::done())
}

/// `POST /seats/{seat}/invites`
pub async fn replace(name: String, ask: Ask, sent: Sent) -> Answer {
    let (participant, signs_out) = rest::read::<rest::ReplaceQuestion>(&proven(&ask, sent)?)?.parse();
    let devices = if signs_out { Devices::SignedOut } else { Devices::Stay };
    let asking = ask.seat(&name).await?;
    let (name, invite) = ask.web.house.replace(&asking, participant, devices).await?;
    let answer = invited(&ask, &ask.base(), &invite, &name).await?;
    Ok(reply::json(StatusCode::CREATED, json(&answer)))
}

/// `GET /seats/{seat}/messages`
pub async fn messages(name: String, ask: Ask) -> Answer {
    let seat = ask.seat(&name).await?;
    let (span, limit) = query::span(&ask.query)?;
    let page = ask.web.house.store.page(&seat, span, limit).await?;
    let messages = page.messages.iter().map(rest::MessageAnswer::from).collect();
    Ok(reply::json(StatusCode::OK, json(&rest::MessagesAnswer { messages, more: page.more })))
}

/// `POST /seats/{seat}/messages`
pub async fn say(name: String, ask: Ask, sent: Sent) -> Answer {
    let command = rest::read::<rest::SayQuestion>(&proven(&ask, sent)?)?.parse()?;
    let (status, seq, at) = match submitted(&ask, &name, command).await?.1 {
        Outcome::Said(message) => (StatusCode::CREATED, message.seq, message.at),
        Outcome::SaidBefore { seq, at } => (StatusCode::OK, seq, at),
        other => return Err(unexpected(&other)),
    };
    Ok(reply::json(status, json(&rest::SaidAnswer { seq: SeqNumber(seq), at: Time(at) })))
}

/// `POST /seats/{seat}/receipts`
pub async fn receipts(name: String, ask: Ask, sent: Sent) -> Answer {
    let command = rest::read::<rest::ReceiptsQuestion>(&proven(&ask, sent)?)?.parse();
    let receipt = match submitted(&ask, &name, command).await?.1 {
        Outcome::Marked { receipt, .. } => receipt,
        other => return Err(unexpected(&other)),
    };
    let answer = rest::ReceiptsAnswer {
        delivered: SeqNumber(receipt.delivered),
        seen: SeqNumber(receipt.seen),
        read: SeqNumber(receipt.read),
    };
    Ok(reply::json(StatusCode::OK, json(&answer)))
}

/// `POST /seats/{seat}/keep`
pub async fn keep(name: String, ask: Ask, sent: Sent) -> Answer {
    rest::read::<rest::Nothing>(&proven(&ask, sent)?)?;
    match submitted(&ask, &name, Command::Keep).await?.1 {
        Outcome::Kept { due } | Outcome::KeptBefore { due } => {
            Ok(reply::json(StatusCode::OK, json(&rest::KeptAnswer { due: Time(due) })))
        }
        other => Err(unexpected(&other)),
    }
}

/// `POST /seats/{seat}/end`
pub async fn end(name: String, ask: Ask, sent: Sent) -> Answer {
    rest::read::<rest::Nothing>(&proven(&ask, sent)?)?;
    let (who, ending) = match submitted(&ask, &name, Command::End).await? {
        (who, Outcome::Ended(ending)) => (who, ending),
        (_, other) => return Err(unexpected(&other)),
    };
    Ok(reply::json(StatusCode::OK, json(&rest::Ended::seen_by(ending, who))))
}

/// What was sent by somebody who proves to be a device: nothing is said of a body to anybody else.
fn proven(ask: &Ask, sent: Sent) -> Result<Held, Refusal> {
    ask.device()?;
    sent
}

/// Checks the seat, submits, and waits until it is durable.
async fn submitted(ask: &Ask, name: &str, command: Command) -> Result<(ParticipantId, Outcome), StoreError> {
    let seat = ask.seat(name).await?;
    let outcome = ask.web.house.submit(&seat, command, None).await?;
    Ok((seat.id().participant, outcome))
}

fn unexpected(outcome: &Outcome) -> StoreError {
    format!("a command came to something else: {outcome:?}").into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::Ipv4Addr;

    use super::*;
    use crate::clock::RealMachine;
    use crate::crypto::Stretch;
    use crate::domain::{At, Idle, Names};
    use crate::store::{Options, RealDisk};

    #[tokio::test]
    async fn a_chat_that_cannot_be_read_does_not_undo_the_coming_in() {
        let dir = tempfile::tempdir().unwrap();
        let (stretch, disk) = (Stretch::LEAST, Box::new(RealDisk));
        let machine = Arc::new(RealMachine::new());
        let (dir, clock) = (dir.path().to_owned(), Arc::new(|| At(0)));
        let options = Options { dir, stretch, clock, machine, disk, patience: std::time::Duration::ZERO };
        let store = Store::open(options, drop).unwrap();
        let names = Names::parse(&["Anny", "Abhi"]).unwrap();
        let Invite { token, code, .. } =
            store.start(&names, Idle::Day, Caller::Host).await.unwrap().remove(0);
        let entered = store.enter(&token, &code, None, Ipv4Addr::LOCALHOST.into()).await.unwrap();
        assert!(preview(&store, &entered.seat).await.is_some());
        store.close().await;
        assert!(preview(&store, &entered.seat).await.is_none());
    }
}
