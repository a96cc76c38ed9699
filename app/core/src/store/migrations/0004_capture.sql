-- The schema that a draft was begun with, and what it was before each of its last steps, so that
-- steps can be taken back. `before` is a JSON object: field to value, null for a blank.
ALTER TABLE draft ADD COLUMN schema INTEGER NOT NULL DEFAULT 1;
CREATE TABLE draft_step (
    draft BLOB NOT NULL,
    step INTEGER NOT NULL,
    at INTEGER NOT NULL,
    before TEXT NOT NULL,
    page TEXT,
    PRIMARY KEY (draft, step)
) STRICT, WITHOUT ROWID;

-- Words of earlier states of records, still in the index under numbers that no record has any
-- more. They are found by nobody, and taken out when there is time.
CREATE TABLE stale_words (
    num INTEGER PRIMARY KEY,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX stale_words_record ON stale_words (record);
