//! Rows: columns of a ticket ↔ [`Ticket`]. A row that does not parse is an error that names the
//! column and never shows what is in it.

use std::str::FromStr;

use rusqlite::Row;
use serde::Deserialize;

use crate::events::event::{
    Idempotency, NewTicket, Outcome, RedactedSecret, Suggested, Ticket, TicketState,
};
use crate::events::store::StoreError;
use crate::id::{ArticleId, TicketId};
use crate::time::Timestamp;

/// The columns that [`ticket`] reads.
pub(super) const TICKET_COLUMNS: &str = "id, state, at, lang, channel, external_id, key, request, suggested, redacted, sender, \
     clean_text";

/// A ticket from a row of [`TICKET_COLUMNS`].
pub(super) fn ticket(row: &Row<'_>) -> Result<Ticket, StoreError> {
    let lang: String = row.get("lang")?;
    let (key, request): (Option<String>, Option<String>) = (row.get("key")?, row.get("request")?);
    let redacted: String = row.get("redacted")?;
    let ticket = NewTicket {
        at: time(row.get("at")?)?,
        clean_text: row.get("clean_text")?,
        lang: parsed("lang", &lang)?,
        channel: row.get("channel")?,
        external_id: row.get("external_id")?,
        suggested: suggested(&row.get::<_, String>("suggested")?)?,
        redacted: self::redacted(&redacted)?,
        sender: row.get("sender")?,
        idempotency: key.zip(request).map(|(key, request)| Idempotency { key, request }),
    };
    let state: String = row.get("state")?;
    let state = TicketState::from_code(&state).ok_or_else(|| damaged("state"))?;
    Ok(Ticket { id: TicketId(row.get("id")?), state, ticket })
}

/// The column `suggested`. JSON has no NaN, so that confidence comes back as 0.
pub(super) fn suggested_json(suggested: &[Suggested]) -> Result<String, StoreError> {
    let pairs: Vec<(&str, f32)> =
        suggested.iter().map(|s| (s.article.as_str(), s.confidence)).collect();
    serde_json::to_string(&pairs).map_err(|_| damaged("suggested"))
}

fn suggested(json: &str) -> Result<Vec<Suggested>, StoreError> {
    let pairs: Vec<(String, Option<f32>)> =
        serde_json::from_str(json).map_err(|_| damaged("suggested"))?;
    let suggestion = |(slug, confidence): (String, Option<f32>)| {
        Ok(Suggested { article: article(&slug)?, confidence: confidence.unwrap_or(0.0) })
    };
    pairs.into_iter().map(suggestion).collect()
}

/// What the column `redacted` holds: a kind alone where no tag was kept.
#[derive(Deserialize)]
#[serde(untagged)]
enum RedactedColumn {
    Kind(String),
    Tagged(String, String),
}

/// The secrets in the column `redacted`.
pub(super) fn redacted(json: &str) -> Result<Vec<RedactedSecret>, StoreError> {
    let columns: Vec<RedactedColumn> =
        serde_json::from_str(json).map_err(|_| damaged("redacted"))?;
    let secret = |column| match column {
        RedactedColumn::Kind(kind) => RedactedSecret { kind, tag: None },
        RedactedColumn::Tagged(kind, tag) => RedactedSecret { kind, tag: Some(tag) },
    };
    Ok(columns.into_iter().map(secret).collect())
}

/// The column `redacted`.
pub(super) fn redacted_json(secrets: &[RedactedSecret]) -> Result<String, StoreError> {
    let column = |secret: &RedactedSecret| match &secret.tag {
        None => serde_json::json!(secret.kind),
        Some(tag) => serde_json::json!([secret.kind, tag]),
    };
    let columns: Vec<serde_json::Value> = secrets.iter().map(column).collect();
    serde_json::to_string(&columns).map_err(|_| damaged("redacted"))
}

/// The row of a ticket.
pub(super) fn number(id: TicketId) -> Result<i64, StoreError> {
    i64::try_from(id.0).map_err(|_| StoreError::NoTicket(id))
}

/// An article from its slug.
pub(super) fn article(slug: &str) -> Result<ArticleId, StoreError> {
    parsed("slug", slug)
}

/// An outcome from its code.
pub(super) fn outcome(code: &str) -> Result<Outcome, StoreError> {
    Outcome::from_code(code).ok_or_else(|| damaged("outcome"))
}

/// A time from its microseconds.
pub(super) fn time(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| damaged("at"))
}

/// A value from its code.
pub(super) fn parsed<T: FromStr>(column: &str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| damaged(column))
}

/// The error of a column that does not parse.
pub(super) fn damaged(column: &str) -> StoreError {
    StoreError::Failed(format!("the column `{column}` does not hold what it should"))
}
