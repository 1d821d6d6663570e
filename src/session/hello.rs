//! The first frame: who is it?

use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::outlet::{Outlet, Over, Socket};
use crate::crypto::DeviceSecret;
use crate::domain::{Refusal, Withheld};
use crate::limits::STRANGER_AGAIN;
use crate::protocol::client::{self, Frame};
use crate::protocol::server;
use crate::session::strangers::{Lost, Place};

/// Who has come.
pub struct Hello {
    /// What proves the device.
    pub device: DeviceSecret,
    /// What it does not tell on this socket, and is not told.
    pub withheld: Withheld,
}

/// Waits for `hello`, for as long as the socket has a place. Anything else, or nothing in time, is refused
/// and closes the socket; a `hello` that is written wrongly is refused and may be tried again in the same
/// time.
pub async fn hello<S: Socket>(outlet: &mut Outlet<S>, place: &Place) -> Result<Hello, Over> {
    let heard = tokio::select! {
        biased;
        heard = first(outlet) => heard?,
        lost = place.lost() => return Err(turn_away(outlet, lost).await?),
    };
    match heard {
        Some(hello) => Ok(hello),
        None => Err(turn_away(outlet, Lost::InTime).await?),
    }
}

async fn turn_away<S: Socket>(outlet: &mut Outlet<S>, lost: Lost) -> Result<Over, Over> {
    let (of, refusal, code) = match lost {
        Lost::InTime => ("", Refusal::HelloFirst, CloseCode::Policy),
        Lost::ToAnother => ("hello", Refusal::Busy { retry_after: STRANGER_AGAIN }, CloseCode::Again),
    };
    outlet.feed(server::refused(of, None, None, &refusal), None).await?;
    Ok(Over::Close(code))
}

/// Nothing when the peer said something else.
async fn first<S: Socket>(outlet: &mut Outlet<S>) -> Result<Option<Hello>, Over> {
    loop {
        let text = match outlet.hear().await? {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            Message::Binary(_) => return Ok(None),
            Message::Close(_) => return Err(Over::Gone),
        };
        match client::parse(&text) {
            Ok(Frame::Hello { device, withheld, .. }) => return Ok(Some(Hello { device, withheld })),
            Err(rejected) if rejected.of == "hello" => {
                let refused = server::refused(rejected.of, None, None, &rejected.refusal);
                outlet.feed(refused, None).await?;
                outlet.flush(None).await?;
            }
            Ok(_) | Err(_) => return Ok(None),
        }
    }
}
