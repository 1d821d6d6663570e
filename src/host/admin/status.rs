//! How the house is, in numbers.

use super::process_stats;
use super::service::AdminService;
use crate::protocol::admin::{HouseStatus, LastPurge};
use crate::protocol::text::Time;
use crate::store::StoreError;

impl AdminService {
    /// The figures of the house in the text format of Prometheus.
    pub async fn figures(&self) -> Result<String, StoreError> {
        Ok(self.house.metrics.text(&self.status().await?))
    }

    pub(super) async fn status(&self) -> Result<HouseStatus, StoreError> {
        let stats = self.house.store.stats().await?;
        let footprint = self.house.store.footprint()?;
        let purge = self.house.metrics.last_purge().map(|(at, purged)| LastPurge {
            at: Time(at).to_string(),
            called: purged.called,
            destroyed: purged.destroyed,
            forgotten: purged.forgotten,
        });
        let uptime_seconds = self.baseline.since.elapsed().as_secs();
        let grown = footprint.store_bytes.saturating_sub(self.baseline.store_bytes);
        Ok(HouseStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            open_since: Time(self.baseline.at).to_string(),
            uptime_seconds,
            url: self.base().url,
            chats: stats.chats,
            messages: stats.messages,
            seats: stats.seats,
            sockets: self.house.hub.sockets() as u64,
            memory_bytes: process_stats::memory_bytes(),
            store_bytes: footprint.store_bytes,
            free_bytes: footprint.free_bytes,
            disk_lasts_days: process_stats::days(footprint.free_bytes, grown, uptime_seconds),
            last_backup: self.house.store.last_backup().await?.map(|at| Time(at).to_string()),
            last_purge: purge,
        })
    }
}
