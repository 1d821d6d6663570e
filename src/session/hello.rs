//! The first frame: who is it?

use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::socket_writer::{CloseReason, Socket, SocketWriter};
use crate::crypto::DeviceSecret;
use crate::domain::{PrivacySettings, Refusal};
use crate::limits::STRANGER_AGAIN;
use crate::protocol::client::{self, ClientFrame, FrameRef};
use crate::protocol::server;
use crate::session::strangers::{Eviction, StrangerPermit};

pub struct Hello {
    pub device: DeviceSecret,
    pub withheld: PrivacySettings,
    pub watches: bool,
}

/// Waits for `hello`, for as long as the socket has a place. Anything else, or nothing in time, is refused
/// and closes the socket; a `hello` that is written wrongly is refused and may be tried again in the same
/// time.
pub async fn hello<S: Socket>(
    writer: &mut SocketWriter<S>,
    place: &StrangerPermit,
) -> Result<Hello, CloseReason> {
    let lost = tokio::select! {
        biased;
        heard = first(writer) => match heard? {
            Some(hello) => return Ok(hello),
            None => Eviction::TimedOut,
        },
        lost = place.lost() => lost,
    };
    let (of, refusal, code) = match lost {
        Eviction::TimedOut => ("", Refusal::HelloFirst, CloseCode::Policy),
        Eviction::Displaced => ("hello", Refusal::Busy { retry_after: STRANGER_AGAIN }, CloseCode::Again),
    };
    writer.feed(server::refused(FrameRef::of(of), &refusal), None).await?;
    Err(CloseReason::Close(code))
}

/// Nothing when the peer said something else.
async fn first<S: Socket>(writer: &mut SocketWriter<S>) -> Result<Option<Hello>, CloseReason> {
    loop {
        let text = match writer.hear().await? {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            Message::Binary(_) => return Ok(None),
            Message::Close(_) => return Err(CloseReason::Gone),
        };
        match client::parse(&text) {
            (_, Ok(ClientFrame::Hello { device, withheld, watches, .. })) => {
                return Ok(Some(Hello { device, withheld, watches }));
            }
            (frame, Err(refusal)) if frame.of == "hello" => {
                writer.feed(server::refused(FrameRef::of(frame.of), &refusal), None).await?;
                writer.flush(None).await?;
            }
            (_, Ok(_) | Err(_)) => return Ok(None),
        }
    }
}
