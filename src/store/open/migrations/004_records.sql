-- Records that can be quoted: phases of incidents, what is watched, checks by state, and views as wide as the exports.

-- Which code stood from when to when, for each vantage of an incident. `checks` is 0 where they were not counted.
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

-- What `detail` holds and the view needs in a form of its own.
ALTER TABLE incidents ADD COLUMN layer TEXT;
ALTER TABLE incidents ADD COLUMN last_good_us INTEGER;
ALTER TABLE incidents ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN checks_bad INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN course TEXT NOT NULL DEFAULT '';
ALTER TABLE incidents ADD COLUMN finding_text TEXT NOT NULL DEFAULT '';

-- What is watched and from where, as the configuration had it at the newest pass. What was taken out of it stays,
-- with watched = 0 or enabled = 0: incidents still name it.
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

-- Rounds whose code does not tell what readers get: the finding of their probe after that pass was `program_refused`
-- or `insufficient`; the probe is provisional and never was `ok` there.
CREATE TABLE doubted (
    series_id   INTEGER NOT NULL REFERENCES series (id),
    round       TEXT NOT NULL,
    at_us       INTEGER NOT NULL,
    finding     INTEGER NOT NULL CHECK (finding IN (0, 1)),
    provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    PRIMARY KEY (series_id, round)
) STRICT, WITHOUT ROWID;

-- Of days whose measurements are gone, the first three are not known, and the states follow the columns.
ALTER TABLE uptime ADD COLUMN withdrawn INTEGER;
ALTER TABLE uptime ADD COLUMN empty INTEGER;
ALTER TABLE uptime ADD COLUMN moved INTEGER;
ALTER TABLE uptime ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uptime ADD COLUMN less INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uptime ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uptime ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
UPDATE uptime SET open = ok, less = stale, closed = blocked + rot + failed, unknown = limited;

-- *Now* in every figure: when the newest thing was seen.
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

DROP VIEW v_uptime;
CREATE VIEW v_uptime AS
SELECT s.source AS source_id, s.probe AS probe_id, s.level, s.vantage,
       date(u.day * 86400, 'unixepoch') AS day,
       u.checks, u.ok, u.limited, u.blocked, u.rot, u.stale, u.failed, u.vantage_offline, u.gaps,
       round(100.0 * u.ok / nullif(u.ok + u.blocked + u.rot + u.stale + u.failed, 0), 2) AS availability_pct,
       round(100.0 * (u.ok + u.blocked + u.rot + u.stale + u.failed) / nullif(u.checks + u.gaps, 0), 2) AS coverage_pct,
       u.p50_ms, u.p95_ms, u.outage_us / 3600000000.0 AS longest_outage_hours,
       u.withdrawn, u.empty, u.moved, u.open, u.less, u.closed, u.unknown
FROM uptime u JOIN series s ON s.id = u.series_id;

DROP VIEW v_freshness;
CREATE VIEW v_freshness AS
SELECT source AS source_id, probe AS probe_id, name AS value_name,
       date(day * 86400, 'unixepoch') AS day, kind, value, changed,
       CASE WHEN kind IN ('number', 'count', 'null_share') THEN CAST(value AS REAL) END AS value_num,
       CASE kind WHEN 'date' THEN value END AS value_date
FROM freshness;

DROP VIEW v_statuses;
CREATE VIEW v_statuses AS
SELECT t.source AS source_id, t.probe AS probe_id, t.vantage, t.code,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.since_us / 1000000, 'unixepoch') AS since_utc,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.last_checked_us / 1000000, 'unixepoch') AS last_checked_utc,
       p.level, json_extract(t.detail, '$.baseline') AS baseline,
       (SELECT max(i.id) FROM incidents i
        WHERE i.source = t.source AND i.probe = t.probe AND i.ended_us IS NULL) AS incident_id
FROM statuses t LEFT JOIN probes p ON p.source = t.source AND p.probe = t.probe;

DROP VIEW v_incidents;
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
