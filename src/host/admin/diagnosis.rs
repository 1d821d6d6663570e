//! What does not work in a house that runs.

use std::time::Duration;

use super::process_stats;
use super::service::AdminService;
use crate::host::config::is_handed;
use crate::host::doctor::{self, Certificate, Facts, Memory};
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
        let (written, uptime) = (process_stats::written_bytes(), self.baseline.since.elapsed().as_secs());
        Ok(Facts {
            seen: self.observations.seen(),
            certificate: self.certificate(),
            free_bytes: self.house.store.footprint()?.free_bytes,
            written_bytes_a_day: written.and_then(|bytes| process_stats::a_day(bytes, uptime)),
            memory: Memory::of_this_process(),
            ..doctor::look(&self.config, self.listening.clone(), &*self.machine)
        })
    }

    /// The certificate that somebody else renews.
    fn certificate(&self) -> Option<Certificate> {
        let (ends, file) = self.certificates.as_ref()?.ends()?;
        let left = Duration::from_millis(ends.0.saturating_sub((self.house.clock)().0));
        Some(Certificate { left, is_handed: is_handed(file) })
    }
}
