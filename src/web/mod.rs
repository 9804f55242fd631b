//! HTTP: help pages, the JSON API and the operators' listener. The only async place.
//!
//! [`router`] has every route on one screen; [`api`] answers programs, [`pages`] answers people,
//! [`feeds`] answers crawlers and readers of feeds, [`guard`] stands before everything for staff,
//! [`site`] makes the pages that need no server. Handlers enter the engine through
//! [`state::App::blocking`] alone. [`server`] accepts connections and stops gracefully, [`watch`]
//! reloads the knowledge base when its files change. Nothing here logs what a user wrote.

pub mod alerts;
pub mod api;
pub mod assets;
pub mod attempts;
pub mod blocking;
pub mod body;
pub mod cookie;
pub mod csrf;
pub mod details;
pub mod error;
pub mod feeds;
pub mod forget;
pub mod guard;
pub mod headers;
pub mod i18n;
pub mod imports;
pub mod incidents;
pub mod kept;
pub mod language;
pub mod learn;
pub mod metrics;
pub mod neighbours;
pub mod observe;
pub mod ops;
pub mod pages;
pub mod rate;
pub mod recent;
pub mod router;
pub mod routes;
pub mod searches;
pub mod server;
pub mod session;
pub mod site;
pub mod state;
pub mod studio;
pub mod view;
pub mod watch;
