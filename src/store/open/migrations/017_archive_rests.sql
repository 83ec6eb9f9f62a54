-- Archives that failed or asked for quiet, and until when they are left alone.

CREATE TABLE archive_rests (
    archive   TEXT PRIMARY KEY,
    until_us  INTEGER NOT NULL
) STRICT;
