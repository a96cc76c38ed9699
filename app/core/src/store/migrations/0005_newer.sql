-- Records with entries of a schema above this app's: what the server reads of them, as JSON. An
-- app that knows the schema opens the entries and drops the row.
CREATE TABLE newer (
    record     BLOB NOT NULL PRIMARY KEY REFERENCES record (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    projection TEXT NOT NULL
) STRICT, WITHOUT ROWID;
