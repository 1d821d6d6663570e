//! What requests ask: one type for each body, with exactly its fields.
//!
//! [`read`] takes the bytes as they came; then `parse` checks what they mean. The words of a refusal never
//! show what stood in the body. What may be a secret is wiped when it is dropped, and not printed.

use std::{fmt, mem};

use utoipa::openapi::schema::Type;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use zeroize::Zeroizing;

use super::super::client::{message_id, withheld};
use super::super::object::{Object, Words, malformed};
use super::super::text::{MessageIdText, ParticipantText, SeqNumber};
use crate::crypto::{Code, LinkToken};
use crate::domain::{Body, Command, Idle, Names, ParticipantId, Receipt, Refusal, Seq, Sign, Text, Withheld};
use crate::limits::{BODY_BYTES_MAX, NAME_BYTES_MAX};

/// A body that a client sends: a JSON object. Only this room can read one.
pub trait Question: Sized {
    /// The names of its fields.
    const FIELDS: &'static [&'static str];

    /// Takes the fields out of an object that has no others.
    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal>;
}

/// Reads a request body. Refused with [`Refusal::TooLarge`] or [`Refusal::Malformed`].
pub fn read<T: Question>(body: &[u8]) -> Result<T, Refusal> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let text = std::str::from_utf8(body).map_err(|_| malformed("it is not UTF-8"))?;
    let mut fields = Object::read(text, T::FIELDS);
    fields.check(T::FIELDS)?;
    T::take(&mut fields)
}

/// A text that may be a secret.
struct Secret(Zeroizing<String>);

impl From<Words<'_>> for Secret {
    fn from(words: Words<'_>) -> Self {
        Self(words.into_owned())
    }
}

impl AsRef<str> for Secret {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// `POST /chats`: a chat is to be started.
#[derive(Debug, ToSchema)]
pub struct StartChat {
    /// Two names that do not look alike, of 1 to 40 characters each.
    #[schema(value_type = Vec<TypedName>, min_items = 2, max_items = 2)]
    names: Vec<Secret>,
    /// How long the chat may rest before it is destroyed: one of the house's `idles`.
    #[schema(value_type = Rests)]
    idle: String,
}

/// `POST /invites/greeting` and `POST /invites/qr`: the token of a link.
#[derive(Debug, ToSchema)]
pub struct TokenQuestion {
    /// 26 characters, from behind the `#` of the link.
    #[schema(value_type = String)]
    token: Secret,
}

/// `POST /invites/status`: the tokens of links.
#[derive(Debug, ToSchema)]
pub struct StatusQuestion {
    /// 26 characters each.
    #[schema(value_type = Vec<String>, max_items = 16)]
    tokens: Vec<Secret>,
}

/// `POST /invites/enter`: somebody wants to come in.
#[derive(Debug, ToSchema)]
pub struct EnterQuestion {
    /// 26 characters, from behind the `#` of the link.
    #[schema(value_type = String)]
    token: Secret,
    /// 8 characters, as somebody typed or pasted them: what can mean only one code is that code.
    #[schema(value_type = String)]
    code: Secret,
    /// What this device does not tell, each at most once: it is not told that of the others in the answer.
    #[schema(value_type = Withholds, required = false)]
    withholds: Withheld,
}

/// Types that are only described: what they stand for is read as text, so that a refusal can say what is
/// wrong.
macro_rules! described {
    ($(#[$what:meta] $name:ident: $schema:expr,)*) => {$(
        #[$what]
        #[derive(Debug)]
        struct $name;

        impl ToSchema for $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }
    )*};
}

described! {
    /// What a device may withhold.
    Withholds: ArrayBuilder::new()
        .items(text().enum_values(Some(Sign::ALL.map(Sign::word))))
        .max_items(Some(Sign::ALL.len()))
        .unique_items(true),
    /// A name as somebody types it.
    TypedName: text().min_length(Some(1)).max_length(Some(NAME_BYTES_MAX)),
    /// A time without use.
    Rests: text().enum_values(Some(Idle::ALL.map(Idle::word))),
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// `POST /seats/{seat}/messages`: somebody says something.
#[derive(Debug, ToSchema)]
pub struct SayQuestion {
    /// Made by the client: the idempotency key.
    #[schema(value_type = String, pattern = "^[0-9a-f]{32}$")]
    id: MessageIdText,
    /// 1 to 4,000 characters, not only white space.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    text: Secret,
}

/// `POST /seats/{seat}/receipts`: how far somebody has got. Less than before changes nothing.
#[derive(Debug, ToSchema)]
pub struct ReceiptsQuestion {
    /// Every message up to here reached this device.
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    delivered: SeqNumber,
    /// Every message up to here was on the screen, and the others may know.
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    seen: SeqNumber,
    /// Every message up to here was on the screen, which the others are not told.
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    read: SeqNumber,
}

/// `POST /seats/{seat}/invites`: a participant's link and code are to be replaced.
#[derive(Debug, ToSchema)]
pub struct ReplaceQuestion {
    /// Whose: the number of a participant of the chat.
    #[schema(value_type = String, pattern = "^[12]$")]
    participant: ParticipantText,
    /// Whether the participant's devices are signed out as well, but for the one that asks.
    #[schema(required = false)]
    sign_out: bool,
}

/// `POST /seats/{seat}/keep` and `POST /seats/{seat}/end`: an object without fields.
#[derive(Debug, ToSchema)]
pub struct Nothing {}

impl StartChat {
    /// The names, and the idle time out of `choices`. Refused with what [`Names::parse`] says, or
    /// [`Refusal::BadIdle`].
    pub fn parse(&self, choices: &[Idle]) -> Result<(Names, Idle), Refusal> {
        let names = Names::parse(&self.names)?;
        let idle = Idle::parse(&self.idle).filter(|idle| choices.contains(idle));
        Ok((names, idle.ok_or(Refusal::BadIdle)?))
    }
}

impl TokenQuestion {
    /// The token. What cannot be one leads nowhere: [`Refusal::NoSuchLink`].
    pub fn parse(&self) -> Result<LinkToken, Refusal> {
        LinkToken::parse(self.token.as_ref()).map_err(|_| Refusal::NoSuchLink)
    }
}

impl StatusQuestion {
    /// The tokens, in order; none where it cannot be one. No more than `STATUS_TOKENS_MAX` have been read.
    pub fn parse(&self) -> Result<Vec<Option<LinkToken>>, Refusal> {
        Ok(self.tokens.iter().map(|token| LinkToken::parse(token.as_ref()).ok()).collect())
    }
}

impl EnterQuestion {
    /// Token and code, and what is withheld. Refused with [`Refusal::NoSuchLink`] or [`Refusal::BadCode`].
    pub fn parse(&self) -> Result<(LinkToken, Code, Withheld), Refusal> {
        let token = LinkToken::parse(self.token.as_ref()).map_err(|_| Refusal::NoSuchLink)?;
        let code = Code::parse(self.code.as_ref()).map_err(|_| Refusal::BadCode)?;
        Ok((token, code, self.withholds))
    }
}

impl SayQuestion {
    /// The command. Refused with what [`Text::parse`] says.
    pub fn parse(mut self) -> Result<Command, Refusal> {
        let text = Text::parse(mem::take(&mut *self.text.0))?;
        Ok(Command::Say { id: self.id.0, body: Body::Text(text) })
    }
}

impl ReceiptsQuestion {
    /// The command. What was left out claims nothing.
    pub fn parse(&self) -> Command {
        Command::Mark(Receipt { delivered: self.delivered.0, seen: self.seen.0, read: self.read.0 })
    }
}

impl ReplaceQuestion {
    /// Whose invite, and whether the participant's devices are signed out.
    pub fn parse(&self) -> (ParticipantId, bool) {
        (self.participant.0, self.sign_out)
    }
}

impl Question for StartChat {
    const FIELDS: &'static [&'static str] = &["names", "idle"];

    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal> {
        let names = fields.list("names")?.into_iter().map(Secret::from).collect();
        Ok(Self { names, idle: fields.text("idle")?.to_owned() })
    }
}

impl Question for TokenQuestion {
    const FIELDS: &'static [&'static str] = &["token"];

    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal> {
        Ok(Self { token: fields.text("token")?.into() })
    }
}

impl Question for StatusQuestion {
    const FIELDS: &'static [&'static str] = &["tokens"];

    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal> {
        Ok(Self { tokens: fields.list("tokens")?.into_iter().map(Secret::from).collect() })
    }
}

impl Question for EnterQuestion {
    const FIELDS: &'static [&'static str] = &["token", "code", "withholds"];

    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal> {
        let (token, code) = (fields.text("token")?.into(), fields.text("code")?.into());
        Ok(Self { token, code, withholds: withheld(fields)? })
    }
}

impl Question for SayQuestion {
    const FIELDS: &'static [&'static str] = &["id", "text"];

    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal> {
        Ok(Self { id: MessageIdText(message_id(fields)?), text: fields.text("text")?.into() })
    }
}

impl Question for ReceiptsQuestion {
    const FIELDS: &'static [&'static str] = &["delivered", "seen", "read"];

    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal> {
        let mut seq = |name| Ok(SeqNumber(fields.seq_if_any(name, Seq::NONE)?.unwrap_or_default()));
        Ok(Self { delivered: seq("delivered")?, seen: seq("seen")?, read: seq("read")? })
    }
}

impl Question for ReplaceQuestion {
    const FIELDS: &'static [&'static str] = &["participant", "sign_out"];

    fn take(fields: &mut Object<'_>) -> Result<Self, Refusal> {
        let participant = ParticipantText::parse(&fields.text("participant")?);
        let participant = participant.ok_or_else(|| malformed("`participant` is not a participant"))?;
        Ok(Self { participant, sign_out: fields.flag_if_any("sign_out")?.unwrap_or_default() })
    }
}

impl Question for Nothing {
    const FIELDS: &'static [&'static str] = &[];

    fn take(_: &mut Object<'_>) -> Result<Self, Refusal> {
        Ok(Self {})
    }
}
