CREATE TABLE series (
    id      INTEGER PRIMARY KEY,
    source  TEXT NOT NULL,
    probe   TEXT NOT NULL,
    vantage TEXT NOT NULL,
    control INTEGER NOT NULL DEFAULT 0 CHECK (control IN (0, 1)),
    level   TEXT, checked_us INTEGER,
    UNIQUE (source, probe, vantage, control)
) STRICT;
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
, observed TEXT, entered_day INTEGER, link INTEGER) STRICT;
CREATE INDEX measurements_by_series ON measurements (series_id, started_us);
CREATE INDEX measurements_by_time ON measurements (started_us);
CREATE TABLE records (
    id           INTEGER PRIMARY KEY REFERENCES measurements (id) ON DELETE CASCADE,
    chain_sha256 BLOB,
    raw          BLOB NOT NULL
, base INTEGER) STRICT;
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
CREATE TABLE chains (
    sha256       BLOB PRIMARY KEY,
    last_used_us INTEGER NOT NULL,
    data         BLOB NOT NULL
) STRICT;
CREATE INDEX chains_by_age ON chains (last_used_us);
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
CREATE TABLE missed (
    series_id INTEGER NOT NULL REFERENCES series (id),
    at_us     INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('vantage_offline', 'gap')),
    PRIMARY KEY (series_id, at_us)
) STRICT, WITHOUT ROWID;
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
    outage_us       INTEGER NOT NULL, withdrawn INTEGER, empty INTEGER, moved INTEGER, open INTEGER NOT NULL DEFAULT 0, less INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0,
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
, layer TEXT, last_good_us INTEGER, checks INTEGER NOT NULL DEFAULT 0, checks_bad INTEGER NOT NULL DEFAULT 0, course TEXT NOT NULL DEFAULT '', finding_text TEXT NOT NULL DEFAULT '') STRICT;
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
, detail TEXT) STRICT;
CREATE INDEX events_by_time ON events (at_us);
CREATE TABLE vantages (
    id              TEXT PRIMARY KEY,
    usable          INTEGER NOT NULL CHECK (usable IN (0, 1)),
    code            TEXT,
    since_us        INTEGER NOT NULL,
    last_checked_us INTEGER NOT NULL,
    detail          TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
, refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)), handed_over INTEGER NOT NULL DEFAULT 0 CHECK (handed_over >= 0), settled_us INTEGER, settled_as TEXT
    CHECK (settled_as IN ('overtaken', 'unanswered') AND settled_us IS NOT NULL OR settled_us IS NULL), links TEXT NOT NULL DEFAULT '[]') STRICT;
CREATE INDEX outbox_waiting ON outbox (next_attempt_us) WHERE sent_us IS NULL;
CREATE TABLE notes (
    id        INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT,
    text      TEXT NOT NULL,
    reference TEXT,
    planned   INTEGER NOT NULL CHECK (planned IN (0, 1))
, written_us INTEGER) STRICT;
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
CREATE TABLE set_aside (
    series_id INTEGER NOT NULL REFERENCES series (id),
    round     TEXT NOT NULL,
    at_us     INTEGER NOT NULL,
    PRIMARY KEY (series_id, round)
) STRICT, WITHOUT ROWID;
CREATE TABLE incident_phases (
    incident   INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    vantage    TEXT NOT NULL,
    n          INTEGER NOT NULL,
    code       TEXT NOT NULL,
    from_us    INTEGER NOT NULL,
    to_us      INTEGER,                 -- NULL: it lasts
    checks     INTEGER NOT NULL,
    checks_bad INTEGER NOT NULL,
    PRIMARY KEY (incident, vantage, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    name_zh  TEXT,
    name_ko  TEXT,
    "group"  TEXT NOT NULL,
    access   TEXT NOT NULL,
    homepage TEXT,
    note     TEXT,
    watched  INTEGER NOT NULL CHECK (watched IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE probes (
    source  TEXT NOT NULL,
    probe   TEXT NOT NULL,
    name    TEXT NOT NULL,
    label   TEXT NOT NULL,              -- name, key and level, as summaries have it
    level   TEXT NOT NULL,
    url     TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    PRIMARY KEY (source, probe)
) STRICT, WITHOUT ROWID;
CREATE TABLE vantage_places (
    vantage TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    country TEXT NOT NULL,
    network TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE doubted (
    series_id   INTEGER NOT NULL REFERENCES series (id),
    round       TEXT NOT NULL,
    at_us       INTEGER NOT NULL,
    finding     INTEGER NOT NULL CHECK (finding IN (0, 1)),
    provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    PRIMARY KEY (series_id, round)
) STRICT, WITHOUT ROWID;
CREATE VIEW v_as_of AS
SELECT max(at_us) AS as_of_us, strftime('%Y-%m-%dT%H:%M:%SZ', max(at_us) / 1000000, 'unixepoch') AS as_of_utc
FROM (SELECT max(last_checked_us) AS at_us FROM statuses
      UNION ALL SELECT max(last_checked_us) FROM vantages
      UNION ALL SELECT max(checked_us) FROM series);
CREATE VIEW v_sources AS
SELECT id AS source_id, name, name_zh, name_ko, "group", access, homepage, watched, note FROM sources;
CREATE VIEW v_incident_phases AS
SELECT f.incident AS incident_id, i.source AS source_id, i.probe AS probe_id, f.vantage, f.code,
       strftime('%Y-%m-%dT%H:%M:%SZ', f.from_us / 1000000, 'unixepoch') AS from_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', f.to_us / 1000000, 'unixepoch') AS to_utc,
       nullif(f.checks, 0) AS checks, CASE WHEN f.checks > 0 THEN f.checks_bad END AS checks_bad
FROM incident_phases f JOIN incidents i ON i.id = f.incident
WHERE json_extract(i.detail, '$.folded_into') IS NULL;
CREATE VIEW v_events AS
SELECT id AS event_id, strftime('%Y-%m-%dT%H:%M:%SZ', at_us / 1000000, 'unixepoch') AS time_utc, kind,
       source AS source_id, probe AS probe_id, vantage, incident AS incident_id, from_code, to_code, text
FROM events;
CREATE VIEW v_uptime AS
SELECT s.source AS source_id, s.probe AS probe_id, s.level, s.vantage,
       date(u.day * 86400, 'unixepoch') AS day,
       u.checks, u.ok, u.limited, u.blocked, u.rot, u.stale, u.failed, u.vantage_offline, u.gaps,
       round(100.0 * u.ok / nullif(u.ok + u.blocked + u.rot + u.stale + u.failed, 0), 2) AS availability_pct,
       round(100.0 * (u.ok + u.blocked + u.rot + u.stale + u.failed) / nullif(u.checks + u.gaps, 0), 2) AS coverage_pct,
       u.p50_ms, u.p95_ms, u.outage_us / 3600000000.0 AS longest_outage_hours,
       u.withdrawn, u.empty, u.moved, u.open, u.less, u.closed, u.unknown
FROM uptime u JOIN series s ON s.id = u.series_id;
CREATE VIEW v_freshness AS
SELECT source AS source_id, probe AS probe_id, name AS value_name,
       date(day * 86400, 'unixepoch') AS day, kind, value, changed,
       CASE WHEN kind IN ('number', 'count', 'null_share') THEN CAST(value AS REAL) END AS value_num,
       CASE kind WHEN 'date' THEN value END AS value_date
FROM freshness;
CREATE VIEW v_statuses AS
SELECT t.source AS source_id, t.probe AS probe_id, t.vantage, t.code,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.since_us / 1000000, 'unixepoch') AS since_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.last_checked_us / 1000000, 'unixepoch') AS last_checked_utc,
       p.level, json_extract(t.detail, '$.baseline') AS baseline,
       (SELECT max(i.id) FROM incidents i
        WHERE i.source = t.source AND i.probe = t.probe AND i.ended_us IS NULL) AS incident_id
FROM statuses t LEFT JOIN probes p ON p.source = t.source AND p.probe = t.probe;
CREATE VIEW v_incidents AS
SELECT i.id AS incident_id, i.source AS source_id, s.name, s.name_zh, s."group", i.probe AS probe_id, i.level, p.url,
       (SELECT group_concat(key, ' | ') FROM json_each(i.detail, '$.vantages')) AS vantages,
       i.finding, i.from_code, i.to_code, i.layer,
       (SELECT json_extract(value, '$.locus') FROM json_each(i.detail, '$.vantages')
        WHERE json_extract(value, '$.code') = i.to_code LIMIT 1) AS locus,
       (SELECT json_extract(value, '$.signature') FROM json_each(i.detail, '$.vantages')
        WHERE json_extract(value, '$.code') = i.to_code LIMIT 1) AS signature,
       (SELECT json_extract(value, '$.http_status') FROM json_each(i.detail, '$.vantages')
        WHERE json_extract(value, '$.code') = i.to_code LIMIT 1) AS http_status,
       strftime('%Y-%m-%dT%H:%M:%SZ', i.last_good_us / 1000000, 'unixepoch') AS last_good_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', i.first_bad_us / 1000000, 'unixepoch') AS first_bad_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', i.confirmed_us / 1000000, 'unixepoch') AS confirmed_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', i.ended_us / 1000000, 'unixepoch') AS ended_utc,
       strftime('%Y-%m-%dT%H:%M:%S+08:00', i.ended_us / 1000000, 'unixepoch', '+8 hours') AS ended_beijing,
       round(max(coalesce(i.ended_us, a.as_of_us, i.first_bad_us) - i.first_bad_us, 0) / 3600000000.0, 2) AS duration_hours,
       i.checks, i.checks_bad, nullif(json_extract(i.detail, '$.controls_ok'), '') AS controls_ok,
       (SELECT group_concat(value, ' | ') FROM json_each(i.detail, '$.still_works')) AS still_works,
       (SELECT group_concat(value, ' | ') FROM json_each(i.detail, '$.evidence')) AS evidence,
       i.acknowledged_by,
       (SELECT group_concat(n.text, ' | ') FROM notes n
        WHERE n.source = i.source AND (n.to_day IS NULL OR n.to_day >= date(i.first_bad_us / 1000000, 'unixepoch'))
          AND n.from_day <= date(coalesce(i.ended_us, a.as_of_us) / 1000000, 'unixepoch')) AS note,
       (SELECT group_concat(n.reference, ' | ') FROM notes n
        WHERE n.source = i.source AND (n.to_day IS NULL OR n.to_day >= date(i.first_bad_us / 1000000, 'unixepoch'))
          AND n.from_day <= date(coalesce(i.ended_us, a.as_of_us) / 1000000, 'unixepoch')) AS note_ref,
       CASE WHEN i.ended_us IS NULL THEN 'open' ELSE 'ended' END AS state, i.severity,
       CASE i.kind WHEN 'probe'
            THEN coalesce(s.name || coalesce(' ' || nullif(s.name_zh, s.name), ''), i.source) || ', '
                 || coalesce(p.label, i.probe || coalesce(' (' || i.level || ')', '')) || ': ' || i.course
            ELSE i.course END AS summary,
       i.finding_text,
       (SELECT group_concat(country, ' | ') FROM
          (SELECT DISTINCT coalesce(w.country, CASE WHEN v.key LIKE 'ooni:%:%'
                     THEN substr(v.key, 6, instr(substr(v.key, 6), ':') - 1) END) AS country
           FROM json_each(i.detail, '$.vantages') v LEFT JOIN vantage_places w ON w.vantage = v.key
           ORDER BY 1) WHERE country <> '') AS countries,
       i.kind = 'probe' AND EXISTS (SELECT 1 FROM notes n
        WHERE n.source = i.source AND n.planned AND n.from_day <= date(i.first_bad_us / 1000000, 'unixepoch')
          AND (n.to_day IS NULL OR n.to_day >= date(i.first_bad_us / 1000000, 'unixepoch'))) AS planned,
       strftime('%Y-%m-%dT%H:%M:%S+08:00', i.last_good_us / 1000000, 'unixepoch', '+8 hours') AS last_good_beijing,
       strftime('%Y-%m-%dT%H:%M:%S+08:00', i.first_bad_us / 1000000, 'unixepoch', '+8 hours') AS first_bad_beijing,
       strftime('%Y-%m-%dT%H:%M:%S+08:00', i.confirmed_us / 1000000, 'unixepoch', '+8 hours') AS confirmed_beijing,
       (SELECT group_concat(strftime('%Y-%m-%dT%H:%M:%SZ', json_extract(value, '$.at')) || ' '
                 || json_extract(value, '$.browser') || ' (' || json_extract(value, '$.network') || ')', ' | ')
        FROM json_each(i.human_checks)) AS human_check,
       i.kind
FROM incidents i CROSS JOIN v_as_of a
     LEFT JOIN sources s ON s.id = i.source
     LEFT JOIN probes p ON p.source = i.source AND p.probe = i.probe
WHERE json_extract(i.detail, '$.folded_into') IS NULL;
CREATE TABLE underived (
    series_id INTEGER PRIMARY KEY REFERENCES series (id),
    from_us   INTEGER NOT NULL
) STRICT;
CREATE TABLE checkpoint (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    since_us      INTEGER NOT NULL,
    next_incident INTEGER NOT NULL,
    first_letter  INTEGER NOT NULL CHECK (first_letter IN (0, 1))
) STRICT;
CREATE TABLE checkpoint_statuses (
    probe   TEXT NOT NULL,              -- SOURCE/PROBE
    vantage TEXT NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (probe, vantage)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint_incidents (
    id     INTEGER PRIMARY KEY,
    detail TEXT NOT NULL
) STRICT;
CREATE TABLE checkpoint_vantages (
    vantage TEXT PRIMARY KEY,
    detail  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE reference_pages (
    vantage TEXT NOT NULL,
    origin  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    at_us   INTEGER NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (vantage, origin, kind)
) STRICT;
CREATE TABLE leaves (
    day  INTEGER NOT NULL,
    uid  TEXT NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (day, uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE verdict_changes (
    id    INTEGER PRIMARY KEY,
    day   INTEGER NOT NULL,
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX verdict_changes_by_day ON verdict_changes (day, entry);
CREATE TABLE chain_days (
    day      INTEGER PRIMARY KEY,
    records  INTEGER NOT NULL,
    changes  INTEGER NOT NULL,
    root     BLOB NOT NULL,
    previous BLOB NOT NULL,
    chain    BLOB NOT NULL,
    lost     INTEGER NOT NULL CHECK (lost IN (0, 1))
) STRICT;
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
, base INTEGER) STRICT;
CREATE INDEX exchanges_by_series ON exchanges (series_id, code, at_us);
CREATE INDEX exchanges_by_wire_body ON exchanges (wire_sha256);
CREATE TABLE wire_bodies (
    sha256 BLOB PRIMARY KEY,
    data   BLOB NOT NULL
) STRICT;
CREATE TRIGGER wire_body_goes_with_exchange AFTER DELETE ON exchanges
WHEN OLD.wire_sha256 IS NOT NULL
BEGIN
    DELETE FROM wire_bodies WHERE sha256 = OLD.wire_sha256
        AND NOT EXISTS (SELECT 1 FROM exchanges WHERE wire_sha256 = OLD.wire_sha256);
END;
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
CREATE TABLE evidence (
    uid     TEXT PRIMARY KEY,
    source  TEXT NOT NULL,
    probe   TEXT NOT NULL,
    vantage TEXT NOT NULL,
    at_us   INTEGER NOT NULL,
    code    TEXT NOT NULL
, link INTEGER) STRICT;
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
CREATE TABLE missing_evidence (
    uid TEXT PRIMARY KEY
) STRICT;
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
, same_as INTEGER REFERENCES documents (id), removed_us INTEGER, citations INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0, blocked INTEGER NOT NULL DEFAULT 0, drifted INTEGER NOT NULL DEFAULT 0, unreachable INTEGER NOT NULL DEFAULT 0, declines INTEGER NOT NULL DEFAULT 0, moved INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0, alive INTEGER NOT NULL DEFAULT 0, title_from TEXT, date_from TEXT) STRICT;
CREATE INDEX documents_by_content ON documents (sha256);
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
, since_us INTEGER, last_ok_us INTEGER, first_gone_us INTEGER, moved_to TEXT, title TEXT, remarks TEXT NOT NULL DEFAULT '', due_us INTEGER, ignored INTEGER NOT NULL DEFAULT 0 CHECK (ignored IN (0, 1)), tracked TEXT) STRICT;
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
    ended_us      INTEGER, quote_from TEXT,
    UNIQUE (document, place, link)
) STRICT;
CREATE TABLE save_jobs (
    id         INTEGER PRIMARY KEY,
    link       INTEGER NOT NULL REFERENCES links (id),
    -- wayback or perma
    target     TEXT NOT NULL,
    -- waiting: not sent; sent: sent, without a known answer; accepted: the archive works on it;
    -- saved, failed: ended
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'accepted', 'saved', 'failed')),
    -- The archive's own id of the job.
    remote     TEXT,
    asked_us   INTEGER NOT NULL,
    sent_us    INTEGER,
    -- When something is to be done for it; NULL when it has ended.
    due_us     INTEGER,
    tries      INTEGER NOT NULL DEFAULT 0,
    -- Why it failed, or why it waits.
    reason     TEXT
) STRICT;
CREATE INDEX save_jobs_due ON save_jobs (due_us) WHERE due_us IS NOT NULL;
CREATE UNIQUE INDEX save_jobs_open ON save_jobs (link, target) WHERE due_us IS NOT NULL;
CREATE TABLE copies (
    id          INTEGER PRIMARY KEY,
    link        INTEGER NOT NULL REFERENCES links (id),
    archive     TEXT NOT NULL,
    -- The address of the memento; of an own copy, the id of its WARC record.
    url         TEXT NOT NULL,
    time_us     INTEGER,
    -- good, far or bad
    judged      TEXT,
    code        TEXT,
    -- own, found, saved or cited
    kind        TEXT NOT NULL,
    found_us    INTEGER NOT NULL,
    job         INTEGER REFERENCES save_jobs (id),
    body_sha256 TEXT,
    used        INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    UNIQUE (link, url)
) STRICT;
CREATE INDEX copies_by_body ON copies (body_sha256) WHERE body_sha256 IS NOT NULL;
CREATE TABLE copy_lookups (
    link         INTEGER PRIMARY KEY REFERENCES links (id),
    due_us       INTEGER,
    looked_up_us INTEGER
) STRICT;
CREATE INDEX copy_lookups_due ON copy_lookups (due_us) WHERE due_us IS NOT NULL;
CREATE TRIGGER copies_of_new_links AFTER INSERT ON citations WHEN NEW.cited_on IS NOT NULL
BEGIN
    INSERT INTO copy_lookups (link, due_us) VALUES (NEW.link, 0) ON CONFLICT (link) DO NOTHING;
END;
CREATE TRIGGER copies_of_lost_links AFTER UPDATE OF state ON links
WHEN NEW.state IN ('gone', 'blocked', 'drifted') AND NEW.state <> OLD.state
BEGIN
    INSERT INTO copy_lookups (link, due_us) VALUES (NEW.id, 0)
    ON CONFLICT (link) DO UPDATE SET due_us = 0;
END;
CREATE INDEX links_by_due ON links (due_us, host) WHERE due_us IS NOT NULL AND ignored = 0;
CREATE INDEX measurements_by_link ON measurements (link, started_us) WHERE link IS NOT NULL;
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
CREATE TABLE link_checks (
    link    INTEGER NOT NULL REFERENCES links (id),
    at_us   INTEGER NOT NULL,
    vantage TEXT NOT NULL,
    code    TEXT NOT NULL,
    PRIMARY KEY (link, at_us, vantage)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_checks_by_time ON link_checks (at_us);
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
, by_name TEXT) STRICT;
CREATE INDEX link_events_by_time ON link_events (at_us);
CREATE INDEX link_events_by_link ON link_events (link, at_us);
CREATE TABLE link_person_checks (
    link       INTEGER NOT NULL REFERENCES links (id),
    on_us      INTEGER NOT NULL,
    entered_us INTEGER NOT NULL,
    saw        TEXT NOT NULL,
    PRIMARY KEY (link, entered_us)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_ignores (
    kind    TEXT NOT NULL CHECK (kind IN ('link', 'host', 'url')),
    pattern TEXT NOT NULL,
    why     TEXT,
    at_us   INTEGER NOT NULL,
    PRIMARY KEY (kind, pattern)
) STRICT, WITHOUT ROWID;
CREATE TABLE periodic_mails (
    kind        TEXT NOT NULL CHECK (kind IN ('digest', 'disk', 'links', 'links_watched')),
    recipient   TEXT NOT NULL,
    composed_us INTEGER NOT NULL,
    PRIMARY KEY (kind, recipient)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX evidence_by_link ON evidence (link, at_us) WHERE link IS NOT NULL;
CREATE TABLE link_exchanges (
    link         INTEGER NOT NULL,
    vantage      TEXT NOT NULL,
    uid          TEXT NOT NULL,
    at_us        INTEGER NOT NULL,
    record       BLOB NOT NULL,         -- JSON, zstd; without body and certificates
    chain_sha256 BLOB,                  -- the certificates, in chains
    wire         BLOB NOT NULL,         -- JSON, zstd
    body         TEXT NOT NULL CHECK (body IN ('none', 'encoded', 'packed')),
    body_sha256  BLOB,                  -- in link_bodies
    PRIMARY KEY (link, vantage)
) STRICT;
CREATE INDEX link_exchanges_by_body ON link_exchanges (body_sha256) WHERE body_sha256 IS NOT NULL;
CREATE TABLE link_bodies (
    sha256 BLOB PRIMARY KEY,
    data   BLOB NOT NULL
) STRICT;
CREATE TRIGGER link_body_goes_with_its_exchange AFTER UPDATE OF body_sha256 ON link_exchanges
WHEN OLD.body_sha256 IS NOT NULL AND OLD.body_sha256 IS NOT NEW.body_sha256
BEGIN
    DELETE FROM link_bodies WHERE sha256 = OLD.body_sha256
        AND NOT EXISTS (SELECT 1 FROM link_exchanges WHERE body_sha256 = OLD.body_sha256);
END;
CREATE TRIGGER link_body_goes_with_its_link AFTER DELETE ON link_exchanges
WHEN OLD.body_sha256 IS NOT NULL
BEGIN
    DELETE FROM link_bodies WHERE sha256 = OLD.body_sha256
        AND NOT EXISTS (SELECT 1 FROM link_exchanges WHERE body_sha256 = OLD.body_sha256);
END;
CREATE TABLE archive_rests (
    archive   TEXT PRIMARY KEY,
    until_us  INTEGER NOT NULL
) STRICT;
CREATE INDEX links_listed ON links (state, host, id, due_us, ignored)
    WHERE ignored = 0 AND due_us IS NOT NULL;
CREATE TABLE dictionaries (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE agents (
    vantage TEXT PRIMARY KEY,
    heard_us INTEGER NOT NULL,
    derived_us INTEGER,
    offset_seconds INTEGER NOT NULL,
    version TEXT NOT NULL,
    spool INTEGER NOT NULL,
    last_round_us INTEGER
) STRICT;
CREATE INDEX citations_by_link ON citations (link, document);
CREATE TRIGGER documents_cite
AFTER INSERT ON citations
WHEN NEW.ended_us IS NULL
BEGIN
    UPDATE documents SET citations = citations + 1,
        gone = gone + (l.state = 'gone' AND l.is_only),
        blocked = blocked + (l.state = 'blocked' AND l.is_only),
        drifted = drifted + (l.state = 'drifted' AND l.is_only),
        unreachable = unreachable + (l.state = 'unreachable' AND l.is_only),
        declines = declines + (l.state = 'declines' AND l.is_only),
        moved = moved + (l.state = 'moved' AND l.is_only),
        unknown = unknown + (l.state = 'unknown' AND l.is_only),
        alive = alive + (l.state = 'alive' AND l.is_only)
    FROM (SELECT k.state, NOT EXISTS (
              SELECT 1 FROM citations c WHERE c.link = NEW.link AND c.document = NEW.document
                  AND c.ended_us IS NULL AND c.id <> NEW.id) AS is_only
          FROM links k WHERE k.id = NEW.link AND k.ignored = 0) l
    WHERE documents.id = NEW.document;
END;
CREATE TRIGGER documents_cite_again
AFTER UPDATE OF ended_us ON citations
WHEN OLD.ended_us IS NOT NULL AND NEW.ended_us IS NULL
BEGIN
    UPDATE documents SET citations = citations + 1,
        gone = gone + (l.state = 'gone' AND l.is_only),
        blocked = blocked + (l.state = 'blocked' AND l.is_only),
        drifted = drifted + (l.state = 'drifted' AND l.is_only),
        unreachable = unreachable + (l.state = 'unreachable' AND l.is_only),
        declines = declines + (l.state = 'declines' AND l.is_only),
        moved = moved + (l.state = 'moved' AND l.is_only),
        unknown = unknown + (l.state = 'unknown' AND l.is_only),
        alive = alive + (l.state = 'alive' AND l.is_only)
    FROM (SELECT k.state, NOT EXISTS (
              SELECT 1 FROM citations c WHERE c.link = NEW.link AND c.document = NEW.document
                  AND c.ended_us IS NULL AND c.id <> NEW.id) AS is_only
          FROM links k WHERE k.id = NEW.link AND k.ignored = 0) l
    WHERE documents.id = NEW.document;
END;
CREATE TRIGGER documents_cite_no_more
AFTER UPDATE OF ended_us ON citations
WHEN OLD.ended_us IS NULL AND NEW.ended_us IS NOT NULL
BEGIN
    UPDATE documents SET citations = citations - 1,
        gone = gone - (l.state = 'gone' AND l.is_only),
        blocked = blocked - (l.state = 'blocked' AND l.is_only),
        drifted = drifted - (l.state = 'drifted' AND l.is_only),
        unreachable = unreachable - (l.state = 'unreachable' AND l.is_only),
        declines = declines - (l.state = 'declines' AND l.is_only),
        moved = moved - (l.state = 'moved' AND l.is_only),
        unknown = unknown - (l.state = 'unknown' AND l.is_only),
        alive = alive - (l.state = 'alive' AND l.is_only)
    FROM (SELECT k.state, NOT EXISTS (
              SELECT 1 FROM citations c WHERE c.link = NEW.link AND c.document = NEW.document
                  AND c.ended_us IS NULL AND c.id <> NEW.id) AS is_only
          FROM links k WHERE k.id = NEW.link AND k.ignored = 0) l
    WHERE documents.id = NEW.document;
END;
CREATE TRIGGER documents_lose_citations
AFTER DELETE ON citations
WHEN OLD.ended_us IS NULL
BEGIN
    UPDATE documents SET citations = citations - 1,
        gone = gone - (l.state = 'gone' AND l.is_only),
        blocked = blocked - (l.state = 'blocked' AND l.is_only),
        drifted = drifted - (l.state = 'drifted' AND l.is_only),
        unreachable = unreachable - (l.state = 'unreachable' AND l.is_only),
        declines = declines - (l.state = 'declines' AND l.is_only),
        moved = moved - (l.state = 'moved' AND l.is_only),
        unknown = unknown - (l.state = 'unknown' AND l.is_only),
        alive = alive - (l.state = 'alive' AND l.is_only)
    FROM (SELECT k.state, NOT EXISTS (
              SELECT 1 FROM citations c WHERE c.link = OLD.link AND c.document = OLD.document
                  AND c.ended_us IS NULL AND c.id <> OLD.id) AS is_only
          FROM links k WHERE k.id = OLD.link AND k.ignored = 0) l
    WHERE documents.id = OLD.document;
END;
CREATE TRIGGER documents_count_states
AFTER UPDATE OF state, ignored ON links
WHEN OLD.state <> NEW.state OR OLD.ignored <> NEW.ignored
BEGIN
    UPDATE documents SET
        citations = citations + (OLD.ignored - NEW.ignored)
            * (SELECT count(*) FROM citations c
               WHERE c.link = NEW.id AND c.document = documents.id AND c.ended_us IS NULL),
        gone = gone + (NEW.ignored = 0 AND NEW.state = 'gone')
            - (OLD.ignored = 0 AND OLD.state = 'gone'),
        blocked = blocked + (NEW.ignored = 0 AND NEW.state = 'blocked')
            - (OLD.ignored = 0 AND OLD.state = 'blocked'),
        drifted = drifted + (NEW.ignored = 0 AND NEW.state = 'drifted')
            - (OLD.ignored = 0 AND OLD.state = 'drifted'),
        unreachable = unreachable + (NEW.ignored = 0 AND NEW.state = 'unreachable')
            - (OLD.ignored = 0 AND OLD.state = 'unreachable'),
        declines = declines + (NEW.ignored = 0 AND NEW.state = 'declines')
            - (OLD.ignored = 0 AND OLD.state = 'declines'),
        moved = moved + (NEW.ignored = 0 AND NEW.state = 'moved')
            - (OLD.ignored = 0 AND OLD.state = 'moved'),
        unknown = unknown + (NEW.ignored = 0 AND NEW.state = 'unknown')
            - (OLD.ignored = 0 AND OLD.state = 'unknown'),
        alive = alive + (NEW.ignored = 0 AND NEW.state = 'alive')
            - (OLD.ignored = 0 AND OLD.state = 'alive')
    WHERE id IN (SELECT document FROM citations WHERE link = NEW.id AND ended_us IS NULL);
END;
CREATE TABLE link_totals (
    state TEXT PRIMARY KEY,
    links INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER link_totals_of_new_links AFTER INSERT ON links
WHEN NEW.due_us IS NOT NULL AND NEW.ignored = 0
BEGIN
    INSERT INTO link_totals (state, links) VALUES (NEW.state, 1)
    ON CONFLICT (state) DO UPDATE SET links = links + 1;
END;
CREATE TRIGGER link_totals_of_links AFTER UPDATE OF state, ignored, due_us ON links
WHEN OLD.state <> NEW.state OR OLD.ignored <> NEW.ignored
    OR (OLD.due_us IS NULL) <> (NEW.due_us IS NULL)
BEGIN
    UPDATE link_totals SET links = links - (OLD.due_us IS NOT NULL AND OLD.ignored = 0)
        WHERE state = OLD.state;
    INSERT INTO link_totals (state, links)
        VALUES (NEW.state, NEW.due_us IS NOT NULL AND NEW.ignored = 0)
    ON CONFLICT (state) DO UPDATE SET links = links + excluded.links;
END;
CREATE TABLE link_discriminators (
    vantage TEXT NOT NULL,
    host    TEXT NOT NULL,
    at_us   INTEGER NOT NULL,
    PRIMARY KEY (vantage, host)
) STRICT, WITHOUT ROWID;
CREATE TABLE asked_rounds (
    source TEXT NOT NULL,
    probe TEXT NOT NULL,
    vantage TEXT NOT NULL,
    incident INTEGER NOT NULL,
    asked_us INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    leased_us INTEGER,
    PRIMARY KEY (source, probe, vantage)
) STRICT;
CREATE TABLE link_tasks (
    vantage TEXT NOT NULL,
    link INTEGER NOT NULL,
    queued_us INTEGER NOT NULL,
    leased_us INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (vantage, link)
) STRICT;
CREATE INDEX link_tasks_by_age ON link_tasks (vantage, queued_us, link);
CREATE TABLE link_results (
    uid TEXT PRIMARY KEY,
    link INTEGER NOT NULL,
    vantage TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX link_results_by_time ON link_results (at_us);
CREATE TABLE link_aliases (
    identity TEXT PRIMARY KEY,
    link     INTEGER NOT NULL REFERENCES links (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_aliases_by_link ON link_aliases (link);
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
CREATE TRIGGER exchange_outlives_measurement BEFORE DELETE ON measurements
WHEN EXISTS (SELECT 1 FROM exchanges WHERE uid = OLD.uid AND raw IS NULL)
BEGIN
    UPDATE exchanges SET
        raw = (SELECT raw FROM records WHERE id = OLD.id),
        base = (SELECT base FROM records WHERE id = OLD.id),
        chain_sha256 = (SELECT chain_sha256 FROM records WHERE id = OLD.id)
    WHERE uid = OLD.uid;
END;
CREATE TABLE last_readings (
    series_id INTEGER PRIMARY KEY REFERENCES series (id),
    key       BLOB NOT NULL,
    reading   BLOB NOT NULL
) STRICT;
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
