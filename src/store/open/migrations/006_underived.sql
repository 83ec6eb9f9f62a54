-- What was committed and is not told of yet: records of a series from a time on. Whoever commits what they mean
-- (a pass, an ingest, a rejudge) empties it; what a killed process leaves, the next one derives.
CREATE TABLE IF NOT EXISTS underived (
    series_id INTEGER PRIMARY KEY REFERENCES series (id),
    from_us   INTEGER NOT NULL
) STRICT;
