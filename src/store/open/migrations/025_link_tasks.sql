-- Checks of cited links that are due at vantages elsewhere.
CREATE TABLE link_tasks (
    vantage TEXT NOT NULL,
    link INTEGER NOT NULL,
    queued_us INTEGER NOT NULL,
    leased_us INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (vantage, link)
) STRICT;
CREATE INDEX link_tasks_by_age ON link_tasks (vantage, queued_us, link);

-- What agents found, until the process that checks links takes it in.
CREATE TABLE link_results (
    uid TEXT PRIMARY KEY,
    link INTEGER NOT NULL,
    vantage TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX link_results_by_time ON link_results (at_us);
