//! zhinan: a bilingual knowledge base and ticket-deflection engine.
#![forbid(unsafe_code)]

pub mod backup;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod data;
pub mod desk;
pub mod encoder;
pub mod engine;
pub mod erasure;
pub mod eval;
pub mod events;
pub mod exchange;
pub mod id;
pub mod index;
pub mod kb;
pub mod lang;
pub mod notify;
pub mod people;
pub mod studio;
pub mod suggest;
pub mod text;
pub mod time;
pub mod trends;
pub mod web;
