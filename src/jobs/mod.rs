//! What happens by itself. Each job can be called by a test; the schedule only rings.

mod lost_files;
pub mod purge;
pub mod schedule;
