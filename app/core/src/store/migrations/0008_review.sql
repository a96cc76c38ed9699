-- What a reviewer last had on the screen of another's record, and what they had before that: the
-- heads, one after the other. What has changed since is shown first.
CREATE TABLE looked (
    record BLOB PRIMARY KEY,
    heads BLOB NOT NULL,
    before BLOB
) STRICT, WITHOUT ROWID;
-- Why a record was returned, beside the words: codes, and keys of the fields meant. A JSON array.
ALTER TABLE record ADD COLUMN todo_reasons TEXT NOT NULL DEFAULT '[]';
-- The reason that a supervisor has begun to write for a release or an upholding.
ALTER TABLE task ADD COLUMN begun_act TEXT;
ALTER TABLE task ADD COLUMN begun TEXT;
-- What colleagues share with the officer.
CREATE INDEX record_scope_scope ON record_scope (scope);
