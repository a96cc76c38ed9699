-- What an officer has begun to write below a record and not signed: an edit, an addition, the words
-- of a decision. `fields` is a JSON object: field to value, null for a blank.
CREATE TABLE begun (
    record BLOB NOT NULL,
    form TEXT NOT NULL,
    fields TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (record, form)
) STRICT, WITHOUT ROWID;
-- When a document of reference data came. Of those that were here already it is known that they
-- were here by now.
ALTER TABLE reference ADD COLUMN came_at INTEGER NOT NULL DEFAULT 0;
UPDATE reference SET came_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
