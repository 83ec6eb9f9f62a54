-- The newest healthy exchange of each cited link from each vantage, as it stood on the wire: what
-- stands before a change of the link's state. A newer one replaces it.
CREATE TABLE link_exchanges (
    link         INTEGER NOT NULL,
    vantage      TEXT NOT NULL,
    uid          TEXT NOT NULL,
    at_us        INTEGER NOT NULL,
    record       BLOB NOT NULL,         -- JSON, zstd; without body and certificates
    chain_sha256 BLOB,                  -- the certificates, in chains
    wire         BLOB NOT NULL,         -- JSON, zstd
    body         TEXT NOT NULL CHECK (body IN ('none', 'encoded', 'packed')),
    body_sha256  BLOB,                  -- in link_bodies
    PRIMARY KEY (link, vantage)
) STRICT;
CREATE INDEX link_exchanges_by_body ON link_exchanges (body_sha256) WHERE body_sha256 IS NOT NULL;

-- The last bodies of these exchanges, once by content: with its content coding, or packed.
CREATE TABLE link_bodies (
    sha256 BLOB PRIMARY KEY,
    data   BLOB NOT NULL
) STRICT;

CREATE TRIGGER link_body_goes_with_its_exchange AFTER UPDATE OF body_sha256 ON link_exchanges
WHEN OLD.body_sha256 IS NOT NULL AND OLD.body_sha256 IS NOT NEW.body_sha256
BEGIN
    DELETE FROM link_bodies WHERE sha256 = OLD.body_sha256
        AND NOT EXISTS (SELECT 1 FROM link_exchanges WHERE body_sha256 = OLD.body_sha256);
END;

CREATE TRIGGER link_body_goes_with_its_link AFTER DELETE ON link_exchanges
WHEN OLD.body_sha256 IS NOT NULL
BEGIN
    DELETE FROM link_bodies WHERE sha256 = OLD.body_sha256
        AND NOT EXISTS (SELECT 1 FROM link_exchanges WHERE body_sha256 = OLD.body_sha256);
END;
