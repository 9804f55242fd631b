//! A bad disk: whatever it does, what was acknowledged is there, once, and nothing is half done.
//!
//! [`calls`] stands between this binary and the system, [`disk`] decides what becomes of a call.
//! [`faults`] lets every call of every flow fail, one after another. A fault is told, leaves the old
//! state or the new one, and costs nothing once it has gone. [`power`] cuts the power at any call and
//! lets the disk forget what it may.

mod calls;
mod disk;
mod faults;
mod full;
mod migration;
mod power;
