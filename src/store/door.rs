//! Starting a chat, and coming in by link and code.
//!
//! The order of coming in is the protection: the link is looked up before argon2 is reachable, a place in
//! argon2's queue is taken before anything is charged, the try is charged (address, then invite, durably)
//! before the code is looked at, and opening the envelope is the check of the code.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use rand::Rng;

use super::address::{Guesser, Guessers};
use super::record::InviteRow;
use super::writer::{Admission, Draft, Job, Person};
use super::{Entered, Fault, Inner, Invite, Seat, Store};
use crate::domain::{Idle, Names, Refusal};
use crate::seal::{self, ChatKey, Code, DeviceSecret, LinkToken, SlotKey};

/// Stretches a fresh code for each name and has the writer make the chat.
pub async fn start(inner: &Inner, names: &Names, idle: Idle) -> Result<Vec<Invite>, Fault> {
    let mut people = Vec::with_capacity(names.as_slice().len());
    for name in names.as_slice() {
        let (token, code) = (LinkToken::random(&mut rand::rng()), Code::random(&mut rand::rng()));
        let salt = random_salt();
        let stretched = inner.stretcher.turn()?.stretch(code.clone(), salt, inner.cost).await?;
        people.push(Person { name: name.clone(), token, code, salt, stretched });
    }
    let draft = Draft { people, idle, cost: inner.cost };
    inner.ask(|reply| Job::Start { draft, reply }).answer().await
}

fn random_salt() -> [u8; 16] {
    let mut salt = [0; 16];
    rand::rng().fill_bytes(&mut salt);
    salt
}

/// Lets a device in.
pub async fn enter(
    store: &Store,
    token: &LinkToken,
    code: &Code,
    device: Option<DeviceSecret>,
    from: IpAddr,
) -> Result<Entered, Fault> {
    let inner = &store.0;
    let invite = token.id();
    let (row, slot) = store.read(move |view| view.invite(invite)).await?;
    let turn = inner.stretcher.turn()?;
    let guesser = Guesser::from(from);
    let _try = inner.trying.begin(invite);
    charge(inner, token, guesser).await?;
    let stretched = turn.stretch(code.clone(), row.salt, row.stretch()).await?;
    let Ok(key) = seal::unwrap_for_invite(&stretched, token, &slot, row.seat(), &row.envelope) else {
        return Err(inner.ask(|reply| Job::Miss { invite, reply }).answer().await?.into());
    };
    guessers(inner).refund(guesser);
    admit(store, token, device, &row, &slot, key).await
}

/// Charges the address, and durably the invite. A try that the invite does not take costs the address
/// nothing.
async fn charge(inner: &Inner, token: &LinkToken, guesser: Guesser) -> Result<(), Fault> {
    let invite = token.id();
    guessers(inner).charge(guesser, (inner.clock)())?;
    let charged = inner.ask(|reply| Job::Charge { invite, reply }).answer().await;
    if charged.is_err() {
        guessers(inner).refund(guesser);
    }
    charged
}

fn guessers(inner: &Inner) -> std::sync::MutexGuard<'_, Guessers> {
    inner.guessers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the device its own envelope around the chat's key.
async fn admit(
    store: &Store,
    token: &LinkToken,
    device: Option<DeviceSecret>,
    row: &InviteRow,
    slot: &SlotKey,
    key: ChatKey,
) -> Result<Entered, Fault> {
    let new_device = device.is_none().then(|| DeviceSecret::random(&mut rand::rng()));
    let secret = device.or_else(|| new_device.clone()).ok_or_else(|| Fault::failed("no device secret"))?;
    let (id, device) = (row.seat(), secret.id());
    let envelope = seal::wrap_for_device(&mut rand::rng(), &secret, slot, id, &key);
    let admission = Admission { invite: token.id(), seat: id, device, envelope };
    store.0.ask(|reply| Job::Admit { admission, reply }).answer().await?;
    let seat = Seat { id, device, key: Arc::new(key) };
    let gone = || Fault::Refused(Refusal::NoSuchSeat);
    let summary = store.summaries(vec![seat.clone()]).await?.pop().ok_or_else(gone)?;
    Ok(Entered { new_device, seat, name: summary.name, others: summary.others })
}
