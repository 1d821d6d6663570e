//! From a request to a socket: the opening handshake (RFC 6455, section 4.2), and the task of the socket.
//!
//! warp's own handshake is not used: it hides the size of the read buffer. What is said on the socket is
//! `session`'s; this file does not look into it.

use std::sync::Arc;

use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use warp::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use warp::reply::Response;

use super::guard::proxy_observations::Trace;
use super::reply;
use super::request::RequestContext;
use super::web::Web;
use crate::domain::Refusal;
use crate::limits::{FRAME_BYTES_MAX, SOCKET_READ_BYTES, SOCKET_WRITE_BYTES, SOCKET_WRITE_BYTES_MAX};
use crate::net::{self, OnUpgrade};
use crate::session;
use crate::session::strangers::StrangerPermit;

const SUBPROTOCOL: &str = "parlour.v1";
/// Bytes that a client draws (RFC 6455, section 4.1).
const NONCE_BYTES: usize = 16;
/// Bytes of a `Sec-WebSocket-Key`: those in base64.
const KEY_BYTES: usize = 24;

pub fn open(request: &RequestContext) -> Response {
    let accepted = match accept_key(&request.headers) {
        Ok(key) => key,
        Err(Unfit::NoUpgrade) => return upgrade_required(),
        Err(Unfit::Malformed(place)) => return reply::refusal(&Refusal::Malformed(place.to_owned())),
    };
    let Some(upgrade) = request.upgrade.clone() else { return upgrade_required() };
    let place = request.web.strangers.admit(request.guest().address.into());
    request.trace(Trace::Socket);
    let web = request.web.clone();
    request.web.sockets.spawn(live(web, upgrade, place));
    switching(&accepted)
}

/// The socket's task: waits for the 101 to be sent, then lives the session.
async fn live(web: Arc<Web>, pending: OnUpgrade, place: StrangerPermit) {
    let stream = match net::upgrade(pending).await {
        Ok(stream) => stream,
        Err(error) => return log::debug!("a socket was not opened: {error}"),
    };
    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config())).await;
    session::run(web.house.clone(), socket, place, web.stop.clone()).await;
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(SOCKET_READ_BYTES)
        .write_buffer_size(SOCKET_WRITE_BYTES)
        .max_write_buffer_size(SOCKET_WRITE_BYTES_MAX)
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX))
}

#[derive(Debug, PartialEq, Eq)]
enum Unfit {
    /// It does not ask for one, or for another version of the protocol.
    NoUpgrade,
    Malformed(&'static str),
}

/// What proves that the handshake was understood (RFC 6455, section 4.2.2, item 5.4).
fn accept_key(headers: &HeaderMap) -> Result<String, Unfit> {
    if !lists(headers, &header::CONNECTION, "upgrade") || !lists(headers, &header::UPGRADE, "websocket") {
        return Err(Unfit::NoUpgrade);
    }
    if !lists(headers, &header::SEC_WEBSOCKET_VERSION, "13") {
        return Err(Unfit::NoUpgrade);
    }
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
    let key = keys.next().filter(|key| key.len() == KEY_BYTES && keys.next().is_none());
    let is_nonce = |bytes: Vec<u8>| bytes.len() == NONCE_BYTES;
    let key = key.filter(|key| data_encoding::BASE64.decode(key.as_bytes()).is_ok_and(is_nonce));
    let key = key.ok_or(Unfit::Malformed("Sec-WebSocket-Key must be 16 bytes in base64"))?;
    if !lists(headers, &header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
        return Err(Unfit::Malformed("Sec-WebSocket-Protocol must name parlour.v1"));
    }
    Ok(derive_accept_key(key.as_bytes()))
}

#[cfg(feature = "test-support")]
pub fn is_handshake(headers: &HeaderMap) -> bool {
    accept_key(headers).is_ok()
}

/// Whether a list of words, maybe over several fields, has this one.
fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let fields = headers.get_all(name).iter().filter_map(|field| field.to_str().ok());
    fields.flat_map(|field| field.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(word))
}

fn switching(accepted: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let fields = response.headers_mut();
    upgrade_fields(fields);
    fields.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    if let Ok(accepted) = HeaderValue::from_str(accepted) {
        fields.insert(header::SEC_WEBSOCKET_ACCEPT, accepted);
    }
    response
}

/// The address is that of a socket, and this was no request for one (RFC 9110, section 15.5.22).
fn upgrade_required() -> Response {
    let place = "this address accepts only WebSocket connections, version 13".to_owned();
    let mut response = reply::refusal_as(StatusCode::UPGRADE_REQUIRED, &Refusal::Malformed(place));
    let fields = response.headers_mut();
    upgrade_fields(fields);
    fields.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}

fn upgrade_fields(fields: &mut HeaderMap) {
    fields.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    fields.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ASKED: [(&str, &str); 5] = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-protocol", "chat, parlour.v1"),
    ];

    fn check(name: &str, value: Option<&str>, expected: Result<&str, Unfit>) {
        let mut headers = HeaderMap::new();
        for (field, usual) in ASKED {
            if let Some(value) = if field == name { value } else { Some(usual) } {
                headers.insert(field, value.parse().unwrap());
            }
        }
        let found = accept_key(&headers);
        assert_eq!(found.as_deref().map_err(|_| ()), expected.as_deref().map_err(|_| ()), "{name} {value:?}");
        if let (Err(found), Err(expected)) = (found, expected) {
            assert_eq!(found, expected, "{name} {value:?}");
        }
    }

    #[test]
    fn the_handshake_is_the_one_of_the_standard() {
        check("none", None, Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        for name in ["connection", "upgrade", "sec-websocket-version"] {
            check(name, None, Err(Unfit::NoUpgrade));
            check(name, Some("8"), Err(Unfit::NoUpgrade));
        }
        let key = || Err(Unfit::Malformed("Sec-WebSocket-Key must be 16 bytes in base64"));
        check("sec-websocket-key", None, key());
        check("sec-websocket-key", Some("c2hvcnQ="), key());
        check("sec-websocket-key", Some("dGhlIHNhbXBsZSBub25j****"), key());
        let protocol = || Err(Unfit::Malformed("Sec-WebSocket-Protocol must name parlour.v1"));
        check("sec-websocket-protocol", None, protocol());
        check("sec-websocket-protocol", Some("parlour.v2"), protocol());
    }
}
