-- What is kept of an answer besides its values (the figures of their rows and of the whole page), one
-- row for each measurement. Answers that say the same share a set of figures. Rows of before stand in
-- readings.
CREATE TABLE figure_sets (
    id     INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    data   BLOB NOT NULL                -- JSON, zstd
) STRICT;
CREATE TABLE figures (
    series_id INTEGER NOT NULL REFERENCES series (id),
    at_us     INTEGER NOT NULL,
    round     TEXT NOT NULL,
    uid       TEXT NOT NULL,
    good      INTEGER NOT NULL CHECK (good IN (0, 1)),
    set_id    INTEGER NOT NULL REFERENCES figure_sets (id),
    PRIMARY KEY (series_id, at_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX figures_by_set ON figures (set_id);
