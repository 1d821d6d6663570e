//! The chats of a device: how they stand, keeping, leaving and ending them.

use super::{submitted, unexpected};
use crate::domain::{Command, Outcome, Viewer};
use crate::http::guard::proxy_observations::Trace;
use crate::http::query::{self, News};
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{
    Ended, IdleQuestion, KeptAnswer, MessageAnswer, NewsAnswer, Nothing, SeatsAnswer, TimerQuestion,
};
use crate::protocol::text::{IncarnationText, Time};
use crate::session::view;

pub async fn list(request: RequestContext) -> Answer {
    let store = &request.web.house.store;
    let seats = store.seats(&request.device()?).await?;
    let summaries = store.summaries(seats).await?;
    Ok(reply::json(&SeatsAnswer { seats: summaries.iter().map(view::row).collect() }))
}

pub async fn show(request: RequestContext) -> Answer {
    let seat = request.seat().await?;
    let withheld = query::withheld(&request.query)?;
    let viewer = Viewer { participant: seat.id().participant, withheld };
    let house = &request.web.house;
    let state = house.store.state(&seat).await?;
    Ok(reply::json(&view::standing(seat.id(), viewer, &state, &house.hub)))
}

/// The state and the messages from where the client wants them. Nobody is here by asking this, and nothing
/// counts as delivered (I8).
pub async fn news(request: RequestContext) -> Answer {
    let seat = request.seat().await?;
    let News { beginning, changed, withheld } = query::news(&request.query)?;
    let viewer = Viewer { participant: seat.id().participant, withheld };
    let house = &request.web.house;
    let (state, page) = house.store.news(&seat, beginning).await?;
    let until = beginning.after(state.head, state.read_by(viewer.participant));
    let changes = match changed {
        Some(changed) => Some(house.store.changes(&seat, changed, until).await?),
        None => None,
    };
    let is_forgotten = matches!(changes, Some(None));
    let changes = changes.flatten();
    request.trace(Trace::Polled);
    let of_seat = |message| MessageAnswer::of_seat(message, viewer.participant);
    Ok(reply::json(&NewsAnswer {
        incarnation: IncarnationText(house.store.incarnation()),
        state: view::standing(seat.id(), viewer, &state, &house.hub),
        messages: page.messages.iter().map(of_seat).collect(),
        more: page.more,
        changes: changes.as_ref().map(|changes| changes.messages.iter().map(of_seat).collect()),
        changes_up_to: changes.as_ref().map(|changes| changes.up_to.0),
        afresh: is_forgotten,
    }))
}

/// What is said from now on vanishes after so long, or not any more.
pub async fn set_timer(request: RequestContext, body: JsonBody<TimerQuestion>) -> Answer {
    let command = body.read()?.parse()?;
    match submitted(&request, command).await? {
        Outcome::Done => Ok(reply::done()),
        other => Err(unexpected(&other)),
    }
}

pub async fn set_idle(request: RequestContext, body: JsonBody<IdleQuestion>) -> Answer {
    let command = body.read()?.parse(&request.web.settings.idle_choices)?;
    match submitted(&request, command).await? {
        Outcome::Kept { due } => Ok(reply::json(&KeptAnswer { due: Time(due) })),
        other => Err(unexpected(&other)),
    }
}

pub async fn leave(request: RequestContext) -> Answer {
    match submitted(&request, Command::Leave).await? {
        Outcome::Done => Ok(reply::done()),
        other => Err(unexpected(&other)),
    }
}

pub async fn keep(request: RequestContext, body: JsonBody<Nothing>) -> Answer {
    body.read()?;
    match submitted(&request, Command::Keep).await? {
        Outcome::Kept { due } => Ok(reply::json(&KeptAnswer { due: Time(due) })),
        other => Err(unexpected(&other)),
    }
}

pub async fn end(request: RequestContext, body: JsonBody<Nothing>) -> Answer {
    body.read()?;
    match submitted(&request, Command::End).await? {
        Outcome::Ended(ending) => Ok(reply::json(&Ended::from(ending))),
        other => Err(unexpected(&other)),
    }
}
