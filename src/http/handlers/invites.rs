//! Links and codes: whose they are, their pictures, and coming in by them.

use std::sync::Arc;

use warp::http::StatusCode;
use zeroize::Zeroizing;

use crate::crypto::LinkToken;
use crate::domain::{InviteState, Name, SeatId, Viewer};
use crate::house::failure_log::FailureLog;
use crate::http::guard::proxy_observations::Trace;
use crate::http::link::Base;
use crate::http::qr::{self, QrError};
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{
    EnterAnswer, EnterQuestion, Greeting, InviteAnswer, InviteStatus, StatusAnswer, StatusQuestion,
    TokenQuestion,
};
use crate::protocol::text::{InviteStateText, SeatText};
use crate::session::view;
use crate::store::{ChatPreview, Invite, Seat, Store, StoreError};

pub async fn greeting(request: RequestContext, body: JsonBody<TokenQuestion>) -> Answer {
    let name = request.web.house.store.greeting(&body.read()?.parse()?).await?;
    Ok(reply::json(&Greeting { name: name.as_str().to_owned() }))
}

/// Who has come in. What cannot be a token is as unknown as one that leads nowhere.
pub async fn status(request: RequestContext, body: JsonBody<StatusQuestion>) -> Answer {
    let links: Vec<Option<LinkToken>> = body.read()?.parse();
    let tokens: Vec<_> = links.iter().flatten().cloned().collect();
    let mut known = request.web.house.store.statuses(&tokens).await?.into_iter();
    let states = links.iter().map(|token| token.as_ref().and_then(|_| known.next()));
    let states = states.map(|state| InviteStateText(state.unwrap_or(InviteState::Unknown)));
    let invites = states.map(|state| InviteStatus { state }).collect();
    Ok(reply::json(&StatusAnswer { invites }))
}

pub async fn qr(request: RequestContext, body: JsonBody<TokenQuestion>) -> Answer {
    const SVG: &str = "image/svg+xml";
    const PNG: &str = "image/png";
    let media = request.media(&[SVG, PNG])?;
    let token = body.read()?.parse()?;
    request.web.house.store.greeting(&token).await?;
    let link = Zeroizing::new(request.base().invite(&token.text()));
    let image = match media {
        PNG => drawn(&request, link, qr::png).await?,
        _ => drawn(&request, link, qr::svg).await?.into_bytes(),
    };
    Ok(reply::content(StatusCode::OK, media, image))
}

pub async fn enter(request: RequestContext, body: JsonBody<EnterQuestion>) -> Answer {
    let device = request.known_device()?;
    let (token, code, withheld) = body.read()?.parse()?;
    let house = &request.web.house;
    let entered = house.enter(&token, &code, device, request.guest().address).await?;
    request.trace(Trace::Proven);
    let preview = preview(&house.store, &house.failures, &entered.seat).await;
    let SeatId { chat, participant } = entered.seat.id();
    let (viewer, here) = (Viewer { participant, withheld }, house.hub.here(chat));
    Ok(reply::json(&EnterAnswer {
        device: entered.new_device.as_ref().map(|device| device.text().to_string()),
        seat: SeatText(entered.seat.id()),
        name: entered.name.as_str().to_owned(),
        others: view::names(&entered.others),
        chat: preview.as_ref().map(|preview| view::opening(viewer, preview, &here)),
    }))
}

/// The chat of a device that has come in. It is in whether or not this can be read, so a fault stays here.
async fn preview(store: &Store, log: &FailureLog, seat: &Seat) -> Option<ChatPreview> {
    store.preview(seat).await.inspect_err(|fault| drop(log.note("the first look into a chat", fault))).ok()
}

/// What lets one person in, as it is told once.
pub async fn invite(
    request: &RequestContext,
    base: &Base,
    invite: &Invite,
    name: &Name,
) -> Result<InviteAnswer, StoreError> {
    let link = Zeroizing::new(base.invite(&invite.token.text()));
    Ok(InviteAnswer {
        name: name.as_str().to_owned(),
        link: link.to_string(),
        code: invite.code.text().to_string(),
        qr: drawn(request, link, qr::rows).await?,
    })
}

/// Draws on a blocking thread, few at a time.
async fn drawn<T, F>(request: &RequestContext, link: Zeroizing<String>, draw: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&str) -> Result<T, QrError> + Send + 'static,
{
    let permit = Arc::clone(&request.web.drawing).acquire_owned().await.map_err(|_| StoreError::Unknown)?;
    let drawing = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        draw(&link)
    });
    let drawn = drawing.await.map_err(|error| format!("drawing a QR code: {error}"))?;
    Ok(drawn.map_err(|error| format!("drawing a QR code: {error}"))?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::Ipv4Addr;

    use super::*;
    use crate::clock::RealMachine;
    use crate::crypto::Stretch;
    use crate::domain::{At, Caller, Idle, Names};
    use crate::store::{Options, RealDisk};

    #[tokio::test]
    async fn a_chat_that_cannot_be_read_does_not_undo_the_coming_in() {
        let dir = tempfile::tempdir().unwrap();
        let (stretch, disk) = (Stretch::LEAST, Box::new(RealDisk));
        let machine = Arc::new(RealMachine::default());
        let (dir, clock) = (dir.path().to_owned(), Arc::new(|| At(0)));
        let options = Options { dir, stretch, clock, machine, disk, patience: std::time::Duration::ZERO };
        let (store, log) = (Store::open(options, drop).unwrap(), FailureLog::default());
        let names = Names::parse(&["Anny", "Abhi"]).unwrap();
        let Invite { token, code, .. } =
            store.start(&names, Idle::Day, Caller::Host).await.unwrap().remove(0);
        let entered = store.enter(&token, &code, None, Ipv4Addr::LOCALHOST.into()).await.unwrap();
        assert!(preview(&store, &log, &entered.seat).await.is_some());
        store.close().await;
        assert!(preview(&store, &log, &entered.seat).await.is_none());
    }
}
