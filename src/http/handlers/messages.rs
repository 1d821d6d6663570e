//! What was said in a chat, saying something, and telling how far one has read.

use super::{submitted, unexpected};
use crate::domain::Outcome;
use crate::http::query;
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{
    MessageAnswer, MessagesAnswer, ReceiptsAnswer, ReceiptsQuestion, SaidAnswer, SayQuestion,
};
use crate::protocol::text::{SeqNumber, Time};

pub async fn page(request: RequestContext) -> Answer {
    let seat = request.seat().await?;
    let (span, limit) = query::span(&request.query)?;
    let page = request.web.house.store.page(&seat, span, limit).await?;
    let messages = page.messages.iter().map(MessageAnswer::from).collect();
    Ok(reply::json(&MessagesAnswer { messages, more: page.more }))
}

/// Says something. What was said before under the same id is told again, and not created.
pub async fn say(request: RequestContext, body: JsonBody<SayQuestion>) -> Answer {
    let command = body.read()?.parse()?;
    match submitted(&request, command).await? {
        Outcome::Said { seq, at } => Ok(reply::created(&SaidAnswer { seq: SeqNumber(seq), at: Time(at) })),
        Outcome::SaidBefore { seq, at } => Ok(reply::json(&SaidAnswer { seq: SeqNumber(seq), at: Time(at) })),
        other => Err(unexpected(&other)),
    }
}

pub async fn receipts(request: RequestContext, body: JsonBody<ReceiptsQuestion>) -> Answer {
    let command = body.read()?.parse();
    match submitted(&request, command).await? {
        Outcome::Marked(receipt) => Ok(reply::json(&ReceiptsAnswer {
            delivered: SeqNumber(receipt.delivered),
            seen: SeqNumber(receipt.seen),
            read: SeqNumber(receipt.read),
        })),
        other => Err(unexpected(&other)),
    }
}
