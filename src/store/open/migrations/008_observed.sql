-- What letters quote of a measurement beyond its columns, as JSON: limits that values broke, expectations that do not
-- hold, the first words of a page. NULL: nothing of that.
ALTER TABLE measurements ADD COLUMN observed TEXT;

-- What an event tells of beside its codes, as JSON: the control at fault, or what a person saw. NULL: nothing.
ALTER TABLE events ADD COLUMN detail TEXT;
