//! Settings: what was asked for (file, then environment, then command line) → a checked [`Config`].
//!
//! The only reader of the environment. Unknown keys of the file are refused.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ipnet::IpNet;
use serde::Deserialize;

use crate::notify::target::Target;

/// The settings that the rest of the program sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where the public listener stands. `listen`, `ZHINAN_LISTEN`; default 127.0.0.1:8080.
    pub listen: SocketAddr,
    /// Where the operators' listener stands; `None` is off. `ops_listen`, `ZHINAN_OPS_LISTEN`;
    /// default 127.0.0.1:8081.
    pub ops_listen: Option<SocketAddr>,
    /// Where events and indexes are kept. `data`, `ZHINAN_DATA`; default ./data.
    pub data: PathBuf,
    /// The knowledge base. `kb`, `ZHINAN_KB`; default ./kb.
    pub kb: PathBuf,
    /// The address that readers type, without a slash at its end: the root of canonical links,
    /// sitemap and feeds. `public_url`, `ZHINAN_PUBLIC_URL`; default http:// and `listen`.
    pub public_url: String,
    /// Whether public requests are limited by address. `rate_limit`, `ZHINAN_RATE_LIMIT`; default
    /// on.
    pub rate_limit: bool,
    /// The sentence encoder: `auto`, `none` or an address. `encoder`, `ZHINAN_ENCODER`; default
    /// auto.
    pub encoder: String,
    /// The general English–Chinese lexicon: `none`, or a file. `lexicon`, `ZHINAN_LEXICON`; default
    /// the one that scripts/fetch-lexicon put into the data folder, if it is there.
    pub lexicon: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed, as addresses or networks. `trusted_proxies`,
    /// `ZHINAN_TRUSTED_PROXIES` (with commas between); default none.
    pub trusted_proxies: Vec<IpNet>,
    /// Sites that may show the widget. `widget_origins`, `ZHINAN_WIDGET_ORIGINS` (with commas
    /// between); default none but our own.
    pub widget_origins: Vec<String>,
    /// The share of contact sessions that are shown no suggestions, 0..1, so that deflection can be
    /// measured. `holdout`, `ZHINAN_HOLDOUT`, written as in `5%`; default none.
    pub holdout: f64,
    /// Days after which a ticket loses its words; its counts stay. `keep_days`, `ZHINAN_KEEP_DAYS`;
    /// default: they are kept for good.
    pub keep_days: Option<u32>,
    /// Who is told of incidents and escalations: `[[notify]]` in the file; default nobody.
    pub notify: Vec<Target>,
}

/// Settings as they were given: every one may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// See [`Config::listen`].
    pub listen: Option<String>,
    /// See [`Config::ops_listen`]; `off` switches it off.
    pub ops_listen: Option<String>,
    /// See [`Config::data`].
    pub data: Option<PathBuf>,
    /// See [`Config::kb`].
    pub kb: Option<PathBuf>,
    /// See [`Config::public_url`].
    pub public_url: Option<String>,
    /// See [`Config::rate_limit`]; `on` or `off`.
    pub rate_limit: Option<String>,
    /// See [`Config::encoder`].
    pub encoder: Option<String>,
    /// See [`Config::lexicon`].
    pub lexicon: Option<String>,
    /// See [`Config::trusted_proxies`].
    pub trusted_proxies: Option<Vec<String>>,
    /// See [`Config::widget_origins`].
    pub widget_origins: Option<Vec<String>>,
    /// See [`Config::holdout`].
    pub holdout: Option<String>,
    /// See [`Config::keep_days`].
    pub keep_days: Option<String>,
    /// See [`Config::notify`].
    #[serde(default)]
    pub notify: Vec<Target>,
}

impl Settings {
    /// The settings of a TOML file.
    #[expect(clippy::disallowed_methods, reason = "config reads the settings file")]
    pub fn from_file(path: &Path) -> anyhow::Result<Settings> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the settings `{}`", path.display()))?;
        toml::from_str(&text)
            .with_context(|| format!("the settings `{}` are not valid", path.display()))
    }

    /// The settings of the environment.
    #[expect(clippy::disallowed_methods, reason = "config is the only reader of the environment")]
    pub fn from_environment() -> Settings {
        let text = |name: &str| std::env::var(name).ok();
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let list = |name: &str| {
            let parts = |text: String| text.split(',').map(|part| part.trim().to_owned()).collect();
            text(name).map(parts)
        };
        Settings {
            listen: text("ZHINAN_LISTEN"),
            ops_listen: text("ZHINAN_OPS_LISTEN"),
            data: path("ZHINAN_DATA"),
            kb: path("ZHINAN_KB"),
            public_url: text("ZHINAN_PUBLIC_URL"),
            rate_limit: text("ZHINAN_RATE_LIMIT"),
            encoder: text("ZHINAN_ENCODER"),
            lexicon: text("ZHINAN_LEXICON"),
            trusted_proxies: list("ZHINAN_TRUSTED_PROXIES"),
            widget_origins: list("ZHINAN_WIDGET_ORIGINS"),
            holdout: text("ZHINAN_HOLDOUT"),
            keep_days: text("ZHINAN_KEEP_DAYS"),
            notify: Vec::new(),
        }
    }

    /// These settings where they are given, `fallback` where not.
    #[must_use]
    pub fn or(self, fallback: Settings) -> Settings {
        Settings {
            listen: self.listen.or(fallback.listen),
            ops_listen: self.ops_listen.or(fallback.ops_listen),
            data: self.data.or(fallback.data),
            kb: self.kb.or(fallback.kb),
            public_url: self.public_url.or(fallback.public_url),
            rate_limit: self.rate_limit.or(fallback.rate_limit),
            encoder: self.encoder.or(fallback.encoder),
            lexicon: self.lexicon.or(fallback.lexicon),
            trusted_proxies: self.trusted_proxies.or(fallback.trusted_proxies),
            widget_origins: self.widget_origins.or(fallback.widget_origins),
            holdout: self.holdout.or(fallback.holdout),
            keep_days: self.keep_days.or(fallback.keep_days),
            notify: if self.notify.is_empty() { fallback.notify } else { self.notify },
        }
    }

    /// Checks the settings and fills in the defaults.
    pub fn check(self) -> anyhow::Result<Config> {
        let address = |name: &str, text: &str| {
            text.parse::<SocketAddr>().with_context(|| {
                format!("`{name}` is `{text}`; write an address and a port, as in 127.0.0.1:8080")
            })
        };
        let listen = self.listen.as_deref().unwrap_or("127.0.0.1:8080");
        let ops_listen = self.ops_listen.as_deref().unwrap_or("127.0.0.1:8081");
        let rate_limit = match self.rate_limit.as_deref() {
            None | Some("on") => true,
            Some("off") => false,
            Some(other) => bail!("`rate_limit` is `{other}`; write on or off"),
        };
        let listen = address("listen", listen)?;
        let public_url = self.public_url.unwrap_or_else(|| format!("http://{listen}"));
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            bail!("`public_url` is `{public_url}`; write it as in https://help.example.com");
        }
        Ok(Config {
            listen,
            public_url: public_url.trim_end_matches('/').to_owned(),
            ops_listen: match ops_listen {
                "off" => None,
                text => Some(address("ops_listen", text)?),
            },
            data: self.data.unwrap_or_else(|| PathBuf::from("data")),
            kb: self.kb.unwrap_or_else(|| PathBuf::from("kb")),
            rate_limit,
            encoder: self.encoder.unwrap_or_else(|| "auto".into()),
            lexicon: self.lexicon,
            trusted_proxies: self.trusted_proxies.map_or(Ok(Vec::new()), |l| proxies(&l))?,
            widget_origins: self.widget_origins.map_or(Ok(Vec::new()), |l| origins(&l))?,
            holdout: self.holdout.map_or(Ok(0.0), |text| share(&text))?,
            notify: targets(self.notify)?,
            keep_days: self.keep_days.map(|text| days(&text)).transpose()?,
        })
    }
}

fn proxies(list: &[String]) -> anyhow::Result<Vec<IpNet>> {
    let proxy = |text: &String| {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        address.or_else(|_| text.parse()).with_context(|| {
            format!("`trusted_proxies` has `{text}`; write addresses or networks as in 10.0.0.0/8")
        })
    };
    list.iter().map(proxy).collect()
}

/// Origins as browsers send them: scheme, host and port, nothing after.
fn origins(list: &[String]) -> anyhow::Result<Vec<String>> {
    for origin in list {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b);
        if !host.is_some_and(|host| !host.is_empty() && host.bytes().all(allowed)) {
            bail!("`widget_origins` has `{origin}`; write it as in https://www.example.com");
        }
    }
    Ok(list.to_vec())
}

/// A share written in per cent. More than half would keep suggestions from most who could use them.
fn share(text: &str) -> anyhow::Result<f64> {
    let percent = text.trim().trim_end_matches('%').parse::<f64>().ok();
    let percent = percent.filter(|p| (0.0..=50.0).contains(p));
    percent
        .map(|p| p / 100.0)
        .with_context(|| format!("`holdout` is `{text}`; write a share from 0% to 50%, as in 5%"))
}

fn targets(targets: Vec<Target>) -> anyhow::Result<Vec<Target>> {
    for (index, target) in targets.iter().enumerate() {
        let number = index + 1;
        target.check().map_err(|said| anyhow::anyhow!("[[notify]] number {number}: {said}"))?;
    }
    Ok(targets)
}

fn days(text: &str) -> anyhow::Result<u32> {
    let days = text.trim().parse().ok().filter(|days| *days > 0);
    days.with_context(|| format!("`keep_days` is `{text}`; write a number of days, as in 730"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearer_settings_win_and_wrong_ones_are_named() {
        let near = Settings { listen: Some("0.0.0.0:80".into()), ..Settings::default() };
        let far = Settings {
            listen: Some("127.0.0.1:1".into()),
            ops_listen: Some("off".into()),
            ..Settings::default()
        };
        let config = near.or(far).check().unwrap();
        assert_eq!((config.listen.port(), config.ops_listen), (80, None));
        for (proxy, origin, holdout) in [
            ("10.0.0.0/99", "https://a.example", "5%"),
            ("10.0.0.1", "https://a.example/", "5%"),
            ("10.0.0.1", "https://a.example", "60%"),
        ] {
            let wrong = Settings {
                trusted_proxies: Some(vec![proxy.into()]),
                widget_origins: Some(vec![origin.into()]),
                holdout: Some(holdout.into()),
                ..Settings::default()
            };
            assert!(wrong.check().is_err(), "{proxy} {origin} {holdout}");
        }
        let wrong = Settings { listen: Some("8080".into()), ..Settings::default() };
        assert!(wrong.check().unwrap_err().to_string().contains("`8080`"));
    }
}
