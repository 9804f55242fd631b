-- Schema 4: whose words are taken out, secrets that come again, what staff said about an episode.

-- A keyed mark of whoever sent it; null: not told.
ALTER TABLE ticket ADD COLUMN sender TEXT;

-- When its words were taken out. The row stays, since numbers have no gaps and counts are kept.
ALTER TABLE ticket ADD COLUMN erased INTEGER;

CREATE INDEX ticket_sender ON ticket (sender, at) WHERE sender IS NOT NULL;
CREATE INDEX ticket_at ON ticket (at);
CREATE INDEX ticket_erased ON ticket (erased) WHERE erased IS NOT NULL;

-- Keyed tags of secrets: which tickets speak of the same wallet or card.
CREATE TABLE secret (
    tag TEXT NOT NULL,
    ticket INTEGER NOT NULL REFERENCES ticket,
    PRIMARY KEY (tag, ticket)
) STRICT, WITHOUT ROWID;

CREATE INDEX secret_ticket ON secret (ticket);

-- An episode is derived; what stays the same when it is derived again is its first ticket.
CREATE TABLE episode_word (
    first INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    acknowledged INTEGER NOT NULL,
    muted INTEGER NOT NULL,
    incident TEXT                     -- a link into another system
) STRICT;

-- Notices that were delivered: to whom, and which.
CREATE TABLE sent (
    key TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One of many copies from one source: kept and answered, left out of counts. The index answers
-- counts alone.
ALTER TABLE ticket ADD COLUMN echo INTEGER NOT NULL DEFAULT 0;
DROP INDEX ticket_best_at;
CREATE INDEX ticket_best_at ON ticket (best, at, echo);

-- The same mark for the writer of a contact form, where the form is told who that is.
ALTER TABLE form_session ADD COLUMN sender TEXT;
CREATE INDEX form_session_sender ON form_session (sender) WHERE sender IS NOT NULL;

-- Searches on the help centre by hour: the denominator of those that found nothing.
CREATE TABLE search_hour (
    hour INTEGER NOT NULL,            -- hours since 1970 UTC
    lang TEXT NOT NULL,
    searches INTEGER NOT NULL,
    empty INTEGER NOT NULL,
    PRIMARY KEY (hour, lang)
) STRICT, WITHOUT ROWID;

-- Tickets that staff have sorted by hand, under the number of the ticket that their pile is called
-- after.
CREATE TABLE pin (
    ticket INTEGER PRIMARY KEY REFERENCES ticket,
    pile INTEGER NOT NULL REFERENCES ticket,
    at INTEGER NOT NULL,
    who TEXT NOT NULL
) STRICT;
