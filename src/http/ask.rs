//! One request on its way to its answer: what `rest` and `socket` may know of it.

use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use warp::http::{HeaderMap, header};
use warp::{Filter, Rejection, filters::BoxedFilter};

use super::guard::{Guest, Room, Standing, body};
use super::link::Base;
use super::{Web, negotiate};
use crate::crypto::DeviceSecret;
use crate::domain::AddressBlock;
use crate::domain::Refusal;
use crate::http::guard::proxy_observations::Trace;
use crate::net::{Peer, home_addresses, is_on_link};
use crate::protocol::text::SeatText;
use crate::store::{Seat, StoreError};

/// Who may start a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MayStart {
    /// Whoever reaches the house.
    Anyone,
    /// Who comes in from this machine or from a private network.
    #[default]
    Network,
}

impl MayStart {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::Network => "network",
        }
    }
}

/// A request without its body.
pub struct Ask {
    /// The house's web room.
    pub web: Arc<Web>,
    /// The header fields.
    pub headers: HeaderMap,
    /// What stands behind the `?`.
    pub query: String,
    peer: Option<Peer>,
}

/// The request that is being routed. Never falls through.
pub fn asked(web: Arc<Web>) -> BoxedFilter<(Ask,)> {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    warp::header::headers_cloned()
        .and(query)
        .and(warp::ext::optional::<Peer>())
        .map(move |headers, query, peer| Ask { web: web.clone(), headers, query, peer })
        .boxed()
}

/// A body that has come in whole, and the room that it takes.
pub struct Held {
    bytes: Bytes,
    _room: Room,
}

impl Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The body of the request, if there is room for it, checked for size and time while it comes in.
pub fn sent(web: Arc<Web>) -> impl Filter<Extract = (Result<Held, Refusal>,), Error = Rejection> + Clone {
    let admit = move |headers: HeaderMap, peer: Option<Peer>| {
        web.bodies.admit(web.guard.guest(peer, &headers).address, &headers)
    };
    let room = warp::header::headers_cloned().and(warp::ext::optional::<Peer>()).map(admit);
    room.and(warp::body::stream()).then(read)
}

async fn read<B: bytes::Buf>(
    room: Result<Room, Refusal>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Held, Refusal> {
    let room = room?;
    Ok(Held { bytes: body::read(body, room.bytes()).await?, _room: room })
}

impl Ask {
    /// Who asks.
    pub fn guest(&self) -> Guest {
        self.web.guard.guest(self.peer, &self.headers)
    }

    /// Whether a chat may be started from where the guest stands.
    pub fn may_start(&self) -> bool {
        match self.web.settings.may_start {
            MayStart::Anyone => true,
            MayStart::Network => self.guest().standing == Standing::Inside,
        }
    }

    /// For the doctor: somebody in the house's own IPv6 network may not start a chat.
    pub fn note_refusal(&self) {
        let address = self.guest().address;
        if is_on_link(address) {
            self.web.house.visits.note_refused(AddressBlock::of(address).address());
        }
    }

    /// Whether the guest sits at the machine of the house.
    pub fn is_host(&self) -> bool {
        let Guest { address, standing } = self.guest();
        address.is_loopback() && standing == Standing::Inside
    }

    /// What links begin with that are handed out to this guest.
    pub fn base(&self) -> Base {
        let settings = &self.web.settings;
        let local = self.peer.map(|peer| peer.local);
        Base::of(settings.public_url.as_ref(), settings.scheme, local, &settings.listening, &home_addresses())
    }

    /// The device secret, for those who must have one. Refused with [`Refusal::NotIn`].
    pub fn device(&self) -> Result<DeviceSecret, Refusal> {
        self.known_device()?.ok_or(Refusal::NotIn)
    }

    /// The device secret, if one was sent. Refused with [`Refusal::NotIn`] when it is none.
    pub fn known_device(&self) -> Result<Option<DeviceSecret>, Refusal> {
        let mut fields = self.headers.get_all(header::AUTHORIZATION).iter();
        let Some(field) = fields.next() else { return Ok(None) };
        if fields.next().is_some() {
            return Err(Refusal::NotIn);
        }
        let (scheme, secret) =
            field.to_str().ok().and_then(|field| field.split_once(' ')).ok_or(Refusal::NotIn)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::NotIn);
        }
        DeviceSecret::parse(secret.trim_start()).map(Some).map_err(|_| Refusal::NotIn)
    }

    /// The seat of that name, if the device holds it.
    pub async fn seat(&self, name: &str) -> Result<Seat, StoreError> {
        let device = self.device()?;
        let SeatText(id) = SeatText::parse(name).ok_or(Refusal::NoSuchSeat)?;
        let seat = self.web.house.store.seat(&device, id).await?;
        self.trace(Trace::Proven);
        Ok(seat)
    }

    /// Notes what the request shows of the way that it came by.
    pub fn trace(&self, trace: Trace) {
        if let Some(peer) = self.web.guard.between(self.peer) {
            self.web.house.visits.trace(peer, trace);
        }
    }

    /// The media type to answer in. Refused with [`Refusal::NotAcceptable`].
    pub fn media(&self, offered: &[&'static str]) -> Result<&'static str, Refusal> {
        let accept: Vec<_> =
            self.headers.get_all(header::ACCEPT).iter().filter_map(|field| field.to_str().ok()).collect();
        negotiate::media(Some(&accept.join(",")), offered).ok_or(Refusal::NotAcceptable)
    }
}
