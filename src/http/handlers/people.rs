//! Who is in a group, what each may do, and what it is called.

use super::invites::invite;
use super::{submitted, unexpected};
use crate::domain::{Command, Outcome, ParticipantId, Refusal};
use crate::http::reply::{self, Answer};
use crate::http::request::{JsonBody, RequestContext};
use crate::protocol::rest::{
    AddQuestion, AddedAnswer, Ended, GroupQuestion, NameQuestion, Nothing, RoleQuestion, RosterQuestion,
    WritersQuestion,
};
use crate::protocol::text::ParticipantText;

pub async fn add(request: RequestContext, body: JsonBody<AddQuestion>) -> Answer {
    let (name, role, reads_history) = body.read()?.parse()?;
    let seat = request.seat().await?;
    let (participant, new) = request.web.house.add(&seat, name.clone(), role, reads_history).await?;
    let invite = invite(&request, &request.base(), &new, &name).await?;
    Ok(reply::created(&AddedAnswer { participant: ParticipantText(participant), invite }))
}

pub async fn remove(request: RequestContext) -> Answer {
    let command = Command::Remove(participant(&request)?);
    done(&request, command).await
}

pub async fn set_role(request: RequestContext, body: JsonBody<RoleQuestion>) -> Answer {
    let command = body.read()?.parse(participant(&request)?)?;
    done(&request, command).await
}

pub async fn rename(request: RequestContext, body: JsonBody<NameQuestion>) -> Answer {
    let command = body.read()?.parse()?;
    done(&request, command).await
}

pub async fn describe(request: RequestContext, body: JsonBody<GroupQuestion>) -> Answer {
    let command = body.read()?.parse()?;
    done(&request, command).await
}

pub async fn set_writers(request: RequestContext, body: JsonBody<WritersQuestion>) -> Answer {
    let command = body.read()?.parse()?;
    done(&request, command).await
}

pub async fn set_roster(request: RequestContext, body: JsonBody<RosterQuestion>) -> Answer {
    let command = body.read()?.parse()?;
    done(&request, command).await
}

/// The last one who goes ends the group.
pub async fn leave(request: RequestContext, body: JsonBody<Nothing>) -> Answer {
    body.read()?;
    done(&request, Command::LeaveGroup).await
}

async fn done(request: &RequestContext, command: Command) -> Answer {
    match submitted(request, command).await? {
        Outcome::Done => Ok(reply::done()),
        Outcome::Ended(ending) => Ok(reply::json(&Ended::from(ending))),
        other => Err(unexpected(&other)),
    }
}

fn participant(request: &RequestContext) -> Result<ParticipantId, Refusal> {
    let named = request.gaps.get(1).and_then(|name| ParticipantText::parse(name));
    named.map(|ParticipantText(participant)| participant).ok_or(Refusal::NoSuchParticipant)
}
