-- Who gave the title and the date of a document and the passage of a citation: person or document.
-- What a person stated stays when the document is imported again. Rows of before do not say who.
ALTER TABLE documents ADD COLUMN title_from TEXT;
ALTER TABLE documents ADD COLUMN date_from TEXT;
ALTER TABLE citations ADD COLUMN quote_from TEXT;
-- A day that an import took away from a document that has one.
UPDATE citations SET cited_on_from = 'document',
    cited_on = (SELECT date FROM documents d WHERE d.id = citations.document)
WHERE cited_on IS NULL
  AND (SELECT date FROM documents d WHERE d.id = citations.document) IS NOT NULL;

-- Other identities of a link: a check showed that both are one.
CREATE TABLE link_aliases (
    identity TEXT PRIMARY KEY,
    link     INTEGER NOT NULL REFERENCES links (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_aliases_by_link ON link_aliases (link);
