//! What answers each route: from checked words to one call of the house, and back to JSON.
//!
//! One file for a subject; [`routes`](super::routes) names them and says what each does. Nothing is decided
//! here: `protocol` reads and writes JSON, the store says who may.

pub mod chats;
pub mod devices;
pub mod house;
pub mod invites;
pub mod messages;
pub mod pages;
pub mod people;
pub mod seats;
pub mod transcript;
pub mod trust;

use crate::domain::{Command, Outcome};
use crate::http::request::RequestContext;
use crate::store::StoreError;

/// Checks the seat that the path names, submits, and waits until it is durable.
async fn submitted(request: &RequestContext, command: Command) -> Result<Outcome, StoreError> {
    let seat = request.seat().await?;
    request.web.house.submit(&seat, command).await
}

fn unexpected(outcome: &Outcome) -> StoreError {
    format!("a command came to something else: {outcome:?}").into()
}
