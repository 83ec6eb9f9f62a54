-- Whether the server refused the mail for good at the last try. Mails of one incident go out in their
-- order; one that is refused for good holds the later ones back no longer.
ALTER TABLE outbox ADD COLUMN refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1));
