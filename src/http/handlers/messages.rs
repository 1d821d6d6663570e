//! What was said in a chat, saying something, and telling how far one has read.

use super::{submitted, unexpected};
use crate::domain::{Command, MessageChange, Outcome, Refusal};
use crate::http::query;
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{
    ChangedAnswer, EditQuestion, MessageAnswer, MessagesAnswer, ReactionQuestion, ReceiptsAnswer,
    ReceiptsQuestion, SaidAnswer, SayQuestion,
};
use crate::protocol::text::{SeqNumber, Time};

pub async fn page(request: RequestContext) -> Answer {
    let seat = request.seat().await?;
    let (span, limit) = query::span(&request.query)?;
    let page = request.web.house.store.page(&seat, span, limit).await?;
    let who = seat.id().participant;
    let messages = page.messages.iter().map(|message| MessageAnswer::of_seat(message, who)).collect();
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

pub async fn edit(request: RequestContext, body: JsonBody<EditQuestion>) -> Answer {
    let change = body.read()?.parse()?;
    changed(&request, change).await
}

/// For everybody, or for oneself.
pub async fn delete(request: RequestContext) -> Answer {
    let change = query::deletion(&request.query)?;
    changed(&request, change).await
}

pub async fn react(request: RequestContext, body: JsonBody<ReactionQuestion>) -> Answer {
    let change = body.read()?.parse()?;
    changed(&request, change).await
}

pub async fn take_reaction_away(request: RequestContext) -> Answer {
    changed(&request, MessageChange::React(None)).await
}

async fn changed(request: &RequestContext, change: MessageChange) -> Answer {
    // What cannot be the place of a message is the place of none.
    let seq = request.gaps.get(1).and_then(|seq| query::seq(seq)).ok_or(Refusal::NoSuchMessage)?;
    match submitted(request, Command::Change { seq, change }).await? {
        Outcome::Changed(number) => Ok(reply::json(&ChangedAnswer::from(number))),
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
