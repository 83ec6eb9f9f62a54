-- The exchanges that decided the states of links. Such an exchange has no source and no probe.
ALTER TABLE evidence ADD COLUMN link INTEGER;
CREATE INDEX evidence_by_link ON evidence (link, at_us) WHERE link IS NOT NULL;
