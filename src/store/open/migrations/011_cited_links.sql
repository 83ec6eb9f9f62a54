-- Documents whose links are watched, the links, and the places that cite them.

CREATE TABLE documents (
    id          INTEGER PRIMARY KEY,
    -- The canonical path of a file.
    path        TEXT NOT NULL UNIQUE,
    title       TEXT,
    group_name  TEXT,
    -- 2023, 2023-05 or 2023-05-08.
    date        TEXT,
    watched     INTEGER NOT NULL CHECK (watched IN (0, 1)),
    sha256      BLOB NOT NULL,
    imported_us INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_by_content ON documents (sha256);

-- A link is known by its identity; url is the address to fetch, as cited newest.
CREATE TABLE links (
    id              INTEGER PRIMARY KEY,
    identity        TEXT NOT NULL UNIQUE,
    url             TEXT NOT NULL,
    -- Another reading of the address, where the text does not show where it ends.
    alternative     TEXT,
    host            TEXT NOT NULL,
    state           TEXT NOT NULL DEFAULT 'unknown',
    code            TEXT,
    last_checked_us INTEGER
) STRICT;
CREATE INDEX links_by_host ON links (host);
CREATE INDEX links_by_state ON links (state);

CREATE TABLE citations (
    id            INTEGER PRIMARY KEY,
    document      INTEGER NOT NULL REFERENCES documents (id),
    link          INTEGER NOT NULL REFERENCES links (id),
    place         TEXT NOT NULL,
    url           TEXT NOT NULL,
    fragment      TEXT,
    title         TEXT,
    quote         TEXT,
    cited_on      TEXT,
    -- field, text, document or person
    cited_on_from TEXT,
    occurrences   INTEGER NOT NULL,
    -- Since when it is no longer in its document.
    ended_us      INTEGER,
    UNIQUE (document, place, link)
) STRICT;
CREATE INDEX citations_by_link ON citations (link);
