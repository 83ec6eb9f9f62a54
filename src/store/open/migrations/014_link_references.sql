-- The page as it was cited, which later checks of a link are compared with.

CREATE TABLE link_references (
    link      INTEGER PRIMARY KEY REFERENCES links (id),
    -- first, memento, cited or accepted
    source    TEXT NOT NULL,
    -- When the page was so.
    at_us     INTEGER NOT NULL,
    -- The address of the copy, where it is one.
    url       TEXT,
    -- The main text and the figures of the tables: JSON, compressed with zstd.
    text      BLOB NOT NULL,
    -- Whether the page changed as much between its first two healthy checks; NULL before the second.
    living    INTEGER CHECK (living IN (0, 1)),
    -- The newest page that differs from it, and when it was seen.
    other     BLOB,
    other_us  INTEGER
) STRICT;
