//! How the house is, in numbers.

use super::process_stats;
use super::service::AdminService;
use crate::house::metrics::Gauges;
use crate::protocol::admin::{HouseStatus, LastPurge};
use crate::protocol::text::Time;
use crate::store::StoreError;

impl AdminService {
    /// The figures of the house in the text format of Prometheus.
    pub async fn figures(&self) -> Result<String, StoreError> {
        Ok(self.house.metrics.text(self.gauges().await?))
    }

    async fn gauges(&self) -> Result<Gauges, StoreError> {
        let stats = self.house.store.stats().await?;
        let footprint = self.house.store.footprint()?;
        Ok(Gauges {
            chats: stats.chats,
            messages: stats.messages,
            seats: stats.seats,
            sockets: self.house.hub.sockets() as u64,
            store_bytes: footprint.store_bytes,
            free_bytes: footprint.free_bytes,
            memory_bytes: process_stats::memory_bytes().unwrap_or_default(),
            uptime_seconds: self.baseline.since.elapsed().as_secs(),
        })
    }

    pub(super) async fn status(&self) -> Result<HouseStatus, StoreError> {
        let gauges = self.gauges().await?;
        let purge = self.house.metrics.last_purge().map(|(at, purged)| LastPurge {
            at: Time(at).to_string(),
            called: purged.called,
            destroyed: purged.destroyed,
            forgotten: purged.forgotten,
        });
        let grown = gauges.store_bytes.saturating_sub(self.baseline.store_bytes);
        Ok(HouseStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            open_since: Time(self.baseline.at).to_string(),
            uptime_seconds: gauges.uptime_seconds,
            url: self.base().url,
            chats: gauges.chats,
            messages: gauges.messages,
            seats: gauges.seats,
            sockets: gauges.sockets,
            memory_bytes: process_stats::memory_bytes(),
            store_bytes: gauges.store_bytes,
            free_bytes: gauges.free_bytes,
            disk_lasts_days: process_stats::days(gauges.free_bytes, grown, gauges.uptime_seconds),
            last_backup: self.house.store.last_backup().await?.map(|at| Time(at).to_string()),
            last_purge: purge,
        })
    }
}
