//! The chats of a device: how they stand, keeping, leaving and ending them.

use super::{submitted, unexpected};
use crate::domain::{Command, Outcome, Viewer};
use crate::http::guard::proxy_observations::Trace;
use crate::http::query;
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{Ended, KeptAnswer, MessageAnswer, NewsAnswer, Nothing, SeatsAnswer};
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
    let (beginning, withheld) = query::news(&request.query)?;
    let viewer = Viewer { participant: seat.id().participant, withheld };
    let house = &request.web.house;
    let (state, page) = house.store.news(&seat, beginning).await?;
    request.trace(Trace::Polled);
    Ok(reply::json(&NewsAnswer {
        incarnation: IncarnationText(house.store.incarnation()),
        state: view::standing(seat.id(), viewer, &state, &house.hub),
        messages: page.messages.iter().map(MessageAnswer::from).collect(),
        more: page.more,
    }))
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
