-- The first schema. docs/schema.md explains it to people who open the file themselves.
-- Times are microseconds since 1970 in UTC (`*_us`); days are days since 1970-01-01 in UTC.

-- What is watched from where. A control's records are a series of their own (control = 1).
CREATE TABLE series (
    id      INTEGER PRIMARY KEY,
    source  TEXT NOT NULL,
    probe   TEXT NOT NULL,
    vantage TEXT NOT NULL,
    control INTEGER NOT NULL DEFAULT 0 CHECK (control IN (0, 1)),
    level   TEXT,
    UNIQUE (source, probe, vantage, control)
) STRICT;

-- The facts of every attempt; the whole record is in `records`.
CREATE TABLE measurements (
    id            INTEGER PRIMARY KEY,
    uid           TEXT NOT NULL UNIQUE,
    series_id     INTEGER NOT NULL REFERENCES series (id),
    started_us    INTEGER NOT NULL,
    round         TEXT NOT NULL,
    attempt       INTEGER NOT NULL,
    level         TEXT,
    country       TEXT NOT NULL,
    url           TEXT NOT NULL,
    final_url     TEXT,                 -- NULL: the same as url, or nothing answered
    code          TEXT NOT NULL,
    locus         TEXT NOT NULL,
    rule          TEXT NOT NULL,
    signature     TEXT,
    failure       TEXT,
    http_status   INTEGER,
    dns_ms        REAL,
    connect_ms    REAL,
    tls_ms        REAL,
    first_byte_ms REAL,
    total_ms      REAL,
    body_bytes    INTEGER NOT NULL,
    body_sha256   BLOB,
    body          TEXT NOT NULL CHECK (body IN ('none', 'stored', 'head')),
    ip            TEXT
) STRICT;
CREATE INDEX measurements_by_series ON measurements (series_id, started_us);
CREATE INDEX measurements_by_time ON measurements (started_us);

-- The record as JSON, zstd, without the last body and the certificates.
CREATE TABLE records (
    id           INTEGER PRIMARY KEY REFERENCES measurements (id) ON DELETE CASCADE,
    chain_sha256 BLOB,
    raw          BLOB NOT NULL
) STRICT;

-- Bodies, once by content. `last_used_us` is exact to a day.
CREATE TABLE bodies (
    id           INTEGER PRIMARY KEY,
    sha256       BLOB NOT NULL UNIQUE,
    last_used_us INTEGER NOT NULL,
    unhealthy    INTEGER NOT NULL CHECK (unhealthy IN (0, 1)),
    bytes        INTEGER NOT NULL
) STRICT;
CREATE INDEX bodies_by_age ON bodies (last_used_us);
CREATE TABLE body_data (
    id   INTEGER PRIMARY KEY REFERENCES bodies (id) ON DELETE CASCADE,
    data BLOB NOT NULL
) STRICT;

-- Certificate chains as presented, once by content.
CREATE TABLE chains (
    sha256       BLOB PRIMARY KEY,
    last_used_us INTEGER NOT NULL,
    data         BLOB NOT NULL
) STRICT;
CREATE INDEX chains_by_age ON chains (last_used_us);

-- Values taken from answers. good = 1: the measurement was `ok`.
CREATE TABLE readings (
    series_id INTEGER NOT NULL REFERENCES series (id),
    at_us     INTEGER NOT NULL,
    name      TEXT NOT NULL,
    round     TEXT NOT NULL,
    uid       TEXT NOT NULL,
    good      INTEGER NOT NULL CHECK (good IN (0, 1)),
    kind      TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (series_id, at_us, name)
) STRICT, WITHOUT ROWID;

-- Rounds that should have been and were not.
CREATE TABLE missed (
    series_id INTEGER NOT NULL REFERENCES series (id),
    at_us     INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('vantage_offline', 'gap')),
    PRIMARY KEY (series_id, at_us)
) STRICT, WITHOUT ROWID;

-- Daily roll-ups; they outlive the measurements.
CREATE TABLE uptime (
    series_id       INTEGER NOT NULL REFERENCES series (id),
    day             INTEGER NOT NULL,
    checks          INTEGER NOT NULL,
    ok              INTEGER NOT NULL,
    limited         INTEGER NOT NULL,
    blocked         INTEGER NOT NULL,
    rot             INTEGER NOT NULL,
    stale           INTEGER NOT NULL,
    failed          INTEGER NOT NULL,
    vantage_offline INTEGER NOT NULL,
    gaps            INTEGER NOT NULL,
    p50_ms          REAL,
    p95_ms          REAL,
    outage_us       INTEGER NOT NULL,
    PRIMARY KEY (series_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE freshness (
    source  TEXT NOT NULL,
    probe   TEXT NOT NULL,
    name    TEXT NOT NULL,
    day     INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    changed INTEGER CHECK (changed IN (0, 1)), -- NULL: the first day
    PRIMARY KEY (source, probe, name, day)
) STRICT, WITHOUT ROWID;

-- Where each (probe, vantage) stands. `detail` is the whole status as JSON.
CREATE TABLE statuses (
    source          TEXT NOT NULL,
    probe           TEXT NOT NULL,
    vantage         TEXT NOT NULL,
    code            TEXT NOT NULL,
    since_us        INTEGER NOT NULL,
    last_checked_us INTEGER NOT NULL,
    detail          TEXT NOT NULL,
    PRIMARY KEY (source, probe, vantage)
) STRICT, WITHOUT ROWID;

-- `detail` is the whole incident as JSON, but for what people added (the last three columns).
CREATE TABLE incidents (
    id                INTEGER PRIMARY KEY,
    kind              TEXT NOT NULL,
    source            TEXT,
    probe             TEXT,
    level             TEXT,
    finding           TEXT NOT NULL,
    from_code         TEXT NOT NULL,
    to_code           TEXT NOT NULL,
    severity          INTEGER NOT NULL,
    first_bad_us      INTEGER NOT NULL,
    confirmed_us      INTEGER NOT NULL,
    ended_us          INTEGER,
    detail            TEXT NOT NULL,
    acknowledged_by   TEXT,
    silenced_until_us INTEGER,
    human_checks      TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX incidents_by_end ON incidents (ended_us);

CREATE TABLE events (
    id        INTEGER PRIMARY KEY,
    at_us     INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    source    TEXT,
    probe     TEXT,
    vantage   TEXT,
    incident  INTEGER,
    from_code TEXT,
    to_code   TEXT,
    text      TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_time ON events (at_us);

CREATE TABLE vantages (
    id              TEXT PRIMARY KEY,
    usable          INTEGER NOT NULL CHECK (usable IN (0, 1)),
    code            TEXT,
    since_us        INTEGER NOT NULL,
    last_checked_us INTEGER NOT NULL,
    detail          TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Mails: written in the transaction that made them due, kept until they are sent and long after.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY,
    message_id      TEXT NOT NULL UNIQUE,
    recipient       TEXT NOT NULL,
    topic           TEXT,
    subject         TEXT NOT NULL,
    source          TEXT,
    incidents       TEXT NOT NULL,
    eml             BLOB NOT NULL,
    created_us      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_us INTEGER NOT NULL,
    last_error      TEXT,
    sent_us         INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_attempt_us) WHERE sent_us IS NULL;

CREATE TABLE notes (
    id        INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT,
    text      TEXT NOT NULL,
    reference TEXT,
    planned   INTEGER NOT NULL CHECK (planned IN (0, 1))
) STRICT;

CREATE TABLE back_offs (
    vantage      TEXT NOT NULL,
    host         TEXT NOT NULL,
    until_us     INTEGER NOT NULL,
    step_seconds INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (vantage, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE robots (
    vantage    TEXT NOT NULL,
    origin     TEXT NOT NULL,
    fetched_us INTEGER NOT NULL,
    status     INTEGER NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (vantage, origin)
) STRICT;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- For people who open the file: names and readable times.
CREATE VIEW v_measurements AS
SELECT m.uid AS measurement_uid,
       strftime('%Y-%m-%dT%H:%M:%SZ', m.started_us / 1000000, 'unixepoch') AS time_utc,
       s.source AS source_id, s.probe AS probe_id, m.level, s.vantage, m.country,
       m.url, coalesce(m.final_url, m.url) AS final_url,
       m.code, m.locus, m.rule, m.signature, m.failure, m.http_status,
       m.dns_ms, m.connect_ms, m.tls_ms, m.first_byte_ms, m.total_ms,
       m.body_bytes, lower(hex(m.body_sha256)) AS body_sha256, m.ip,
       m.round, m.attempt, s.control
FROM measurements m JOIN series s ON s.id = m.series_id;

CREATE VIEW v_uptime AS
SELECT s.source AS source_id, s.probe AS probe_id, s.level, s.vantage,
       date(u.day * 86400, 'unixepoch') AS day,
       u.checks, u.ok, u.limited, u.blocked, u.rot, u.stale, u.failed,
       u.vantage_offline, u.gaps, u.p50_ms, u.p95_ms,
       u.outage_us / 3600000000.0 AS longest_outage_hours
FROM uptime u JOIN series s ON s.id = u.series_id;

CREATE VIEW v_freshness AS
SELECT source AS source_id, probe AS probe_id, name AS value_name,
       date(day * 86400, 'unixepoch') AS day, kind, value, changed
FROM freshness;

CREATE VIEW v_incidents AS
SELECT id AS incident_id, kind, source AS source_id, probe AS probe_id, level, finding,
       from_code, to_code, severity,
       strftime('%Y-%m-%dT%H:%M:%SZ', first_bad_us / 1000000, 'unixepoch') AS first_bad_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', confirmed_us / 1000000, 'unixepoch') AS confirmed_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended_us / 1000000, 'unixepoch') AS ended_utc,
       acknowledged_by
FROM incidents;

CREATE VIEW v_statuses AS
SELECT source AS source_id, probe AS probe_id, vantage, code,
       strftime('%Y-%m-%dT%H:%M:%SZ', since_us / 1000000, 'unixepoch') AS since_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', last_checked_us / 1000000, 'unixepoch') AS last_checked_utc
FROM statuses;
