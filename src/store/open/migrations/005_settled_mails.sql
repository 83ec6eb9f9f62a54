-- How often the server was given the whole mail and did not say whether it took it: such a mail is sent
-- again a few times at most, and holds no later one back.
ALTER TABLE outbox ADD COLUMN handed_over INTEGER NOT NULL DEFAULT 0 CHECK (handed_over >= 0);

-- When a mail that no server said it took was laid aside for good, and why: `overtaken` (what it says is no
-- longer the case, or a later mail says it), `unanswered` (handed over whole as often as is sensible).
ALTER TABLE outbox ADD COLUMN settled_us INTEGER;
ALTER TABLE outbox ADD COLUMN settled_as TEXT
    CHECK (settled_as IN ('overtaken', 'unanswered') AND settled_us IS NOT NULL OR settled_us IS NULL);
