//! How the house is: in numbers, and what does not work in it.

use std::time::Duration;

use super::process_stats;
use super::service::AdminService;
use crate::host::config::is_handed;
use crate::host::doctor::{self, Certificate, DoctorFacts};
use crate::protocol::admin::{Diagnosis, Finding, HouseStatus, LastPurge, Weight};
use crate::protocol::rest::Warning;
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

    pub fn diagnosis(&self) -> Result<Diagnosis, StoreError> {
        Ok(doctor::examine(&self.facts()?))
    }

    /// The same without hints, for the start page.
    pub fn warnings(&self) -> Vec<Warning> {
        let findings = self.diagnosis().unwrap_or_default().findings;
        let grave = findings.into_iter().filter(|finding| finding.weight != Weight::Hint);
        grave.map(|Finding { code, says, mend, .. }| Warning { code, says, mend }).collect()
    }

    fn facts(&self) -> Result<DoctorFacts, StoreError> {
        let (written, uptime) = (process_stats::written_bytes(), self.baseline.since.elapsed().as_secs());
        Ok(DoctorFacts {
            seen: self.observations.seen(),
            certificate: self.certificate(),
            free_bytes: self.house.store.footprint()?.free_bytes,
            written_bytes_a_day: written.and_then(|bytes| process_stats::a_day(bytes, uptime)),
            may_be_swapped: doctor::may_be_swapped(),
            lost: self.house.store.lost_files(),
            ..doctor::look(&self.config, self.listening.clone(), &*self.machine)
        })
    }

    fn certificate(&self) -> Option<Certificate> {
        let (ends, file) = self.certificates.as_ref()?.ends()?;
        let left = Duration::from_millis(ends.0.saturating_sub((self.house.clock)().0));
        Some(Certificate { left, is_handed: is_handed(file) })
    }
}
