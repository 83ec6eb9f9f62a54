-- Lists of links by state read this index alone; the rows of links are long.
CREATE INDEX links_listed ON links (state, host, id, due_us, ignored)
    WHERE ignored = 0 AND due_us IS NOT NULL;
-- Who stated what a browser shows, or accepted a page, on the pages.
ALTER TABLE link_events ADD COLUMN by_name TEXT;
