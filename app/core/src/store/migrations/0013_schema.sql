-- Of an entry that is kept unopened for its schema: which that is. None of one that is kept for
-- its kind.
ALTER TABLE entry ADD COLUMN schema INTEGER;
CREATE INDEX entry_newer ON entry (record) WHERE refusal = 'needs_newer_app';
