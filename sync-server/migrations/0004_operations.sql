-- How this lineage of the database descends from others: a restore begins a new one.
CREATE TABLE lineage (
    number  INTEGER NOT NULL PRIMARY KEY,
    epoch   BLOB    NOT NULL CHECK (length(epoch) = 16),
    parent  BLOB    NOT NULL CHECK (length(parent) = 16),
    accept  INTEGER NOT NULL,
    receive INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- The receive position up to which a verified backup or a replica covers everything.
ALTER TABLE state ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;

-- What the erasure ledger says, line by line: the ledger itself lies outside the database.
CREATE TABLE erased (
    number INTEGER NOT NULL PRIMARY KEY,
    record BLOB    NOT NULL UNIQUE CHECK (length(record) = 16),
    line   TEXT    NOT NULL
) STRICT;

-- Photos whose bytes have still to be destroyed.
CREATE TABLE doomed (
    blob BLOB NOT NULL PRIMARY KEY CHECK (length(blob) = 32)
) STRICT, WITHOUT ROWID;

-- Salt and payload of what revoked devices sent, each sealed to the server's own key. Their
-- rows in `entries` have state 9, and neither salt nor payload.
CREATE TABLE sealed (
    position INTEGER NOT NULL PRIMARY KEY REFERENCES entries (position),
    body     BLOB    NOT NULL
) STRICT;
CREATE INDEX entries_sealed ON entries (log, seq) WHERE state = 9;

-- Requests for the key of a vault whose PIN was forgotten.
CREATE TABLE recoveries (
    code      BLOB    NOT NULL PRIMARY KEY CHECK (length(code) = 32),
    log       BLOB    NOT NULL REFERENCES logs (id),
    wrap      BLOB    NOT NULL,
    recipient TEXT    NOT NULL,
    begun     INTEGER NOT NULL,
    expires   INTEGER NOT NULL,
    -- The key, sealed to the recipient, once a person has given it.
    answer    BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX recoveries_by_log ON recoveries (log, begun);

-- Acting ranks, cover of other teams, and operations, as CBOR lists: of the posting they
-- stand in.
ALTER TABLE postings ADD COLUMN acting BLOB NOT NULL DEFAULT x'80';
ALTER TABLE postings ADD COLUMN operations BLOB NOT NULL DEFAULT x'80';
CREATE TABLE operations (
    id   BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
