-- When a note was written, for the story of an incident; empty for notes of before.
ALTER TABLE notes ADD COLUMN written_us INTEGER;
