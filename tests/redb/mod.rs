//! What redb must stand: disks that fail, power that goes, processes that are killed, compaction.

pub mod compacting;
pub mod crash;
pub mod failing;
pub mod full;
pub mod life;
pub mod platter;
pub mod power;
