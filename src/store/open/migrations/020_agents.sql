-- The agents of vantages elsewhere, as they reported last.
CREATE TABLE agents (
    vantage TEXT PRIMARY KEY,
    heard_us INTEGER NOT NULL,
    derived_us INTEGER,
    offset_seconds INTEGER NOT NULL,
    version TEXT NOT NULL,
    spool INTEGER NOT NULL,
    last_round_us INTEGER
) STRICT;
