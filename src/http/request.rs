//! One request on its way to its answer: what handlers may know of it.
//!
//! `mod` makes one for each request that has a route. Nothing of the body is read before a handler, or the
//! route that calls it, asks for it.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use warp::http::{HeaderMap, Method, header};

use super::guard::proxy_observations::Trace;
use super::guard::{Guest, body};
use super::link::Base;
use super::negotiate;
use super::web::{MayStart, Web};
use crate::crypto::DeviceSecret;
use crate::domain::{AddressBlock, Refusal};
use crate::net::{OnUpgrade, Peer, Share, home_addresses, is_on_link};
use crate::protocol::rest::{self, RequestBody};
use crate::protocol::text::SeatText;
use crate::store::{Seat, StoreError};

pub struct RequestContext {
    pub web: Arc<Web>,
    pub method: Method,
    pub headers: HeaderMap,
    pub query: String,
    /// What is in the gaps of the route's pattern, in order.
    pub gaps: Vec<String>,
    pub proof: Proof,
    pub peer: Option<Peer>,
    /// What becomes a socket, where the connection may.
    pub upgrade: Option<OnUpgrade>,
}

pub type BodyStream = BoxStream<'static, Result<Bytes, warp::Error>>;

/// Whether the device secret is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nobody looks at it.
    None,
    Optional,
    Required,
}

/// A body that has come in whole, or why it has not.
pub struct JsonBody<T> {
    /// With the room that it takes.
    held: Result<(Bytes, Share), Refusal>,
    of: PhantomData<fn() -> T>,
}

impl<T: RequestBody> JsonBody<T> {
    /// What was sent. Refused with what [`rest::read`] says, or with what went wrong on the way.
    pub fn read(self) -> Result<T, Refusal> {
        rest::read(&self.held?.0)
    }
}

impl RequestContext {
    pub fn guest(&self) -> Guest {
        self.web.guard.guest(self.peer, &self.headers)
    }

    pub fn may_start(&self) -> bool {
        match self.web.settings.may_start {
            MayStart::Anyone => true,
            MayStart::Network => self.guest().is_inside,
        }
    }

    /// For the doctor: somebody in the house's own IPv6 network may not start a chat.
    pub fn note_refusal(&self) {
        let address = self.guest().address;
        if is_on_link(address) {
            self.web.observations.note_refused(AddressBlock::of(address).address());
        }
    }

    /// Whether the guest sits at the machine of the house.
    pub fn is_host(&self) -> bool {
        let Guest { address, is_inside } = self.guest();
        address.is_loopback() && is_inside
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

    /// The seat that the path names, if the device holds it.
    pub async fn seat(&self) -> Result<Seat, StoreError> {
        let device = self.device()?;
        let SeatText(id) =
            self.gaps.first().and_then(|name| SeatText::parse(name)).ok_or(Refusal::NoSuchSeat)?;
        let seat = self.web.house.store.seat(&device, id).await?;
        self.trace(Trace::Proven);
        Ok(seat)
    }

    pub fn trace(&self, trace: Trace) {
        if let Some(peer) = self.web.guard.between(self.peer) {
            self.web.observations.trace(peer, trace);
        }
    }

    pub fn is_secure(&self) -> bool {
        self.web.guard.is_secure(self.peer, &self.headers)
    }

    pub async fn json_body<T: RequestBody>(&self, body: BodyStream) -> JsonBody<T> {
        let held = self.receive(body).await;
        // Nothing is said of a body to a client that does not prove to be a device.
        let held = match self.proof {
            Proof::Required => self.device().and(held),
            Proof::None | Proof::Optional => held,
        };
        JsonBody { held, of: PhantomData }
    }

    /// The body, if there is room for it, checked for size and time while it comes in.
    async fn receive(&self, body: BodyStream) -> Result<(Bytes, Share), Refusal> {
        let room = self.web.bodies.admit(self.guest().address, &self.headers)?;
        Ok((body::read(body, room.amount).await?, room))
    }

    /// The media type to answer in. Refused with [`Refusal::NotAcceptable`].
    pub fn media(&self, offered: &[&'static str]) -> Result<&'static str, Refusal> {
        let accept: Vec<_> =
            self.headers.get_all(header::ACCEPT).iter().filter_map(|field| field.to_str().ok()).collect();
        negotiate::media(Some(&accept.join(",")), offered).ok_or(Refusal::NotAcceptable)
    }
}
