-- Schema 3: sessions of the contact form, and searches that found nothing.

CREATE TABLE form_session (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,         -- random; says nothing about the person
    at INTEGER NOT NULL,              -- when its text was first looked at
    lang TEXT NOT NULL,
    surface TEXT NOT NULL,
    holdout INTEGER NOT NULL,
    came_from INTEGER REFERENCES article
) STRICT;

CREATE INDEX form_session_at ON form_session (at);

-- Each step once, however often it is told.
CREATE TABLE form_step (
    session INTEGER NOT NULL REFERENCES form_session,
    step TEXT NOT NULL,
    article INTEGER NOT NULL,         -- 0: no article
    at INTEGER NOT NULL,
    ticket INTEGER REFERENCES ticket, -- of `sent`
    PRIMARY KEY (session, step, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    lang TEXT NOT NULL,
    query TEXT NOT NULL
) STRICT;

CREATE INDEX gap_at ON gap (at);
