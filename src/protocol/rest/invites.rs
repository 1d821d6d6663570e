//! Links and codes: whose they are, coming in by them, and replacing them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fields::{List, Secret, Withholds};
use super::super::text::{InviteStateText, ParticipantText, SeatText};
use super::seats::Opening;
use crate::crypto::{Code, LinkToken};
use crate::domain::{InviteState, ParticipantId, PrivacySettings, Refusal};

/// `POST /invites/greeting` and `POST /invites/qr`: the token of a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenQuestion {
    /// 26 characters, from behind the `#` of the link.
    #[schema(value_type = String)]
    token: Secret,
}

impl TokenQuestion {
    /// The token. What cannot be one leads nowhere: [`Refusal::NoSuchLink`].
    pub fn parse(&self) -> Result<LinkToken, Refusal> {
        LinkToken::parse(self.token.as_ref()).map_err(|_| Refusal::NoSuchLink)
    }
}

/// `POST /invites/status`: the tokens of links.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusQuestion {
    /// 26 characters each.
    #[schema(value_type = Vec<String>, max_items = 16)]
    tokens: List,
}

impl StatusQuestion {
    /// The tokens, in order; none where it cannot be one. No more than `STATUS_TOKENS_MAX` have been read.
    pub fn parse(&self) -> Vec<Option<LinkToken>> {
        self.tokens.0.iter().map(|token| LinkToken::parse(token.as_ref()).ok()).collect()
    }
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
    #[schema(required = false)]
    withholds: Withholds,
}

impl EnterQuestion {
    /// Token and code, and what is withheld. Refused with [`Refusal::NoSuchLink`] or [`Refusal::BadCode`].
    pub fn parse(&self) -> Result<(LinkToken, Code, PrivacySettings), Refusal> {
        let token = LinkToken::parse(self.token.as_ref()).map_err(|_| Refusal::NoSuchLink)?;
        let code = Code::parse(self.code.as_ref()).map_err(|_| Refusal::BadCode)?;
        Ok((token, code, self.withholds.0))
    }
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

impl ReplaceQuestion {
    pub fn parse(&self) -> (ParticipantId, bool) {
        (self.participant.0, self.sign_out)
    }
}

/// What lets one person in. Also the answer to `POST /seats/{seat}/invites`.
#[derive(Serialize, ToSchema)]
pub struct InviteAnswer {
    /// The name of the person whom it lets in.
    pub name: String,
    /// The link, with the token in its fragment.
    pub link: String,
    /// The code, in two groups.
    pub code: String,
    /// The link's QR code without its quiet zone: its rows from the top, each in hexadecimal with a bit for
    /// each module. The last bit is the rightmost module, 1 is dark.
    pub qr: Vec<String>,
}

/// `POST /invites/greeting`: whose link it is.
#[derive(Serialize, ToSchema)]
pub struct Greeting {
    /// The name of the person whom the link lets in.
    pub name: String,
}

/// `POST /invites/status`: who has come in.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusAnswer {
    /// In the order in which they were asked for.
    pub invites: Vec<InviteStatus>,
}

/// What has become of one invite.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct InviteStatus {
    /// What is known.
    #[schema(value_type = InviteStateWord)]
    pub state: InviteStateText,
}

described! {
    /// How the state of an invite is described.
    InviteStateWord: |text| {
        let words = InviteState::ALL.map(InviteState::word);
        text.enum_values(Some(words)).description(Some("What is known of an invite."))
    }
}

/// `POST /invites/enter`: this device is in.
#[derive(Serialize, ToSchema)]
pub struct EnterAnswer<'a> {
    /// The device secret, when the device had none: told once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub device: Option<String>,
    /// The seat that the device has now.
    #[schema(value_type = String)]
    pub seat: SeatText,
    /// The participant's own name.
    pub name: String,
    /// The names of the others, in order.
    pub others: Vec<String>,
    /// The chat, unless it could not be read: the device is in all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Opening, required = false)]
    pub chat: Option<Opening<'a>>,
}
