//! Targets: what the settings say about who is told → where to, in which form and language.

use std::fmt;

use serde::Deserialize;

use crate::lang::Lang;

use super::Event;

/// The form of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Slack and what understands its incoming webhooks (Mattermost, Discord with `/slack`).
    Slack,
    /// Lark and Feishu, a custom bot.
    Lark,
    /// `DingTalk`, a custom robot.
    Dingtalk,
    /// JSON signed as in Standard Webhooks.
    Standard,
    /// E-mail by SMTP.
    Mail,
}

/// Who is told, as the settings file has it in `[[notify]]`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The form.
    pub kind: Kind,
    /// The address of the webhook, or of the mail server as in `smtps://user:password@host:465`.
    pub url: String,
    /// What signs the message: `whsec_…` for `standard`, the bot's secret for `lark` and `dingtalk`.
    #[serde(default)]
    pub secret: Option<String>,
    /// The language of the message; default English.
    #[serde(default)]
    pub lang: TargetLang,
    /// `incident`, `escalation`; default both.
    #[serde(default)]
    pub events: Option<Vec<String>>,
    /// Sender and receivers of mail.
    #[serde(default)]
    pub from: Option<String>,
    /// See `from`.
    #[serde(default)]
    pub to: Vec<String>,
}

/// The language of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetLang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl fmt::Debug for Target {
    /// Addresses of webhooks are secrets: whoever knows one can write there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("kind", &self.kind)
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

impl Target {
    /// The language of its messages.
    pub fn lang(&self) -> Lang {
        match self.lang {
            TargetLang::En => Lang::En,
            TargetLang::Zh => Lang::Zh,
        }
    }

    /// Whether it is told of such an event.
    pub fn wants(&self, event: Event) -> bool {
        self.events.as_ref().is_none_or(|wanted| wanted.iter().any(|w| w == event.group()))
    }

    /// A name for logs and for the list of what was sent: tells targets apart and nothing else.
    pub fn name(&self) -> String {
        let hash = blake3::hash(format!("{} {:?}", self.url, self.to).as_bytes()).to_hex();
        let kind = format!("{:?}", self.kind).to_lowercase();
        format!("{kind}-{}", hash.get(..8).unwrap_or_default())
    }

    /// Says what is wrong with it, if anything is.
    pub fn check(&self) -> Result<(), String> {
        let schemes: &[&str] = match self.kind {
            Kind::Mail => &["smtp://", "smtps://"],
            _ => &["https://", "http://"],
        };
        if !schemes.iter().any(|scheme| self.url.starts_with(scheme)) {
            return Err(format!("`url` must begin with {}", schemes.join(" or ")));
        }
        if self.kind == Kind::Mail && (self.from.is_none() || self.to.is_empty()) {
            return Err("mail needs `from` and `to`".to_owned());
        }
        if self.kind == Kind::Standard
            && self.secret.as_deref().is_none_or(|s| super::signature::standard_key(s).is_none())
        {
            return Err("`secret` must be `whsec_` and 24 to 64 bytes in base64".to_owned());
        }
        let known = ["incident", "escalation"];
        match self.events.iter().flatten().find(|event| !known.contains(&event.as_str())) {
            Some(event) => Err(format!("`events` has `{event}`; write incident or escalation")),
            None => Ok(()),
        }
    }
}
