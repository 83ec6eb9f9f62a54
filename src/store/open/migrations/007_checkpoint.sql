-- Tracker state, reference pages and the times of periodic mails get tables of their own. They were JSON in `meta`.

-- The tracker state at the start of the retained measurements. What is derived again is derived from here on.
CREATE TABLE checkpoint (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    since_us      INTEGER NOT NULL,
    next_incident INTEGER NOT NULL,
    first_letter  INTEGER NOT NULL CHECK (first_letter IN (0, 1))
) STRICT;

-- `detail` is the whole as JSON, as in `statuses`, `incidents` and `vantages`.
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

INSERT INTO checkpoint (id, since_us, next_incident, first_letter)
SELECT 1,
       unixepoch(substr(since, 1, 19)) * 1000000
           + CAST(substr(rtrim(substr(since, 21), 'Z') || '000000', 1, 6) AS INTEGER),
       json_extract(value, '$.next_incident'), json_extract(value, '$.first_letter')
FROM (SELECT value, json_extract(value, '$.since') AS since FROM meta WHERE key = 'ground' AND json_valid(value));
INSERT INTO checkpoint_statuses (probe, vantage, detail)
SELECT json_extract(s.value, '$.probe'), json_extract(s.value, '$.vantage'), s.value
FROM meta m, json_each(m.value, '$.statuses') s WHERE m.key = 'ground' AND json_valid(m.value);
INSERT INTO checkpoint_incidents (id, detail)
SELECT json_extract(i.value, '$.id'), i.value
FROM meta m, json_each(m.value, '$.incidents') i WHERE m.key = 'ground' AND json_valid(m.value);
INSERT INTO checkpoint_vantages (vantage, detail)
SELECT json_extract(v.value, '$.vantage'), v.value
FROM meta m, json_each(m.value, '$.vantages') v WHERE m.key = 'ground' AND json_valid(m.value);

-- What a host gives for a made-up address, and its home page: `detail` is the sketch as JSON.
CREATE TABLE reference_pages (
    vantage TEXT NOT NULL,
    origin  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    at_us   INTEGER NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (vantage, origin, kind)
) STRICT;

INSERT INTO reference_pages (vantage, origin, kind, at_us, detail)
SELECT substr(path, 1, instr(path, '/') - 1),
       substr(path, instr(path, '/') + 1, length(path) - instr(path, '/') - length(kind) - 1),
       kind, at_us, value
FROM (SELECT substr(key, length('reference/') + 1) AS path, json_extract(value, '$.kind') AS kind,
             json_extract(value, '$.at_us') AS at_us, value
      FROM meta WHERE key LIKE 'reference/%' AND json_valid(value))
WHERE kind IS NOT NULL AND at_us IS NOT NULL;

-- When a mail that comes again after a time was last composed: a digest for its recipient, and the warning that
-- the disk is nearly full, whose recipient is empty.
CREATE TABLE periodic_mails (
    kind        TEXT NOT NULL CHECK (kind IN ('digest', 'disk')),
    recipient   TEXT NOT NULL,
    composed_us INTEGER NOT NULL,
    PRIMARY KEY (kind, recipient)
) STRICT, WITHOUT ROWID;

INSERT INTO periodic_mails (kind, recipient, composed_us)
SELECT kind, recipient, seconds * 1000000 + CASE substr(value, 20, 1)
           WHEN '.' THEN CAST(substr(substr(value, 21, instr(value, '+') - 21) || '000000', 1, 6) AS INTEGER)
           ELSE 0 END
FROM (SELECT 'digest' AS kind, substr(key, length('digest:') + 1) AS recipient, value,
             unixepoch(substr(value, 1, 19)) AS seconds
      FROM meta WHERE key LIKE 'digest:%'
      UNION ALL
      SELECT 'disk', '', value, unixepoch(substr(value, 1, 19)) FROM meta WHERE key = 'disk_told')
WHERE seconds IS NOT NULL;

DELETE FROM meta WHERE key IN ('ground', 'disk_told') OR key LIKE 'reference/%' OR key LIKE 'digest:%';
