-- What was read of the newest page of a series, and a hash of all that this depends on: an answer
-- with the same hash is not read again. The rows can be deleted at any time.
CREATE TABLE last_readings (
    series_id INTEGER PRIMARY KEY REFERENCES series (id),
    key       BLOB NOT NULL,
    reading   BLOB NOT NULL
) STRICT;
