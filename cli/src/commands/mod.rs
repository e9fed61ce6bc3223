//! The commands, one file per subject.

pub mod check;
pub mod definitions;
pub mod journal;
pub mod man;
pub mod runs;
pub mod token;
pub mod trigger;
pub mod wait;
