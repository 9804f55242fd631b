//! Limits on public writes by the address that they come from.
//!
//! It is the peer's own address, unless the peer is a trusted proxy: then it is the last address in
//! `X-Forwarded-For` that is not a trusted proxy's. What stands before that can be forged.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;

use super::error::Problem;
use super::state::{App, Shared};

/// How many writes an address may make at once, and so many a minute from then on. Typing into the
/// contact form asks for suggestions every second or two; a family behind one address types at once.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// After how many writes addresses that have gone quiet are forgotten.
const SWEEP_EVERY: u32 = 4096;

/// Counts writes by address.
pub struct Limiter {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    writes: AtomicU32,
}

impl Default for Limiter {
    fn default() -> Self {
        let by_address = RateLimiter::keyed(Quota::per_minute(A_MINUTE));
        Limiter { by_address, writes: AtomicU32::new(0) }
    }
}

impl Limiter {
    /// Counts a write; after how many seconds to try again if it is one too many.
    pub fn check(&self, address: IpAddr) -> Result<(), u64> {
        if self.writes.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.by_address.retain_recent();
        }
        self.by_address.check_key(&neighbourhood(address)).map_err(|not_until| {
            let now = governor::clock::DefaultClock::default().now();
            not_until.wait_time_from(now).as_secs() + 1
        })
    }
}

/// Whoever has one IPv6 address has 2^64 of them.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The address that a request comes from. `None` only where there is no connection.
pub fn client(app: &App, request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip())?;
    Some(behind(&app.settings.trusted_proxies, peer, request.headers()))
}

/// The address that a request comes from, for handlers that count by it.
pub struct Client(pub IpAddr);

impl FromRequestParts<Shared> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Client, Problem> {
        // Without a connection there is one address for all.
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Client(behind(&app.settings.trusted_proxies, peer, &parts.headers)))
    }
}

fn behind(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let mut nearest = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
    for hop in hops {
        let address = hop.trim().parse::<IpAddr>();
        match address {
            Ok(address) if is_trusted(nearest) => nearest = address.to_canonical(),
            _ => break,
        }
    }
    nearest
}

/// Refuses writes that come too fast.
pub async fn limit(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let peer = client(&app, &request);
    let limited = app.settings.rate_limit && !request.method().is_safe();
    if let Some(seconds) = peer.filter(|_| limited).and_then(|p| app.limiter.check(p).err()) {
        let title = "too many requests from your address";
        return Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate-limited", title)
            .detail(format!("nothing was done; try again in {seconds} s"))
            .retry_after(seconds)
            .into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let found = behind(&trusted, peer.parse().unwrap(), &headers);
        assert_eq!(found.to_string(), expected, "{peer} {forwarded:?}");
    }

    #[test]
    fn believes_trusted_proxies_only() {
        check("9.9.9.9", &["1.1.1.1"], "9.9.9.9");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["1.1.1.1"], "1.1.1.1");
        check("10.0.0.1", &["6.6.6.6, 1.1.1.1, 10.0.0.2"], "1.1.1.1");
        check("10.0.0.1", &["6.6.6.6", "1.1.1.1"], "1.1.1.1");
        check("10.0.0.1", &["1.1.1.1, nonsense"], "10.0.0.1");
        check("::ffff:10.0.0.1", &["2001:db8::7"], "2001:db8::7");
    }
}
