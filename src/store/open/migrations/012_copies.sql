-- Copies of cited links, when they are looked up, and what archives are to save.

-- Jobs of saving a link: each is asked for once, whatever ends the program.
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

-- Links whose copies are looked up; due_us is NULL when that was done.
CREATE TABLE copy_lookups (
    link         INTEGER PRIMARY KEY REFERENCES links (id),
    due_us       INTEGER,
    looked_up_us INTEGER
) STRICT;
CREATE INDEX copy_lookups_due ON copy_lookups (due_us) WHERE due_us IS NOT NULL;

-- A new link with a day of citing.
CREATE TRIGGER copies_of_new_links AFTER INSERT ON citations WHEN NEW.cited_on IS NOT NULL
BEGIN
    INSERT INTO copy_lookups (link, due_us) VALUES (NEW.link, 0) ON CONFLICT (link) DO NOTHING;
END;

-- A link that turns gone, blocked or drifted.
CREATE TRIGGER copies_of_lost_links AFTER UPDATE OF state ON links
WHEN NEW.state IN ('gone', 'blocked', 'drifted') AND NEW.state <> OLD.state
BEGIN
    INSERT INTO copy_lookups (link, due_us) VALUES (NEW.id, 0)
    ON CONFLICT (link) DO UPDATE SET due_us = 0;
END;

INSERT INTO copy_lookups (link, due_us)
SELECT id, 0 FROM links
WHERE state IN ('gone', 'blocked', 'drifted')
   OR id IN (SELECT link FROM citations WHERE cited_on IS NOT NULL AND ended_us IS NULL);
