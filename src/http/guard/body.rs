//! What may be sent along: plain JSON, not packed, not more than fits.
//!
//! Looks at the head only, before anything of the body is read; [`read`] then keeps the same bound while
//! the body comes in, and a deadline.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use warp::http::{HeaderMap, Method, header};

use crate::domain::Refusal;
use crate::limits::{BODY_BYTES_MAX, BODY_DEADLINE};

/// Refuses a body that is not JSON, is packed, or says that it is too large.
pub fn check(method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    let length = headers.get(header::CONTENT_LENGTH).map(|length| length.to_str().ok()?.parse::<u64>().ok());
    let has_body = headers.contains_key(header::TRANSFER_ENCODING) || !matches!(length, None | Some(Some(0)));
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Refusal::WrongMediaType);
    }
    if (has_body || *method == Method::POST) && !is_json(headers) {
        return Err(Refusal::WrongMediaType);
    }
    match length.flatten() {
        Some(length) if length > BODY_BYTES_MAX as u64 => Err(Refusal::TooLarge),
        _ => Ok(()),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let Ok(only) = only.to_str() else { return false };
    let mut parts = only.split(';').map(str::trim);
    parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json")) && parts.all(is_utf8)
}

/// Or nothing: parameters may be empty (RFC 9110, section 5.6.6).
fn is_utf8(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return parameter.is_empty() };
    name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
}

/// The whole body, for which there is room of so many bytes. Refused with [`Refusal::TooLarge`],
/// [`Refusal::TooSlow`], or, when it breaks off, with [`Refusal::Malformed`].
pub async fn read<B: Buf, E>(body: impl Stream<Item = Result<B, E>>, room: usize) -> Result<Bytes, Refusal> {
    tokio::time::timeout(BODY_DEADLINE, gather(body, room)).await.unwrap_or(Err(Refusal::TooSlow))
}

/// One buffer of the size that the head named, which never grows: memory is not taken before bytes come, and
/// no copies of it are left behind.
async fn gather<B: Buf, E>(body: impl Stream<Item = Result<B, E>>, room: usize) -> Result<Bytes, Refusal> {
    let mut body = std::pin::pin!(body);
    let mut bytes = BytesMut::with_capacity(room);
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| Refusal::Malformed("the body was cut off".to_owned()))?;
        if bytes.len() + part.remaining() > room {
            return Err(Refusal::TooLarge);
        }
        bytes.put(part);
    }
    Ok(bytes.freeze())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use futures_util::stream;

    #[test]
    fn a_body_is_plain_json_that_fits() {
        for (method, fields, expected) in [
            (Method::GET, vec![], Ok(())),
            (Method::GET, vec![("content-length", "0")], Ok(())),
            (Method::POST, vec![("content-type", "application/json"), ("content-length", "2")], Ok(())),
            (Method::POST, vec![("content-type", "Application/JSON; charset=UTF-8")], Ok(())),
            (Method::POST, vec![("content-type", "application/json;charset=\"utf-8\"")], Ok(())),
            (Method::POST, vec![("content-type", "application/json;")], Ok(())),
            (Method::POST, vec![("content-type", "application/json;; charset=utf-8 ;")], Ok(())),
            (Method::POST, vec![("content-type", "application/json"), ("content-length", "65536")], Ok(())),
            (Method::DELETE, vec![], Ok(())),
            (Method::POST, vec![], Err(Refusal::WrongMediaType)),
            (Method::POST, vec![("content-type", "text/plain")], Err(Refusal::WrongMediaType)),
            (Method::POST, vec![("content-type", ";")], Err(Refusal::WrongMediaType)),
            (Method::POST, vec![("content-type", "application/jsonp")], Err(Refusal::WrongMediaType)),
            (
                Method::POST,
                vec![("content-type", "application/json; charset=latin1")],
                Err(Refusal::WrongMediaType),
            ),
            (
                Method::POST,
                vec![("content-type", "application/json; boundary=x")],
                Err(Refusal::WrongMediaType),
            ),
            (
                Method::POST,
                vec![("content-type", "application/json"), ("content-type", "application/json")],
                Err(Refusal::WrongMediaType),
            ),
            (Method::GET, vec![("content-length", "1")], Err(Refusal::WrongMediaType)),
            (Method::DELETE, vec![("transfer-encoding", "chunked")], Err(Refusal::WrongMediaType)),
            (
                Method::POST,
                vec![("content-type", "application/json"), ("content-encoding", "gzip")],
                Err(Refusal::WrongMediaType),
            ),
            (
                Method::POST,
                vec![("content-type", "application/json"), ("content-length", "65537")],
                Err(Refusal::TooLarge),
            ),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in &fields {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(check(&method, &headers), expected, "{method} {fields:?}");
        }
    }

    fn parts(count: usize, bytes: usize) -> impl Stream<Item = Result<Bytes, ()>> {
        stream::iter((0..count).map(move |_| Ok(Bytes::from(vec![b'x'; bytes]))))
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_bound() {
        assert_eq!(read(parts(64, 1_024), BODY_BYTES_MAX).await.unwrap().len(), BODY_BYTES_MAX);
        assert_eq!(read(parts(65, 1_024), BODY_BYTES_MAX).await, Err(Refusal::TooLarge));
        assert_eq!(read(parts(1, 1_024), 1_023).await, Err(Refusal::TooLarge));
        let broken = stream::iter([Ok(Bytes::from_static(b"{")), Err(())]);
        assert!(matches!(read(broken, 2).await, Err(Refusal::Malformed(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let never = stream::pending::<Result<Bytes, ()>>();
        assert_eq!(read(never, 1).await, Err(Refusal::TooSlow));
    }
}
