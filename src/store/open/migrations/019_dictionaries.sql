-- The dictionaries that compressed rows name by their id (zstd), so that the file can be read without this program.
CREATE TABLE dictionaries (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
