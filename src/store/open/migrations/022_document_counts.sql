-- The links and citations of each document, counted by state as they change: a list of documents
-- reads one row for each. Links that are ignored and citations that have ended are in no count.

ALTER TABLE documents ADD COLUMN citations INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN drifted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN unreachable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN declines INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN alive INTEGER NOT NULL DEFAULT 0;

-- Which documents cite a link, and whether another place of one document does.
DROP INDEX citations_by_link;
CREATE INDEX citations_by_link ON citations (link, document);

WITH counted AS (
    SELECT c.document, l.id, l.state, count(*) AS citations
    FROM citations c JOIN links l ON l.id = c.link
    WHERE c.ended_us IS NULL AND l.ignored = 0
    GROUP BY c.document, l.id
), summed AS (
    SELECT document, sum(citations) AS citations,
        sum(state = 'gone') AS gone,
        sum(state = 'blocked') AS blocked,
        sum(state = 'drifted') AS drifted,
        sum(state = 'unreachable') AS unreachable,
        sum(state = 'declines') AS declines,
        sum(state = 'moved') AS moved,
        sum(state = 'unknown') AS unknown,
        sum(state = 'alive') AS alive
    FROM counted GROUP BY document
)
UPDATE documents SET citations = s.citations,
    gone = s.gone,
    blocked = s.blocked,
    drifted = s.drifted,
    unreachable = s.unreachable,
    declines = s.declines,
    moved = s.moved,
    unknown = s.unknown,
    alive = s.alive
FROM summed s WHERE s.document = documents.id;

-- A new citation.
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

-- A citation that is in its document again.
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

-- A citation that ended.
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

-- A citation that is deleted.
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

-- A link that changes its state, or is ignored or not ignored any more.
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

-- The links that are checked, counted and mailed, by state.
CREATE TABLE link_totals (
    state TEXT PRIMARY KEY,
    links INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO link_totals (state, links)
SELECT state, count(*) FROM links WHERE due_us IS NOT NULL AND ignored = 0 GROUP BY state;

-- A new link that is watched.
CREATE TRIGGER link_totals_of_new_links AFTER INSERT ON links
WHEN NEW.due_us IS NOT NULL AND NEW.ignored = 0
BEGIN
    INSERT INTO link_totals (state, links) VALUES (NEW.state, 1)
    ON CONFLICT (state) DO UPDATE SET links = links + 1;
END;

-- A link that is watched and was not, or was and is not, or changes its state.
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
