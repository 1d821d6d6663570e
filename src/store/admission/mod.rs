//! Starting a chat, coming in by link and code, and making a new link and code.
//!
//! The order of coming in is the protection: the link is looked up before argon2 is reachable, a turn of
//! argon2's is waited for before anything is charged, the try is charged (address, then invite, durably)
//! before the code is looked at, and opening the envelope is the check of the code.

pub mod address_limiter;
pub mod attempts;
mod fair_queue;
pub mod kdf_worker;

use std::sync::{Arc, PoisonError};

use rand::Rng;

use crate::crypto::{self, ChatKey, Code, DeviceSecret, LinkToken};
use crate::domain::{AddressBlock, Caller, Idle, Name, Names, ParticipantId, Refusal};
use crate::store::admission::address_limiter::AddressLimiter;
use crate::store::admission::fair_queue::{Asker, Kind};
use crate::store::admission::kdf_worker::Turn;
use crate::store::keys::fresh::fresh;
use crate::store::redb::apply::invites::Replacement;
use crate::store::redb::reader::Found;
use crate::store::redb::writer::{Admission, Draft, Job, Person};
use crate::store::{Devices, Entered, Inner, Invite, Seat, Store, StoreError};

/// Stretches a fresh code for each name and has the writer make the chat.
pub async fn start(inner: &Inner, names: &Names, idle: Idle, by: Caller) -> Result<Vec<Invite>, StoreError> {
    let turn = inner.kdf_worker.turn(Kind::Start, by.into()).await?;
    let mut people = Vec::with_capacity(names.as_slice().len());
    for name in names.as_slice() {
        people.push(person(inner, name, &turn).await?);
    }
    drop(turn);
    let draft = Draft { people, idle, by };
    inner.ask(|reply| Job::Start { draft, reply }).answer().await
}

/// A fresh link and code for somebody, stretched already.
async fn person(inner: &Inner, name: &Name, turn: &Turn) -> Result<Person, StoreError> {
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
) -> Result<(Name, Invite), StoreError> {
    let inner = &store.0;
    let asking = seat.clone();
    let name = store.read(move |view| view.name(&asking, participant)).await?;
    let turn = inner.kdf_worker.turn(Kind::Replace, Asker::Seat(seat.id)).await?;
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
) -> Result<Entered, StoreError> {
    let invite = token.id();
    store.read(move |view| view.invite(invite)).await?;
    let device = known(store, device).await?;
    let turn = store.0.kdf_worker.turn(Kind::Enter, Asker::Block(from)).await?;
    // It may have been replaced, or the chat ended, while the turn was waited for.
    let found = store.read(move |view| view.invite(invite)).await?;
    let knock = EnterAttempt { store: store.clone(), token: token.clone(), code: code.clone(), device, from };
    // Were it dropped with the request of a client that hangs up, a right code would count as a wrong one,
    // and nobody would be told of a wrong one. Few have a turn at once.
    let tried = tokio::spawn(knock.answer(turn, found));
    tried.await.unwrap_or_else(|error| Err(StoreError::failed(error)))
}

/// The device's own secret, if it opens anything. One that does not was chosen by the client, or lost its
/// last seat, and counts as none: what proves a device is always made by the house.
async fn known(store: &Store, device: Option<DeviceSecret>) -> Result<Option<DeviceSecret>, StoreError> {
    let Some(secret) = device else { return Ok(None) };
    let id = secret.id();
    let holds_any = store.read(move |view| view.holds_any(id)).await?;
    Ok(Some(secret).filter(|_| holds_any))
}

/// One try to come in: whatever becomes of who made it, it is charged and then looked at to its end.
struct EnterAttempt {
    store: Store,
    token: LinkToken,
    code: Code,
    device: Option<DeviceSecret>,
    from: AddressBlock,
}

impl EnterAttempt {
    async fn answer(self, turn: Turn, found: Found) -> Result<Entered, StoreError> {
        let Self { store, token, code, device, from } = self;
        let (inner, row, invite) = (&store.0, &found.row, token.id());
        let _try = inner.attempts.begin(invite);
        charge(inner, &token, from).await?;
        let stretched = turn.stretch(code, row.salt, row.stretch()).await?;
        let Ok(key) = crypto::unwrap_for_invite(&stretched, &token, &found.lock, row.seat(), &row.envelope)
        else {
            return Err(inner.ask(|reply| Job::Miss { invite, reply }).answer().await?.into());
        };
        address_limiter(inner).refund(from);
        admit(&store, &token, device, &found, key).await
    }
}

/// Charges the address, and durably the invite. A try that the invite does not take costs the address
/// nothing.
async fn charge(inner: &Inner, token: &LinkToken, guesser: AddressBlock) -> Result<(), StoreError> {
    let invite = token.id();
    address_limiter(inner).charge(guesser, (inner.clock)())?;
    let charged = inner.ask(|reply| Job::Charge { invite, reply }).answer().await;
    if charged.is_err() {
        address_limiter(inner).refund(guesser);
    }
    charged
}

fn address_limiter(inner: &Inner) -> std::sync::MutexGuard<'_, AddressLimiter> {
    inner.address_limiter.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the device its own envelope around the chat's key.
async fn admit(
    store: &Store,
    token: &LinkToken,
    device: Option<DeviceSecret>,
    found: &Found,
    key: ChatKey,
) -> Result<Entered, StoreError> {
    let new_device = device.is_none().then(|| DeviceSecret::random(&mut fresh()));
    let secret =
        device.or_else(|| new_device.clone()).ok_or_else(|| StoreError::failed("no device secret"))?;
    let (id, device) = (found.row.seat(), secret.id());
    let envelope = crypto::wrap_for_device(&mut rand::rng(), &secret, &found.slot, id, &key);
    let connected = store.0.connected.get().cloned().unwrap_or_else(|| Arc::new(|_| false));
    let admission = Admission { invite: token.id(), seat: id, device, envelope, connected };
    store.0.ask(|reply| Job::Admit { admission, reply }).answer().await?;
    let seat = Seat { id, device, key: Arc::new(key), opening: store.0.files.opening() };
    let gone = || StoreError::Refused(Refusal::NoSuchSeat);
    let summary = store.summaries(vec![seat.clone()]).await?.pop().ok_or_else(gone)?;
    Ok(Entered { new_device, seat, name: summary.name, others: summary.others })
}
