//! What does not work in a house that runs.

use super::process_stats;
use super::service::AdminService;
use crate::host::doctor::{self, Facts, Memory};
use crate::http::link::Reach;
use crate::protocol::admin::{Diagnosis, Finding, Weight};
use crate::protocol::rest::Warning;
use crate::store::StoreError;

impl AdminService {
    /// What does not work, as far as the house knows.
    pub fn diagnosis(&self) -> Result<Diagnosis, StoreError> {
        Ok(doctor::examine(&self.facts()?))
    }

    /// The same without hints, for the start page.
    pub fn warnings(&self) -> Vec<Warning> {
        let findings = self.diagnosis().unwrap_or_default().findings;
        let grave = findings.into_iter().filter(|finding| finding.weight != Weight::Hint);
        grave.map(|Finding { code, says, mend, .. }| Warning { code, says, mend }).collect()
    }

    fn facts(&self) -> Result<Facts, StoreError> {
        let base = (self.base)();
        let written = process_stats::written_bytes();
        let uptime = self.baseline.since.elapsed().as_secs();
        Ok(Facts {
            file: self.file.clone(),
            public_url: self.public_url.clone(),
            scheme: self.scheme,
            is_only_here: self.public_url.is_none() && base.reach == Reach::Device,
            url: base.url,
            seen: self.observations.seen(),
            certificate: (self.certificate)((self.house.clock)()),
            is_synchronised: self.machine.is_synchronised(),
            has_time_service: doctor::has_time_service(),
            free_bytes: self.house.store.footprint()?.free_bytes,
            written_bytes_a_day: written.and_then(|bytes| process_stats::a_day(bytes, uptime)),
            missing: doctor::missing(&self.listening),
            listening: self.entrances.clone(),
            public_place: (self.public_place)(),
            memory: Memory::of_this_process(),
            data: process_stats::mode(&self.data).map(|mode| (self.data.display().to_string(), mode)),
        })
    }
}
