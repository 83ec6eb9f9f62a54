-- The cited links that a letter is about, so that the pack of a link finds its letters. Letters of before name none.
ALTER TABLE outbox ADD COLUMN links TEXT NOT NULL DEFAULT '[]';
