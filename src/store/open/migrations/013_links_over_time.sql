-- The states of links over time. docs/schema.md explains the tables.

ALTER TABLE links ADD COLUMN since_us INTEGER;
ALTER TABLE links ADD COLUMN last_ok_us INTEGER;
ALTER TABLE links ADD COLUMN first_gone_us INTEGER;
ALTER TABLE links ADD COLUMN moved_to TEXT;
ALTER TABLE links ADD COLUMN title TEXT;
ALTER TABLE links ADD COLUMN remarks TEXT NOT NULL DEFAULT '';
-- When the next check is due; NULL: no document cites the link any more.
ALTER TABLE links ADD COLUMN due_us INTEGER;
ALTER TABLE links ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0 CHECK (ignored IN (0, 1));
-- The whole status as JSON: the newest observation of each vantage, and what is not confirmed yet.
ALTER TABLE links ADD COLUMN tracked TEXT;
-- New links are due at once.
UPDATE links SET due_us = 0
    WHERE id IN (SELECT link FROM citations WHERE ended_us IS NULL);
CREATE INDEX links_by_due ON links (due_us, host) WHERE due_us IS NOT NULL AND ignored = 0;

-- A second file of another document's text: the two count once.
ALTER TABLE documents ADD COLUMN same_as INTEGER REFERENCES documents (id);
-- When a person removed it; its citations are ended.
ALTER TABLE documents ADD COLUMN removed_us INTEGER;

-- The record of a check of a link. Its series has no source and no probe.
ALTER TABLE measurements ADD COLUMN link INTEGER;
CREATE INDEX measurements_by_link ON measurements (link, started_us) WHERE link IS NOT NULL;

DROP VIEW v_measurements;
CREATE VIEW v_measurements AS
SELECT m.uid AS measurement_uid,
       strftime('%Y-%m-%dT%H:%M:%SZ', m.started_us / 1000000, 'unixepoch') AS time_utc,
       s.source AS source_id, s.probe AS probe_id, m.level, s.vantage, m.country,
       m.url, coalesce(m.final_url, m.url) AS final_url,
       m.code, m.locus, m.rule, m.signature, m.failure, m.http_status,
       m.dns_ms, m.connect_ms, m.tls_ms, m.first_byte_ms, m.total_ms,
       m.body_bytes, lower(hex(m.body_sha256)) AS body_sha256, m.ip,
       m.round, m.attempt, s.control, 'L' || m.link AS link_id
FROM measurements m JOIN series s ON s.id = m.series_id;

-- Every check of a link from a vantage that observed anything: the facts, without a record.
CREATE TABLE link_checks (
    link    INTEGER NOT NULL REFERENCES links (id),
    at_us   INTEGER NOT NULL,
    vantage TEXT NOT NULL,
    code    TEXT NOT NULL,
    PRIMARY KEY (link, at_us, vantage)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_checks_by_time ON link_checks (at_us);

-- How many checks of links were made on a UTC day (days since 1970).
CREATE TABLE link_days (
    day     INTEGER NOT NULL,
    vantage TEXT NOT NULL,
    checks  INTEGER NOT NULL,
    PRIMARY KEY (day, vantage)
) STRICT, WITHOUT ROWID;

CREATE TABLE link_events (
    id         INTEGER PRIMARY KEY,
    at_us      INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    -- NULL: an event of the host.
    link       INTEGER REFERENCES links (id),
    host       TEXT NOT NULL,
    from_state TEXT,
    to_state   TEXT,
    code       TEXT,
    moved_to   TEXT,
    -- Of a host: how many links turned worse, of how many that were checked.
    worse      INTEGER,
    checked    INTEGER
) STRICT;
CREATE INDEX link_events_by_time ON link_events (at_us);
CREATE INDEX link_events_by_link ON link_events (link, at_us);

-- What people saw in a browser: ok, gone, drifted or refused.
CREATE TABLE link_person_checks (
    link       INTEGER NOT NULL REFERENCES links (id),
    on_us      INTEGER NOT NULL,
    entered_us INTEGER NOT NULL,
    saw        TEXT NOT NULL,
    PRIMARY KEY (link, entered_us)
) STRICT, WITHOUT ROWID;

-- Links that are not checked, counted and mailed: one link (L12), a host, or addresses by a glob.
CREATE TABLE link_ignores (
    kind    TEXT NOT NULL CHECK (kind IN ('link', 'host', 'url')),
    pattern TEXT NOT NULL,
    why     TEXT,
    at_us   INTEGER NOT NULL,
    PRIMARY KEY (kind, pattern)
) STRICT, WITHOUT ROWID;

-- Letters on links are periodic mails too.
ALTER TABLE periodic_mails RENAME TO periodic_mails_before;
CREATE TABLE periodic_mails (
    kind        TEXT NOT NULL CHECK (kind IN ('digest', 'disk', 'links', 'links_watched')),
    recipient   TEXT NOT NULL,
    composed_us INTEGER NOT NULL,
    PRIMARY KEY (kind, recipient)
) STRICT, WITHOUT ROWID;
INSERT INTO periodic_mails (kind, recipient, composed_us)
SELECT kind, recipient, composed_us FROM periodic_mails_before;
DROP TABLE periodic_mails_before;
