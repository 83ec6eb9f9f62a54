-- Rounds that people asked for at once. A round waits while the newest check of its series is older.
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
