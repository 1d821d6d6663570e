//! The devices that are in by a seat, and the invites by which more come in.

use super::invites::invite;
use crate::domain::Devices;
use crate::domain::Refusal;
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{DevicesAnswer, ReplaceQuestion};
use crate::protocol::text::DeviceTagText;
use crate::session::view;

pub async fn list(request: RequestContext) -> Answer {
    let seat = request.seat().await?;
    let devices = request.web.house.store.devices(&seat).await?;
    Ok(reply::json(&DevicesAnswer { devices: devices.iter().map(view::device).collect() }))
}

pub async fn sign_out(request: RequestContext) -> Answer {
    let seat = request.seat().await?;
    let device = request.gaps.get(1).and_then(|name| DeviceTagText::parse(name));
    let DeviceTagText(tag) = device.ok_or(Refusal::NoSuchDevice)?;
    request.web.house.sign_out(&seat, tag).await?;
    Ok(reply::done())
}

pub async fn replace_invite(request: RequestContext, body: JsonBody<ReplaceQuestion>) -> Answer {
    let (participant, signs_out) = body.read()?.parse();
    let devices = if signs_out { Devices::SignedOut } else { Devices::Stay };
    let seat = request.seat().await?;
    let (name, new) = request.web.house.replace(&seat, participant, devices).await?;
    Ok(reply::created(&invite(&request, &request.base(), &new, &name).await?))
}
