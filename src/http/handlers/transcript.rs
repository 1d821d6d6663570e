//! `GET /seats/{seat}/transcript`: the whole chat to keep, as text for people or as JSON for programs. It has
//! what people said, as it is now: no notes, and nothing that is gone or hidden.
//!
//! Written page by page while it is being sent, so that it takes the memory of one page whatever the chat's
//! length. When a page cannot be read, or the chat is ended meanwhile, the answer breaks off instead of
//! ending as if it were whole.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use warp::http::{HeaderValue, header};
use warp::reply::Reply;

use crate::domain::{Body, Message, Name, ParticipantId, Seq};
use crate::house::House;
use crate::http::reply::Answer;
use crate::http::request::RequestContext;
use crate::limits::PAGE_MESSAGES_MAX;
use crate::protocol::rest::{self, ResponseBody as _};
use crate::protocol::text::{self, SeqNumber, Time};
use crate::store::{Page, Seat, Span};

const TEXT: &str = "text/plain";
const JSON: &str = "application/json";
const JSON_END: &str = "]}";

/// What is written of a message of a kind that this version does not know.
const UNSUPPORTED: &str = "(A message that this version of Parlour cannot show.)";

/// What somebody is called whom the person who asks is not shown.
const HIDDEN_NAME: &str = "Somebody";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Json,
}

pub async fn transcript(request: RequestContext) -> Answer {
    let form = if request.media(&[TEXT, JSON])? == JSON { Form::Json } else { Form::Text };
    let seat = request.seat().await?;
    let state = request.web.house.store.state(&seat).await?;
    let names = state.participants.into_iter().map(|place| (place.participant, place.name)).collect();
    let writer = TranscriptWriter { house: request.web.house.clone(), seat, names, form, has_begun: false };
    let mut response = warp::reply::stream(Flow::of(pieces(writer))).into_response();
    let (media_type, attachment) = match form {
        Form::Text => ("text/plain; charset=utf-8", "attachment; filename=\"chat.txt\""),
        Form::Json => (JSON, "attachment; filename=\"chat.json\""),
    };
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    fields.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(attachment));
    Ok(response)
}

struct TranscriptWriter {
    house: Arc<House>,
    seat: Seat,
    names: BTreeMap<ParticipantId, Name>,
    form: Form,
    /// Whether the JSON form has a message already.
    has_begun: bool,
}

#[derive(Clone, Copy)]
enum Cursor {
    Beginning,
    After(Seq),
    End,
}

fn pieces(writer: TranscriptWriter) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold((writer, Cursor::Beginning), |(mut writer, cursor)| async move {
        let after = match cursor {
            Cursor::Beginning => Seq::NONE,
            Cursor::After(seq) => seq,
            Cursor::End => return Ok(None),
        };
        let page = writer.house.store.page(&writer.seat, Span::After(after), PAGE_MESSAGES_MAX).await;
        let page = page.map_err(io::Error::other)?;
        let next = match page.messages.last() {
            Some(last) if page.more => Cursor::After(last.seq),
            _ => Cursor::End,
        };
        let piece = writer.piece(&page, cursor, next);
        Ok(Some((Bytes::from(piece), (writer, next))))
    })
}

impl TranscriptWriter {
    fn piece(&mut self, page: &Page, cursor: Cursor, next: Cursor) -> String {
        let said = page.messages.iter().filter(|message| is_said(message));
        match self.form {
            Form::Json => self.json_piece(said, cursor, next),
            Form::Text => said.map(|message| line(self.name(message.from), message)).collect(),
        }
    }

    fn json_piece<'a>(
        &mut self,
        said: impl Iterator<Item = &'a Message>,
        cursor: Cursor,
        next: Cursor,
    ) -> String {
        let mut piece = match cursor {
            Cursor::Beginning => self.json_opening(),
            Cursor::After(_) | Cursor::End => String::new(),
        };
        for message in said {
            if std::mem::replace(&mut self.has_begun, true) {
                piece.push(',');
            }
            piece += &self.message(message).text();
        }
        if let Cursor::End = next {
            piece += JSON_END;
        }
        piece
    }

    /// The JSON form up to its first message.
    fn json_opening(&self) -> String {
        let participants = self.names.values().map(|name| name.as_str().to_owned()).collect();
        let empty = rest::Transcript { participants, messages: Vec::new() }.text();
        empty.strip_suffix(JSON_END).unwrap_or(&empty).to_owned()
    }

    fn message(&self, message: &Message) -> rest::TranscriptMessage {
        rest::TranscriptMessage {
            seq: SeqNumber(message.seq),
            from: self.name(message.from).to_owned(),
            at: Time(message.at),
            text: message.body.text().map(str::to_owned),
            reply_to: message.reply_to.map(SeqNumber),
            edited: message.edits.at.map(Time),
        }
    }

    fn name(&self, participant: ParticipantId) -> &str {
        self.names.get(&participant).map_or(HIDDEN_NAME, Name::as_str)
    }
}

fn is_said(message: &Message) -> bool {
    matches!(message.body, Body::Text(_) | Body::Unsupported)
}

/// `[2026-11-21 18:42 UTC] Abhi: text`. Further lines are set in, so that none passes for a message.
fn line(name: &str, message: &Message) -> String {
    let said = message
        .body
        .text()
        .unwrap_or(UNSUPPORTED)
        .replace("\r\n", "\n")
        .replace(['\r', '\n', '\u{2028}', '\u{2029}'], "\n    ");
    let said: String = said.chars().filter(|letter| !does_something(*letter)).collect();
    let mut line = "[".to_owned();
    text::minute(message.at, &mut line);
    format!("{line} UTC] {name}: {said}\n")
}

/// Whether a character does something to a terminal instead of being shown: control characters (ECMA-48), and
/// those that turn what follows the other way round (UAX #9, sections 2.1 to 2.4) and so could show another
/// sender. Marks that only say how a neighbour reads (U+200E, U+200F, U+061C) stay: Arabic and Hebrew need
/// them.
fn does_something(letter: char) -> bool {
    let is_control = letter.is_control() && letter != '\n' && letter != '\t';
    is_control || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A stream that may be shared between threads, as warp asks of a body, although only one ever polls it.
struct Flow(Mutex<Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>>);

impl Flow {
    fn of(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Mutex::new(stream.boxed()))
    }
}

impl Stream for Flow {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::{At, Body, DeviceTag, MessageId, Text};

    #[test]
    fn a_line_says_when_who_and_what_and_none_can_be_forged() {
        for (text, expected) in [
            ("hello", "hello"),
            ("a\nb\r\nc\rd", "a\n    b\n    c\n    d"),
            ("a\n[2026-11-21 18:43 UTC] Anny: b", "a\n    [2026-11-21 18:43 UTC] Anny: b"),
            ("red \u{1b}[31m, \u{9b}2J and \u{7f}\u{8}\u{7}\0", "red [31m, 2J and "),
            ("tab\tstays", "tab\tstays"),
            ("a\u{202e}b\u{2066}c\u{2069}d", "abcd"),
            ("\u{200f}\u{5e9}\u{200e}!", "\u{200f}\u{5e9}\u{200e}!"),
            ("\u{1f468}\u{200d}\u{1f469}", "\u{1f468}\u{200d}\u{1f469}"),
        ] {
            assert_eq!(line_of(Body::Text(Text::parse(text.to_owned()).unwrap())), in_a_line(expected));
        }
    }

    #[test]
    fn a_message_of_a_kind_that_is_not_known_has_a_line_of_its_own() {
        assert_eq!(line_of(Body::Unsupported), in_a_line(UNSUPPORTED));
    }

    fn line_of(body: Body) -> String {
        let at = At(1_795_286_520_000);
        line("Abhi", &Message::new(Seq(1), (ParticipantId(2), DeviceTag(7)), at, MessageId(1), body))
    }

    fn in_a_line(said: &str) -> String {
        format!("[2026-11-21 18:42 UTC] Abhi: {said}\n")
    }
}
