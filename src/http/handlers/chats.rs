//! Starting a chat.

use crate::domain::{Caller, Refusal};
use crate::http::handlers::invites::invite;
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{StartChat, Started};
use crate::protocol::text::IdleText;

pub async fn start(request: RequestContext, body: JsonBody<StartChat>) -> Answer {
    if !request.may_start() {
        request.note_refusal();
        return Err(Refusal::NotHere.into());
    }
    let (title, names, idle) = body.read()?.parse(&request.web.settings.idle_choices)?;
    let base = request.base();
    let caller = Caller::Guest(request.guest().address.into());
    let started = request.web.house.start(title.as_ref(), &names, idle, caller).await?;
    let mut invites = Vec::with_capacity(started.len());
    for (secrets, name) in started.iter().zip(names.as_slice()) {
        invites.push(invite(&request, &base, secrets, name).await?);
    }
    Ok(reply::created(&Started { idle: IdleText(idle), reach: base.reach, invites }))
}
