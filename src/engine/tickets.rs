//! Tickets: a text in; the articles that answer it, and a recorded ticket, out.
//!
//! Secrets are taken out first, so that neither the matcher nor the store sees them. What is told to
//! the writer is what a public reader may know.

use std::collections::BTreeSet;

use crate::events::erasure::sender_mark;
use crate::events::event::{Idempotency, RedactedSecret, Suggested};
use crate::events::store::Recorded;
use crate::events::{NewTicket, Ticket};
use crate::id::TicketId;
use crate::kb::library::Reader;
use crate::suggest::leak::answer_leaks;
use crate::suggest::{Decision, Suggestion, Suggestions};
use crate::text::redact::{Redacted, SecretKind};
use crate::time::Timestamp;

use super::{Engine, EngineError, SUGGESTIONS_MAX};

/// A ticket as it comes in, before anything is known about it.
#[derive(Debug, Clone, Default)]
pub struct TicketRequest {
    /// What the user wrote.
    pub text: String,
    /// The way it came.
    pub channel: String,
    /// Its number in another system.
    pub external_id: Option<String>,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
    /// An opaque key of whoever sent it; kept as a keyed mark.
    pub sender: Option<String>,
}

/// What is known about a text: suggestions, and what was taken out of it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Articles, or silence.
    pub suggestions: Suggestions,
    /// The text without its secrets, and which they were.
    pub redacted: Redacted,
    /// Kinds of the secrets that it held when it came.
    pub leaked: BTreeSet<SecretKind>,
}

/// The answer to a recorded ticket.
#[derive(Debug, Clone)]
pub struct TicketAnswer {
    /// The ticket's number.
    pub ticket: TicketId,
    /// Whether the same request had been recorded before.
    pub repeated: bool,
    /// What is known about it.
    pub answer: Answer,
}

impl Engine {
    /// Says which articles answer a ticket, without recording anything.
    pub fn suggest(&self, reader: Reader, text: &str) -> Answer {
        self.answer(reader, text, BTreeSet::new())
    }

    /// Says which articles answer a recorded ticket: its secrets are gone, and what they were still
    /// counts.
    pub fn suggest_recorded(&self, reader: Reader, ticket: &Ticket) -> Answer {
        let kind = |secret: &RedactedSecret| SecretKind::from_code(&secret.kind);
        let leaked = ticket.ticket.redacted.iter().filter_map(kind).collect();
        self.answer(reader, &ticket.ticket.clean_text, leaked)
    }

    /// The mark under which whoever sends this key is kept.
    pub fn sender_mark(&self, sender: &str) -> String {
        sender_mark(&self.redactor, sender)
    }

    fn answer(&self, reader: Reader, text: &str, known: BTreeSet<SecretKind>) -> Answer {
        let redacted = self.redact(text);
        let mut leaked = known;
        leaked.extend(redacted.kinds());
        let snapshot = self.snapshot();
        let analysis = snapshot.library.analyser.analyse(&redacted.without_placeholders());
        let matcher = snapshot.matcher(reader);
        let library = &snapshot.library;
        let mut suggestions =
            matcher.suggest(&library.analyser, &analysis, reader, SUGGESTIONS_MAX);
        for suggestion in &mut suggestions.candidates {
            suggestion.span = redacted.in_clean_text(suggestion.span.clone());
        }
        let length = redacted.clean_text.len();
        answer_leaks(&mut suggestions, library, reader, (&leaked, length), SUGGESTIONS_MAX);
        Answer { suggestions, redacted, leaked }
    }

    /// Records a ticket. Returns after the store has it, with what a public reader may be told.
    pub fn record(
        &self,
        request: &TicketRequest,
        at: Timestamp,
    ) -> Result<TicketAnswer, EngineError> {
        let answer = self.suggest(Reader::Public, &request.text);
        let clean_text = answer.redacted.clean_text.clone();
        let idempotency = request.idempotency_key.as_ref().map(|key| Idempotency {
            // Compared and never read, so it need not be kept as it was sent.
            key: self.redactor.mark(key),
            request: request_hash(request, &clean_text),
        });
        let ticket = NewTicket {
            at,
            lang: answer.suggestions.lang,
            channel: self.redact(&request.channel).clean_text,
            external_id: request.external_id.as_deref().map(|id| self.redact(id).clean_text),
            suggested: suggested(&answer.suggestions),
            redacted: answer.redacted.redactions.iter().map(RedactedSecret::of).collect(),
            sender: request.sender.as_deref().map(|sender| self.sender_mark(sender)),
            clean_text,
            idempotency,
        };
        match self.store.record_ticket(&ticket)? {
            Recorded::New(ticket) => Ok(TicketAnswer { ticket, repeated: false, answer }),
            Recorded::Again(known) => {
                let answer = Answer { suggestions: again(&answer.suggestions, &known), ..answer };
                Ok(TicketAnswer { ticket: known.id, repeated: true, answer })
            }
        }
    }
}

fn suggested(suggestions: &Suggestions) -> Vec<Suggested> {
    let suggested =
        |s: &Suggestion| Some(Suggested { article: s.id.parse().ok()?, confidence: s.confidence });
    suggestions.shown().filter_map(suggested).collect()
}

/// The suggestions that were given when a ticket was first recorded: what was answered then is
/// answered again, also after an edit of the knowledge base.
fn again(now: &Suggestions, known: &Ticket) -> Suggestions {
    let lang = known.ticket.lang;
    let candidate = |then: &Suggested| {
        let id = then.article.to_string();
        let same = now.candidates.iter().find(|c| c.id == id);
        Suggestion {
            lang: lang.article_lang(),
            score: same.map_or(0.0, |c| c.score),
            confidence: then.confidence,
            why: same.map(|c| c.why.clone()).unwrap_or_default(),
            span: same.map_or(0..0, |c| c.span.clone()),
            passage: same.and_then(|c| c.passage.clone()),
            id,
        }
    };
    let candidates: Vec<Suggestion> = known.ticket.suggested.iter().map(candidate).collect();
    let decision = if candidates.is_empty() { Decision::Abstain } else { Decision::Suggest };
    let confidence = candidates.first().map_or(now.confidence, |c| c.confidence);
    Suggestions { lang, decision, confidence, candidates }
}

fn request_hash(request: &TicketRequest, clean_text: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    let external_id = request.external_id.as_deref().unwrap_or_default();
    for part in [clean_text, &request.channel, external_id] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
