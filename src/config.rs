//! Settings: what was asked for (file, then environment, then command line) → a checked [`Config`].
//!
//! The only reader of the environment. Unknown keys of the file are refused.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

/// The settings that the rest of the program sees.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        Settings {
            listen: text("ZHINAN_LISTEN"),
            ops_listen: text("ZHINAN_OPS_LISTEN"),
            data: path("ZHINAN_DATA"),
            kb: path("ZHINAN_KB"),
            public_url: text("ZHINAN_PUBLIC_URL"),
            rate_limit: text("ZHINAN_RATE_LIMIT"),
            encoder: text("ZHINAN_ENCODER"),
            lexicon: text("ZHINAN_LEXICON"),
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
        })
    }
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
        let wrong = Settings { listen: Some("8080".into()), ..Settings::default() };
        assert!(wrong.check().unwrap_err().to_string().contains("`8080`"));
    }
}
