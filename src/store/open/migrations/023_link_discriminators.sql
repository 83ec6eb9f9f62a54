-- When discriminators last asked for the links of a host from a vantage: at most once a day.
CREATE TABLE link_discriminators (
    vantage TEXT NOT NULL,
    host    TEXT NOT NULL,
    at_us   INTEGER NOT NULL,
    PRIMARY KEY (vantage, host)
) STRICT, WITHOUT ROWID;
