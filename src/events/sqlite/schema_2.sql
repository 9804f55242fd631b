-- Schema 2: people, where tickets stand, what agents rejected. Secrets and passwords are kept as
-- hashes.

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT,                    -- a PHC string; null until a one-time link was used
    disabled INTEGER NOT NULL,
    added INTEGER NOT NULL,
    seen INTEGER
) STRICT;

CREATE TABLE session (
    hash TEXT PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person,
    opened INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES person,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,             -- codes with spaces between
    made INTEGER NOT NULL,
    until INTEGER NOT NULL,
    used INTEGER,
    revoked INTEGER NOT NULL
) STRICT;

CREATE TABLE invitation (
    hash TEXT PRIMARY KEY,
    person INTEGER NOT NULL UNIQUE REFERENCES person,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Append-only, and each row's hash covers the row before it.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- What feedback adds up to, besides `phrasing`: the articles that agents rejected for a ticket.
CREATE TABLE rejection (
    ticket INTEGER NOT NULL REFERENCES ticket,
    article INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (ticket, article)
) STRICT, WITHOUT ROWID;

INSERT INTO rejection (ticket, article)
SELECT f.ticket, f.article FROM feedback f
WHERE f.ticket IS NOT NULL AND f.outcome = 'wrong' AND f.id = (
    SELECT max(g.id) FROM feedback g WHERE g.ticket = f.ticket AND g.article = f.article
    AND g.outcome IN ('used', 'edited', 'wrong')
);

ALTER TABLE ticket ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
CREATE INDEX ticket_state ON ticket (state);
CREATE INDEX feedback_ticket ON feedback (ticket) WHERE ticket IS NOT NULL;
