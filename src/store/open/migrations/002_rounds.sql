-- Which rounds were taken into account, and which were not.

-- When the newest round began that a pass took into account. A round that no pass committed (the
-- machine stopped, the vantage did not work) stays due.
ALTER TABLE series ADD COLUMN checked_us INTEGER;
UPDATE series SET checked_us =
    (SELECT max(m.started_us) FROM measurements m WHERE m.series_id = series.id);

-- Rounds made while their vantage did not work, as its controls told afterwards: their measurements are
-- kept, and say nothing of the source.
CREATE TABLE set_aside (
    series_id INTEGER NOT NULL REFERENCES series (id),
    round     TEXT NOT NULL,
    at_us     INTEGER NOT NULL,
    PRIMARY KEY (series_id, round)
) STRICT, WITHOUT ROWID;
