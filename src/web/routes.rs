//! Routes with what each asks of its caller: no route can be added without saying so, and the list
//! is there to be compared with the checked-in table of `tests/roles`.

use std::convert::Infallible;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post, put};

use super::csrf;
use super::guard::{self, Access};
use super::state::Shared;

/// A route as the table lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// Its path with places in braces.
    pub path: &'static str,
    /// What it asks of its caller.
    pub access: Access,
}

/// A router under construction.
pub struct Routes {
    app: Shared,
    router: Router<Shared>,
    listed: Vec<Listed>,
}

impl Routes {
    /// No routes.
    pub fn new(app: &Shared) -> Routes {
        Routes { app: app.clone(), router: Router::new(), listed: Vec::new() }
    }

    /// Adds a route for `GET` (and `HEAD`).
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.add("GET", path, access, get(handler))
    }

    /// Adds a route for `POST`. Outside the API it takes forms, and only from our own pages.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        let mut route = post(handler);
        if !path.starts_with("/api/") {
            route = route.layer(from_fn(csrf::protect));
        }
        self.add("POST", path, access, route)
    }

    /// Adds a route for `PUT`; the API alone has any.
    #[must_use]
    pub fn put<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.add("PUT", path, access, put(handler))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        access: Access,
        route: MethodRouter<Shared, Infallible>,
    ) -> Routes {
        let route = match access {
            Access::Everyone => route,
            _ => route.layer(from_fn_with_state((self.app.clone(), access), guard::check)),
        };
        self.router = self.router.route(path, route);
        self.listed.push(Listed { method, path, access });
        self
    }

    /// Every route, in the order in which they were added.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// The router.
    pub fn into_router(self) -> Router<Shared> {
        self.router
    }
}
