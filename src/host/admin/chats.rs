//! Chats, as far as the host may know them: listed, started and ended.

use std::time::Duration;

use super::service::AdminService;
use crate::domain::{Caller, ChatId, Idle, Name, Names, Refusal};
use crate::protocol::admin::{AdminRefusal, ChatLine, ChatList, Done, EndedAll, NewInvite, StartedChat};
use crate::protocol::text::{ChatText, IdleText, Time};
use crate::store::{ChatStats, StoreError};

impl AdminService {
    pub(super) async fn chats(&self) -> Result<ChatList, StoreError> {
        let chats = self.house.store.list_chats().await?;
        Ok(ChatList { chats: chats.iter().map(|stats| self.line(stats)).collect() })
    }

    fn line(&self, stats: &ChatStats) -> ChatLine {
        ChatLine {
            chat: ChatText(stats.chat).to_string(),
            started: Time(stats.started).to_string(),
            used: Time(stats.used).to_string(),
            idle: IdleText(stats.idle).to_string(),
            due: Time(stats.due()).to_string(),
            messages: stats.messages,
            devices: stats.devices,
            was_entered: stats.was_entered,
            here: self.house.hub.here(stats.chat).len() as u64,
        }
    }

    pub(super) async fn start(
        &self,
        names: &[String],
        idle: Option<String>,
        title: Option<String>,
    ) -> Result<StartedChat, AdminRefusal> {
        let idle = self.idle(idle)?;
        let title = title.map(|title| Name::parse(&title)).transpose().map_err(StoreError::from)?;
        let names = if title.is_some() { Names::parse_group(names) } else { Names::parse(names) };
        let names = names.map_err(StoreError::from)?;
        let invites = self.house.start(title.as_ref(), &names, idle, Caller::Host).await?;
        let base = self.base();
        let invites = names.as_slice().iter().zip(invites).map(|(name, invite)| NewInvite {
            name: name.as_str().to_owned(),
            link: base.invite(&invite.token.text()),
            code: invite.code.text().to_string(),
        });
        Ok(StartedChat { idle: IdleText(idle).to_string(), reach: base.reach, invites: invites.collect() })
    }

    fn idle(&self, word: Option<String>) -> Result<Idle, AdminRefusal> {
        let Some(word) = word else { return Ok(self.config.idle_default) };
        let idle = Idle::parse(&word).filter(|idle| self.config.idle_choices.contains(idle));
        idle.ok_or_else(|| {
            let choices: Vec<_> = self.config.idle_choices.iter().map(|idle| idle.word()).collect();
            let detail = format!("This house doesn't offer that time. Use one of {}", choices.join(", "));
            AdminRefusal::new(Refusal::BadIdle.code(), detail)
        })
    }

    pub(super) async fn end(&self, chat: &str) -> Result<Done, AdminRefusal> {
        let no_such_chat =
            || AdminRefusal::new("no_such_chat", "There is no such chat. List them with: parlour chats");
        let ChatText(chat) = ChatText::parse(chat).ok_or_else(no_such_chat)?;
        if self.house.store.end(chat).await? {
            log::info!("the host ended a chat");
            return Ok(Done {});
        }
        Err(no_such_chat())
    }

    /// Chats that nobody has ever come into, started at least so long ago.
    pub(super) async fn never_entered(&self, since: Duration) -> Result<Vec<ChatId>, StoreError> {
        let now = (self.house.clock)();
        let chats = self.house.store.list_chats().await?;
        let is_meant = |chat: &&ChatStats| !chat.was_entered && chat.started.plus(since) <= now;
        Ok(chats.iter().filter(is_meant).map(|chat| chat.chat).collect())
    }

    pub(super) async fn end_never_entered(&self, since: Duration) -> Result<EndedAll, StoreError> {
        let meant = self.never_entered(since).await?;
        let ended = self.house.store.end_never_entered(&meant).await?;
        log::info!(ended; "the host ended {ended} chats that nobody ever entered");
        Ok(EndedAll { ended })
    }
}
