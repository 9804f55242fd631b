//! What recurs: events in, findings out. Pure: windows and "now" are arguments.

pub mod report;
pub mod window;
