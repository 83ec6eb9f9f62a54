-- Exchanges as they stood on the wire: the newest healthy one of each series, and those of a pass that is not
-- committed. Of a measurement that is removed the record moves here (`raw`).
CREATE TABLE exchanges (
    uid          TEXT PRIMARY KEY,
    series_id    INTEGER NOT NULL REFERENCES series (id),
    at_us        INTEGER NOT NULL,
    code         TEXT NOT NULL,
    locus        TEXT NOT NULL,
    wire         BLOB NOT NULL,         -- JSON, zstd
    wire_sha256  BLOB,                  -- the body with its codings, in wire_bodies
    body         TEXT NOT NULL CHECK (body IN ('none', 'stored', 'head')),
    body_sha256  BLOB,                  -- the body without codings, in bodies; NULL where wire_sha256 is set
    raw          BLOB,
    chain_sha256 BLOB
) STRICT;
CREATE INDEX exchanges_by_series ON exchanges (series_id, code, at_us);
CREATE INDEX exchanges_by_wire_body ON exchanges (wire_sha256);

-- Bodies with their content codings, once by content, as long as an exchange refers to them.
CREATE TABLE wire_bodies (
    sha256 BLOB PRIMARY KEY,
    data   BLOB NOT NULL
) STRICT;

CREATE TRIGGER exchange_outlives_measurement BEFORE DELETE ON measurements
WHEN EXISTS (SELECT 1 FROM exchanges WHERE uid = OLD.uid AND raw IS NULL)
BEGIN
    UPDATE exchanges SET
        raw = (SELECT raw FROM records WHERE id = OLD.id),
        chain_sha256 = (SELECT chain_sha256 FROM records WHERE id = OLD.id)
    WHERE uid = OLD.uid;
END;

CREATE TRIGGER wire_body_goes_with_exchange AFTER DELETE ON exchanges
WHEN OLD.wire_sha256 IS NOT NULL
BEGIN
    DELETE FROM wire_bodies WHERE sha256 = OLD.wire_sha256
        AND NOT EXISTS (SELECT 1 FROM exchanges WHERE wire_sha256 = OLD.wire_sha256);
END;

-- Changes of a status, and the measurements that prove them.
CREATE TABLE status_changes (
    source      TEXT NOT NULL,
    probe       TEXT NOT NULL,
    vantage     TEXT NOT NULL,
    at_us       INTEGER NOT NULL,
    from_code   TEXT,                   -- NULL: first sight
    to_code     TEXT NOT NULL,
    uid         TEXT NOT NULL,          -- the measurement that decided
    healthy_uid TEXT,                   -- the last healthy one before it
    PRIMARY KEY (source, probe, vantage, at_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_changes_by_uid ON status_changes (uid);

-- Exchanges in files of evidence, and their records.
CREATE TABLE evidence (
    uid     TEXT PRIMARY KEY,
    source  TEXT NOT NULL,
    probe   TEXT NOT NULL,
    vantage TEXT NOT NULL,
    at_us   INTEGER NOT NULL,
    code    TEXT NOT NULL
) STRICT;
CREATE TABLE evidence_records (
    record_id TEXT PRIMARY KEY,
    uid       TEXT NOT NULL REFERENCES evidence (uid) ON DELETE CASCADE,
    hop       INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    url       TEXT NOT NULL,
    at_us     INTEGER NOT NULL,
    payload   TEXT,                     -- its digest
    refers_to TEXT,                     -- of a revisit: the record that holds the payload
    file      TEXT NOT NULL,
    offset    INTEGER NOT NULL,
    length    INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_records_by_uid ON evidence_records (uid);
CREATE INDEX evidence_records_by_payload ON evidence_records (payload) WHERE kind = 'response';
CREATE INDEX evidence_records_by_file ON evidence_records (file);
CREATE INDEX evidence_records_by_reference ON evidence_records (refers_to) WHERE refers_to IS NOT NULL;

-- Exchanges that belong in a file of evidence and could not be written yet.
CREATE TABLE missing_evidence (
    uid TEXT PRIMARY KEY
) STRICT;
