-- Schema 1. Times are integer microseconds since 1970 UTC.

-- Articles that events name, so that rows and indexes carry a small number instead of a slug.
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE
) STRICT;

-- Never deleted from: the next number is the highest plus one, so there are no gaps.
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    best INTEGER REFERENCES article,  -- the first of `suggested`; null: abstained
    lang TEXT NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT,
    key TEXT,                         -- the idempotency key and the hash of its request
    request TEXT,
    suggested TEXT NOT NULL,          -- JSON: [[slug, confidence] …], best first
    redacted TEXT NOT NULL,           -- JSON: [code …]
    clean_text TEXT NOT NULL          -- last, because it may be long
) STRICT;

-- Counts per article and window are answered from the index alone.
CREATE INDEX ticket_best_at ON ticket (best, at);
CREATE UNIQUE INDEX ticket_key ON ticket (key) WHERE key IS NOT NULL;

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article,
    ticket INTEGER REFERENCES ticket,
    outcome TEXT NOT NULL
) STRICT;

CREATE INDEX feedback_article_outcome_at ON feedback (article, outcome, at);

-- What feedback adds up to: the tickets that stand confirmed for an article.
CREATE TABLE phrasing (
    ticket INTEGER NOT NULL REFERENCES ticket,
    article INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (ticket, article)
) STRICT, WITHOUT ROWID;
