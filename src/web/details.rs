//! Details of a ticket that the writer may check before it is sent: app version, network,
//! transaction, order.
//!
//! In: the analysis of a redacted text, or what came back from the form. Out: the first value of each
//! kind, and the text with what the writer added or corrected at its end.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::Analysis;
use crate::text::entity::{Entity, EntityKind, is_of_system};

/// The longest value that is taken over from a form, in characters.
const VALUE_CHARS_MAX: usize = 120;

/// One value of each kind; empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    /// The version of the app.
    pub app_version: String,
    /// The network.
    pub chain: String,
    /// The transaction's hash.
    pub tx_hash: String,
    /// The order's number.
    pub order_id: String,
}

impl Details {
    /// The details in `text`, of which `analysis` was made.
    pub fn find(text: &str, analysis: &Analysis) -> Details {
        let first = |kind: EntityKind, fits: &dyn Fn(&Entity) -> bool| {
            let mut of_kind = analysis.entities.iter().filter(|e| e.kind == kind && fits(e));
            of_kind.next().map(|e| e.value.clone()).unwrap_or_default()
        };
        let of_app = |entity: &Entity| !is_of_system(text, entity.range.start);
        Details {
            app_version: first(EntityKind::Version, &of_app),
            chain: first(EntityKind::Chain, &|_| true),
            tx_hash: first(EntityKind::TxHash, &|_| true),
            order_id: first(EntityKind::OrderId, &|_| true),
        }
    }

    /// `text` with those details at its end that it does not hold already, one a line.
    pub fn added_to(&self, text: &str) -> String {
        let held = text.to_lowercase();
        let mut out = text.to_owned();
        for (name, value) in self.named() {
            let value: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let value: String = value.chars().take(VALUE_CHARS_MAX).collect();
            if !value.is_empty() && !held.contains(&value.to_lowercase()) {
                out.push_str(if out == text { "\n\n" } else { "\n" });
                out.push_str(&[name, ": ", value.as_str()].concat());
            }
        }
        out
    }

    fn named(&self) -> [(&'static str, &str); 4] {
        [
            ("App version", &self.app_version),
            ("Network", &self.chain),
            ("Transaction", &self.tx_hash),
            ("Order", &self.order_id),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Analyser;

    #[test]
    fn picks_the_app_and_leaves_the_system() {
        let check = |text: &str, version: &str, order: &str| {
            let found = Details::find(text, &Analyser::default().analyse(text));
            assert_eq!((found.app_version.as_str(), found.order_id.as_str()), (version, order));
        };
        check("iOS 17.5.1, app 5.21.3, order HB-12345678", "5.21.3", "HB-12345678");
        check("安卓 14.0.1 打不开", "", "");
    }

    #[test]
    fn adds_only_what_the_text_does_not_hold() {
        let details = Details {
            app_version: "5.21.3".into(),
            chain: " Tron\nx".into(),
            ..Details::default()
        };
        assert_eq!(details.added_to("App 5.21.3 hangs"), "App 5.21.3 hangs\n\nNetwork: Tron x");
        assert_eq!(Details::default().added_to("a"), "a");
    }
}
