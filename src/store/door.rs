//! Starting a chat, coming in by link and code, and making a new link and code.
//!
//! The order of coming in is the protection: the link is looked up before argon2 is reachable, a turn of
//! argon2's is waited for before anything is charged, the try is charged (address, then invite, durably)
//! before the code is looked at, and opening the envelope is the check of the code.

use std::sync::{Arc, PoisonError};

use rand::Rng;

use super::address::Guessers;
use super::fresh::fresh;
use super::keyring::Replacement;
use super::queue::{Asker, Kind};
use super::reader::Found;
use super::stretcher::Turn;
use super::writer::{Admission, Draft, Job, Person};
use super::{Devices, Entered, Fault, Inner, Invite, Seat, Store};
use crate::crypto::{self, ChatKey, Code, DeviceSecret, LinkToken};
use crate::domain::{AddressBlock, Caller, Idle, Name, Names, ParticipantId, Refusal};

/// Stretches a fresh code for each name and has the writer make the chat.
pub async fn start(inner: &Inner, names: &Names, idle: Idle, by: Caller) -> Result<Vec<Invite>, Fault> {
    let turn = inner.stretcher.turn(Kind::Start, by.into()).await?;
    let mut people = Vec::with_capacity(names.as_slice().len());
    for name in names.as_slice() {
        people.push(person(inner, name, &turn).await?);
    }
    drop(turn);
    let draft = Draft { people, idle, by };
    inner.ask(|reply| Job::Start { draft, reply }).answer().await
}

/// A fresh link and code for somebody, stretched already.
async fn person(inner: &Inner, name: &Name, turn: &Turn) -> Result<Person, Fault> {
    let (token, code) = (LinkToken::random(&mut fresh()), Code::random(&mut fresh()));
    let (salt, cost) = (random_salt(), inner.cost);
    let stretched = turn.stretch(code.clone(), salt, cost).await?;
    Ok(Person { name: name.clone(), token, code, salt, cost, stretched })
}

/// Stretches a fresh code and has the writer put it in the place of an invite. Who asks and for whom is
/// looked at before argon2 is reachable, and again in the transaction.
pub async fn replace(
    store: &Store,
    seat: &Seat,
    participant: ParticipantId,
    devices: Devices,
) -> Result<(Name, Invite), Fault> {
    let inner = &store.0;
    let asking = seat.clone();
    let name = store.read(move |view| view.name(&asking, participant)).await?;
    let turn = inner.stretcher.turn(Kind::Replace, Asker::Seat(seat.id)).await?;
    let person = person(inner, &name, &turn).await?;
    drop(turn);
    let replacement = Replacement { seat: seat.clone(), participant, person, devices };
    Ok((name, inner.ask(|reply| Job::Replace { replacement, reply }).answer().await?))
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
    from: AddressBlock,
) -> Result<Entered, Fault> {
    let invite = token.id();
    store.read(move |view| view.invite(invite)).await?;
    let device = known(store, device).await?;
    let turn = store.0.stretcher.turn(Kind::Enter, Asker::Block(from)).await?;
    // It may have been replaced, or the chat ended, while the turn was waited for.
    let found = store.read(move |view| view.invite(invite)).await?;
    let knock = Knock { store: store.clone(), token: token.clone(), code: code.clone(), device, from };
    // Were it dropped with the request of a client that hangs up, a right code would count as a wrong one,
    // and nobody would be told of a wrong one. Few have a turn at once.
    let tried = tokio::spawn(knock.answer(turn, found));
    tried.await.unwrap_or_else(|error| Err(Fault::failed(error)))
}

/// The device's own secret, if it opens anything. One that does not was chosen by the client, or lost its
/// last seat, and counts as none: what proves a device is always made by the house.
async fn known(store: &Store, device: Option<DeviceSecret>) -> Result<Option<DeviceSecret>, Fault> {
    let Some(secret) = device else { return Ok(None) };
    let id = secret.id();
    let holds_any = store.read(move |view| view.holds_any(id)).await?;
    Ok(Some(secret).filter(|_| holds_any))
}

/// One try to come in: whatever becomes of who made it, it is charged and then looked at to its end.
struct Knock {
    store: Store,
    token: LinkToken,
    code: Code,
    device: Option<DeviceSecret>,
    from: AddressBlock,
}

impl Knock {
    async fn answer(self, turn: Turn, found: Found) -> Result<Entered, Fault> {
        let Self { store, token, code, device, from } = self;
        let (inner, row, invite) = (&store.0, &found.row, token.id());
        let _try = inner.trying.begin(invite);
        charge(inner, &token, from).await?;
        let stretched = turn.stretch(code, row.salt, row.stretch()).await?;
        let Ok(key) = crypto::unwrap_for_invite(&stretched, &token, &found.lock, row.seat(), &row.envelope)
        else {
            return Err(inner.ask(|reply| Job::Miss { invite, reply }).answer().await?.into());
        };
        guessers(inner).refund(from);
        admit(&store, &token, device, &found, key).await
    }
}

/// Charges the address, and durably the invite. A try that the invite does not take costs the address
/// nothing.
async fn charge(inner: &Inner, token: &LinkToken, guesser: AddressBlock) -> Result<(), Fault> {
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
    found: &Found,
    key: ChatKey,
) -> Result<Entered, Fault> {
    let new_device = device.is_none().then(|| DeviceSecret::random(&mut fresh()));
    let secret = device.or_else(|| new_device.clone()).ok_or_else(|| Fault::failed("no device secret"))?;
    let (id, device) = (found.row.seat(), secret.id());
    let envelope = crypto::wrap_for_device(&mut rand::rng(), &secret, &found.slot, id, &key);
    let connected = store.0.connected.get().cloned().unwrap_or_else(|| Arc::new(|_| false));
    let admission = Admission { invite: token.id(), seat: id, device, envelope, connected };
    store.0.ask(|reply| Job::Admit { admission, reply }).answer().await?;
    let seat = Seat { id, device, key: Arc::new(key), opening: store.0.files.opening() };
    let gone = || Fault::Refused(Refusal::NoSuchSeat);
    let summary = store.summaries(vec![seat.clone()]).await?.pop().ok_or_else(gone)?;
    Ok(Entered { new_device, seat, name: summary.name, others: summary.others })
}
