//! Starting a chat, coming in by link and code, and making a new link and code. The order of coming in is the
//! protection: the link is looked up before argon2 is reachable, a turn of argon2's is waited for before
//! anything is charged, the attempt is charged (address, then invite, durably) before the code is looked at,
//! and opening the envelope is the check of the code.

pub mod address_limiter;
pub mod attempts;
mod fair_queue;
pub mod kdf_worker;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rand::Rng;

use super::Store;
use super::engine::{
    Addition, Admitted, Charged, ChatDraft, Connected, DeviceEntry, InviteDraft, ReadTx, Replacement,
    Request, open_names,
};
use super::error::StoreError;
use super::keys::fresh::fresh;
use super::seat::Seat;
use super::views::{Entered, Invite};
use crate::crypto::{self, ChatKey, Code, DeviceSecret, LinkToken, SlotKey, Stretch};
use crate::domain::chat::Deed;
use crate::domain::{AddressBlock, Caller, DeviceId, Devices, Idle, Name, Names, ParticipantId, Role};
use crate::limits::PAIR_PEOPLE;
use address_limiter::AddressLimiter;
use fair_queue::{Asker, KdfTask};
use kdf_worker::{KdfPermit, KdfWorker};

/// What starting and coming in need beside the engine.
pub struct Admission {
    kdf_worker: KdfWorker,
    address_limiter: Mutex<AddressLimiter>,
    connected: OnceLock<Connected>,
    cost: Stretch,
}

/// An attempt to enter that has its turn.
struct EnterAttempt {
    token: LinkToken,
    /// If it opens anything.
    device: Option<DeviceSecret>,
    /// Of the seat that the device has already, if what is in it opened.
    kept_slot: Option<u32>,
    from: AddressBlock,
}

impl Admission {
    pub fn start_worker(cost: Stretch) -> std::io::Result<Self> {
        let (kdf_worker, connected) = (KdfWorker::start()?, OnceLock::new());
        Ok(Self { kdf_worker, address_limiter: Mutex::default(), connected, cost })
    }

    async fn invite(&self, name: &Name, permit: &KdfPermit) -> Result<InviteDraft, StoreError> {
        let (token, code) = (LinkToken::random(&mut fresh()), Code::random(&mut fresh()));
        let mut salt = [0; 16];
        rand::rng().fill_bytes(&mut salt);
        let stretched = permit.stretch(code.clone(), salt, self.cost).await?;
        Ok(InviteDraft { name: name.clone(), token, code, salt, cost: self.cost, stretched })
    }

    fn limiter(&self) -> MutexGuard<'_, AddressLimiter> {
        self.address_limiter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// No device that is connected loses its seat to a new one. Asked by the writer: it must not block.
    pub fn spare(&self, connected: impl Fn(DeviceId) -> bool + Send + Sync + 'static) {
        // There is one hub: a second one is not listened to.
        let _ = self.admission.connected.set(Arc::new(connected));
    }

    /// Starts a chat: one invite for each name, in order. Of the chats that visitors of one address started
    /// and nobody entered, the oldest goes where there are too many.
    pub async fn start(&self, names: &Names, idle: Idle, by: Caller) -> Result<Vec<Invite>, StoreError> {
        self.start_as(None, names, idle, by).await
    }

    /// The same for a group. The first one is its admin.
    pub async fn start_group(
        &self,
        title: &Name,
        names: &Names,
        idle: Idle,
        by: Caller,
    ) -> Result<Vec<Invite>, StoreError> {
        self.start_as(Some(title.clone()), names, idle, by).await
    }

    async fn start_as(
        &self,
        title: Option<Name>,
        names: &Names,
        idle: Idle,
        by: Caller,
    ) -> Result<Vec<Invite>, StoreError> {
        let mut people = Vec::with_capacity(names.as_slice().len());
        // A turn for each pair of names, so that a large group keeps nobody waiting longer than a pair does.
        for pair in names.as_slice().chunks(PAIR_PEOPLE) {
            let permit = self.admission.kdf_worker.permit(KdfTask::Start, Asker::Caller(by)).await?;
            for name in pair {
                people.push(self.admission.invite(name, &permit).await?);
            }
        }
        let draft = ChatDraft { people, idle, by, title };
        self.engine.ask(|reply| Request::Start { draft, reply }).await
    }

    /// Puts a new link and code in the place of a participant's, of which nothing is left. Who asks and for
    /// whom is looked at before argon2 is reachable, and again in the transaction.
    pub async fn replace(
        &self,
        seat: &Seat,
        participant: ParticipantId,
        devices: Devices,
    ) -> Result<(Name, Invite), StoreError> {
        let asking = seat.clone();
        let is_own = seat.id.participant == participant;
        let deed = if is_own { Deed::ReplaceOwnInvite } else { Deed::ReplaceInvite };
        let name = move |tx: &ReadTx| tx.may(&asking, deed).and_then(|()| tx.name(&asking, participant));
        let name = self.engine.read(name).await?;
        let permit = self.admission.kdf_worker.permit(KdfTask::Replace, Asker::Seat(seat.id)).await?;
        let invite = self.admission.invite(&name, &permit).await?;
        drop(permit);
        let replacement = Replacement { seat: seat.clone(), participant, invite, devices };
        Ok((name, self.engine.ask(|reply| Request::Replace { replacement, reply }).await?))
    }

    /// Lets somebody into a group. What the rules say of it is asked before argon2 is reachable, and again in
    /// the transaction.
    pub async fn add(
        &self,
        seat: &Seat,
        name: Name,
        role: Role,
        reads_history: bool,
    ) -> Result<(ParticipantId, Invite), StoreError> {
        let asking = seat.clone();
        self.engine.read(move |tx| tx.may(&asking, Deed::Add)).await?;
        let permit = self.admission.kdf_worker.permit(KdfTask::Replace, Asker::Seat(seat.id)).await?;
        let invite = self.admission.invite(&name, &permit).await?;
        drop(permit);
        let addition = Addition { seat: seat.clone(), invite, role, reads_history };
        self.engine.ask(|reply| Request::Add { addition, reply }).await
    }

    /// Lets a device in by link and code. `from` is charged for a wrong code, before the code is looked at.
    /// One read, two commits, and one sync of the slot file at most; two more where another device is signed
    /// out to make room.
    pub async fn enter(
        &self,
        token: &LinkToken,
        code: &Code,
        device: Option<DeviceSecret>,
        from: IpAddr,
    ) -> Result<Entered, StoreError> {
        let (invite, from, asking) = (token.id(), AddressBlock::of(from), device.clone());
        let applicant = self.engine.read(move |tx| tx.applicant(invite, asking.as_ref())).await?;
        // One that opens nothing was chosen by the client, or lost its last seat, and counts as none: what
        // proves a device is always made by the house.
        let device = device.filter(|_| applicant.holds_any);
        let permit =
            self.admission.kdf_worker.permit(KdfTask::Enter, Asker::Caller(Caller::Guest(from))).await?;
        let (token, kept_slot) = (token.clone(), applicant.kept_slot);
        let attempt = EnterAttempt { token, device, kept_slot, from };
        let made = self.clone().attempt(attempt, code.clone(), permit);
        // Were it dropped with the request of a client that hangs up, a right code would count as a wrong
        // one, and nobody would be told of a wrong one. Few have a turn at once.
        let made = tokio::spawn(made);
        made.await.unwrap_or_else(|_| Err("an attempt to enter panicked".into()))
    }

    /// Charges the address, and durably the invite, which may have been replaced, or its chat ended, while
    /// the turn was waited for; refunds the address if the invite rejects the attempt.
    async fn charge(&self, attempt: &EnterAttempt) -> Result<Charged, StoreError> {
        let EnterAttempt { token, kept_slot, from, .. } = attempt;
        let (invite, kept_slot) = (token.id(), *kept_slot);
        self.admission.limiter().charge(*from, (self.engine.clocks.wall)())?;
        let charged = self.engine.ask(|reply| Request::Charge { invite, kept_slot, reply }).await;
        if charged.is_err() {
            self.admission.limiter().refund(*from);
        }
        charged
    }

    /// Gives the device its own envelope around the chat's key.
    async fn admit(
        &self,
        attempt: EnterAttempt,
        charged: &Charged,
        key: ChatKey,
    ) -> Result<Entered, StoreError> {
        let EnterAttempt { token, device, kept_slot, .. } = attempt;
        let new_device = device.is_none().then(|| DeviceSecret::random(&mut fresh()));
        let secret = device.or_else(|| new_device.clone()).ok_or("no device secret")?;
        let (invite, seat, device) = (token.id(), charged.row.seat(), secret.id());
        let own = SlotKey::random(&mut fresh());
        let slot = charged.slot.with_seat(&own);
        let envelope = crypto::wrap_for_device(&mut rand::rng(), &secret, &slot, seat, &key);
        let connected = self.admission.connected.get().cloned().unwrap_or_else(|| Arc::new(|_| false));
        let entry = DeviceEntry { invite, device, kept_slot, own, envelope, key: key.clone(), connected };
        let Admitted { names, sight } = self.engine.ask(|reply| Request::Admit { entry, reply }).await?;
        let mut others = open_names(&names, &key, seat.chat)?;
        let own = others.iter().position(|(who, _)| *who == seat.participant);
        let (_, name) = others.remove(own.ok_or("a chat has lost a name")?);
        let others = others.into_iter().map(|(_, name)| name).collect();
        let seat = Seat::new((seat, sight), device, key, self.engine.files.opening());
        Ok(Entered { new_device, seat, name, others })
    }

    /// Even if its client goes away, an attempt is charged and then looked at to its end.
    async fn attempt(
        self,
        attempt: EnterAttempt,
        code: Code,
        permit: KdfPermit,
    ) -> Result<Entered, StoreError> {
        let (token, invite) = (attempt.token.clone(), attempt.token.id());
        let _in_flight = self.engine.attempts.begin(invite);
        let charged = self.charge(&attempt).await?;
        let row = &charged.row;
        let stretched = permit.stretch(code, row.salt, row.stretch()).await?;
        let Ok(key) = crypto::unwrap_for_invite(&stretched, &token, &charged.lock, row.seat(), &row.envelope)
        else {
            return Err(self.engine.ask(|reply| Request::Miss { invite, reply }).await?.into());
        };
        self.admission.limiter().refund(attempt.from);
        self.admit(attempt, &charged, key).await
    }
}
