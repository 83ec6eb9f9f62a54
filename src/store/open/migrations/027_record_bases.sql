-- Whole records that later records of the same series were compressed with as their dictionary: an
-- unchanged page leaves records that differ in little but times.
CREATE TABLE record_bases (
    id        INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES series (id),
    -- The record that it was taken from: no record from that one on needs an older base.
    from_id   INTEGER NOT NULL,
    -- How many of the newest records in a row it hardly helped to compress.
    misfits   INTEGER NOT NULL DEFAULT 0,
    -- Compressed like a record without a base.
    raw       BLOB NOT NULL
) STRICT;
CREATE INDEX record_bases_by_series ON record_bases (series_id);
ALTER TABLE records ADD COLUMN base INTEGER;
ALTER TABLE exchanges ADD COLUMN base INTEGER;
DROP TRIGGER exchange_outlives_measurement;
CREATE TRIGGER exchange_outlives_measurement BEFORE DELETE ON measurements
WHEN EXISTS (SELECT 1 FROM exchanges WHERE uid = OLD.uid AND raw IS NULL)
BEGIN
    UPDATE exchanges SET
        raw = (SELECT raw FROM records WHERE id = OLD.id),
        base = (SELECT base FROM records WHERE id = OLD.id),
        chain_sha256 = (SELECT chain_sha256 FROM records WHERE id = OLD.id)
    WHERE uid = OLD.uid;
END;
