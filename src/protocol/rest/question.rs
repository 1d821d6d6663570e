//! What requests ask: one type for each body, with exactly its fields.
//!
//! [`read`] takes the bytes as they came; then `parse` checks what they mean. The words of a refusal never
//! show what stood in the body. What may be a secret is wiped when it is dropped, and not printed.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::super::fields::{List, Secret, Whole, Withholds};
use super::super::object::Object;
use super::super::text::{MessageIdText, ParticipantText};
use crate::crypto::{Code, LinkToken};
use crate::domain::{Body, Command, Idle, Names, ParticipantId, Receipt, Refusal, Seq, Sign, Text, Withheld};
use crate::limits::{BODY_BYTES_MAX, NAME_BYTES_MAX, SEQ_MAX};

/// Reads a request body. Refused with [`Refusal::TooLarge`] or [`Refusal::Malformed`].
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let text = std::str::from_utf8(body).map_err(|_| Refusal::Malformed("it is not UTF-8".to_owned()))?;
    Object::read(text).parse()
}

/// `POST /chats`: a chat is to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartChat {
    /// Two names that do not look alike, of 1 to 40 characters each.
    #[schema(value_type = Vec<TypedName>, min_items = 2, max_items = 2)]
    names: List,
    /// How long the chat may rest before it is destroyed: one of the house's `idles`.
    #[schema(value_type = Rests)]
    idle: String,
}

/// `POST /invites/greeting` and `POST /invites/qr`: the token of a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenQuestion {
    /// 26 characters, from behind the `#` of the link.
    #[schema(value_type = String)]
    token: Secret,
}

/// `POST /invites/status`: the tokens of links.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusQuestion {
    /// 26 characters each.
    #[schema(value_type = Vec<String>, max_items = 16)]
    tokens: List,
}

/// `POST /invites/enter`: somebody wants to come in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterQuestion {
    /// 26 characters, from behind the `#` of the link.
    #[schema(value_type = String)]
    token: Secret,
    /// 8 characters, as somebody typed or pasted them: what can mean only one code is that code.
    #[schema(value_type = String)]
    code: Secret,
    /// What this device does not tell, each at most once: it is not told that of the others in the answer.
    #[serde(default)]
    #[schema(value_type = Signs, required = false)]
    withholds: Withholds,
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
    Signs: ArrayBuilder::new()
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
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayQuestion {
    /// Made by the client: the idempotency key.
    #[schema(value_type = String, pattern = "^[0-9a-f]{32}$")]
    id: MessageIdText,
    /// 1 to 4,000 characters, not only white space.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    text: Secret,
}

/// `POST /seats/{seat}/receipts`: how far somebody has got. Less than before changes nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptsQuestion {
    /// Every message up to here reached this device.
    #[serde(default)]
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    delivered: Whole<0, SEQ_MAX>,
    /// Every message up to here was on the screen, and the others may know.
    #[serde(default)]
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    seen: Whole<0, SEQ_MAX>,
    /// Every message up to here was on the screen, which the others are not told.
    #[serde(default)]
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    read: Whole<0, SEQ_MAX>,
}

/// `POST /seats/{seat}/invites`: a participant's link and code are to be replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceQuestion {
    /// Whose: the number of a participant of the chat.
    #[schema(value_type = String, pattern = "^[12]$")]
    participant: ParticipantText,
    /// Whether the participant's devices are signed out as well, but for the one that asks.
    #[serde(default)]
    #[schema(required = false)]
    sign_out: bool,
}

/// `POST /seats/{seat}/keep` and `POST /seats/{seat}/end`: an object without fields.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl StartChat {
    /// The names, and the idle time out of `choices`. Refused with what [`Names::parse`] says, or
    /// [`Refusal::BadIdle`].
    pub fn parse(&self, choices: &[Idle]) -> Result<(Names, Idle), Refusal> {
        let names = Names::parse(&self.names.0)?;
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
        Ok(self.tokens.0.iter().map(|token| LinkToken::parse(token.as_ref()).ok()).collect())
    }
}

impl EnterQuestion {
    /// Token and code, and what is withheld. Refused with [`Refusal::NoSuchLink`] or [`Refusal::BadCode`].
    pub fn parse(&self) -> Result<(LinkToken, Code, Withheld), Refusal> {
        let token = LinkToken::parse(self.token.as_ref()).map_err(|_| Refusal::NoSuchLink)?;
        let code = Code::parse(self.code.as_ref()).map_err(|_| Refusal::BadCode)?;
        Ok((token, code, self.withholds.0))
    }
}

impl SayQuestion {
    /// The command. Refused with what [`Text::parse`] says.
    pub fn parse(self) -> Result<Command, Refusal> {
        Ok(Command::Say { id: self.id.0, body: Body::Text(Text::parse(self.text.0)?) })
    }
}

impl ReceiptsQuestion {
    /// The command. What was left out claims nothing.
    pub fn parse(&self) -> Command {
        let [delivered, seen, read] = [self.delivered, self.seen, self.read].map(|number| Seq(number.0));
        Command::Mark(Receipt { delivered, seen, read })
    }
}

impl ReplaceQuestion {
    /// Whose invite, and whether the participant's devices are signed out.
    pub fn parse(&self) -> (ParticipantId, bool) {
        (self.participant.0, self.sign_out)
    }
}
