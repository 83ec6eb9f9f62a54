-- The day chain: what is fixed of a record when it enters the store, what changed of verdicts, and the days that
-- are closed.

-- The UTC day on which the record entered, in days since 1970. Records of older versions enter with the migration.
-- NULL: the record could not be read then.
ALTER TABLE measurements ADD COLUMN entered_day INTEGER;

-- The leaf of every record that ever entered, in the order of the tree. Records that are purged keep theirs.
CREATE TABLE leaves (
    day  INTEGER NOT NULL,
    uid  TEXT NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (day, uid)
) STRICT, WITHOUT ROWID;

-- Changes of verdicts in the order in which they were written, as they enter the tree and changes.tsv.
CREATE TABLE verdict_changes (
    id    INTEGER PRIMARY KEY,
    day   INTEGER NOT NULL,
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX verdict_changes_by_day ON verdict_changes (day, entry);

-- Days that are closed. lost = 1: the day was taken over from chain.csv, because the store is an older copy and has
-- not all of its entries.
CREATE TABLE chain_days (
    day      INTEGER PRIMARY KEY,
    records  INTEGER NOT NULL,
    changes  INTEGER NOT NULL,
    root     BLOB NOT NULL,
    previous BLOB NOT NULL,
    chain    BLOB NOT NULL,
    lost     INTEGER NOT NULL CHECK (lost IN (0, 1))
) STRICT;
