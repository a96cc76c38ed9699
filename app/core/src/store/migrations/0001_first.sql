-- The vault: whose it is, its log, and how far each stream has come. One row.
CREATE TABLE vault (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    log BLOB NOT NULL,
    seed BLOB NOT NULL,
    officer BLOB NOT NULL,
    device BLOB NOT NULL,
    label TEXT NOT NULL,
    collar TEXT NOT NULL,
    role TEXT NOT NULL,
    team TEXT NOT NULL,
    station TEXT NOT NULL,
    session TEXT,
    session_expires INTEGER,
    -- The log: the next place, and the hash that the next header follows.
    next_seq INTEGER NOT NULL DEFAULT 0,
    head BLOB NOT NULL,
    -- The receipt: the last received place in this lineage of the server.
    epoch BLOB,
    received_seq INTEGER,
    policy INTEGER NOT NULL DEFAULT 0,
    horizon INTEGER NOT NULL DEFAULT 0,
    -- Cursors of the feed.
    records_cursor INTEGER NOT NULL DEFAULT 0,
    mailbox_cursor INTEGER NOT NULL DEFAULT 0,
    reference_cursor INTEGER NOT NULL DEFAULT 0,
    -- The server's clock when it was last heard, beside the device's own.
    server_time INTEGER,
    server_wall INTEGER,
    server_boot BLOB,
    server_boot_ms INTEGER
) STRICT;

-- Everything that entries say, our own and others'. `verdict` is 0 none, 1 accepted, 2 parked,
-- 3 quarantined, 4 rejected. `opened` is 0 while a change lacks what it builds on, 1 once it
-- is in the document, 2 if the guard refused it.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    log BLOB NOT NULL,
    seq INTEGER NOT NULL,
    own INTEGER NOT NULL,
    record BLOB,
    kind INTEGER NOT NULL,
    officer BLOB NOT NULL,
    device BLOB NOT NULL,
    at INTEGER NOT NULL,
    received_at INTEGER,
    verdict INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    change BLOB,
    deps BLOB NOT NULL,
    seen BLOB NOT NULL,
    opened INTEGER NOT NULL DEFAULT 1,
    refusal TEXT,
    superseded INTEGER NOT NULL DEFAULT 0,
    payload BLOB NOT NULL,
    UNIQUE (log, seq)
) STRICT;
CREATE INDEX entry_record ON entry (record, id);
CREATE INDEX entry_own ON entry (seq) WHERE own = 1;
CREATE INDEX entry_unsettled ON entry (seq) WHERE own = 1 AND verdict <> 1;
CREATE INDEX entry_settled ON entry (received_at) WHERE own = 1 AND verdict = 1;
CREATE INDEX entry_unopened ON entry (record) WHERE opened <> 1;

-- What is signed of our own entries. The signature stands at the last entry of a commit.
CREATE TABLE signed (
    seq INTEGER PRIMARY KEY,
    header BLOB NOT NULL,
    hash BLOB NOT NULL,
    salt BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    signature BLOB
) STRICT;

-- The projection of each record, and what its entries make of it.
CREATE TABLE record (
    num INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    own INTEGER NOT NULL,
    author BLOB NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    subject TEXT,
    place TEXT,
    photos INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    -- What a reviewer should look at, from the content alone; a JSON array of codes.
    look TEXT NOT NULL,
    conflict INTEGER NOT NULL,
    delivery TEXT NOT NULL DEFAULT 'saved',
    delivery_at INTEGER,
    delivery_photos INTEGER,
    delivery_reason TEXT,
    review TEXT,
    review_at INTEGER,
    review_by BLOB,
    shown TEXT NOT NULL DEFAULT 'delivery',
    waiting INTEGER NOT NULL DEFAULT 0,
    todo TEXT,
    todo_at INTEGER,
    todo_by BLOB,
    todo_text TEXT,
    queue INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    flags TEXT NOT NULL DEFAULT '[]'
) STRICT;
-- Covers the list: scrolling reads this index and nothing else.
CREATE INDEX record_list ON record (
    own, happened_at DESC, num DESC, id, author, kind, title, subject, place, photos,
    delivery, delivery_at, delivery_photos, delivery_reason, review, review_at, review_by,
    shown, waiting
);
CREATE INDEX record_todo ON record (todo_at) WHERE todo IS NOT NULL;
CREATE INDEX record_queue ON record (due_at) WHERE queue = 1;

CREATE VIRTUAL TABLE words USING fts5 (
    body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);

-- The saved document, apart from the row so that lists never touch it.
CREATE TABLE document (
    record BLOB PRIMARY KEY,
    snapshot BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The journal of what is being typed.
CREATE TABLE draft (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    fields TEXT NOT NULL,
    page TEXT,
    started_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    discarded_at INTEGER
) STRICT;

-- Photos of drafts and records. `key` seals the files of this one photo.
CREATE TABLE photo (
    id BLOB PRIMARY KEY,
    record BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    mime TEXT NOT NULL,
    caption TEXT,
    taken_at INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    key BLOB,
    here INTEGER NOT NULL,
    preview INTEGER NOT NULL,
    mine INTEGER NOT NULL,
    draft INTEGER NOT NULL
) STRICT;
CREATE INDEX photo_record ON photo (record);
CREATE INDEX photo_mine ON photo (taken_at) WHERE mine = 1 AND draft = 0;

-- Photos that the server has said it holds.
CREATE TABLE stored (
    record BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (record, sha256)
) STRICT, WITHOUT ROWID;

-- What makes each record visible here, and what was granted.
CREATE TABLE record_scope (
    record BLOB NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (record, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE granted (
    scope TEXT PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE backfill (
    scope TEXT PRIMARY KEY,
    below INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reference data: the newest document of each name.
CREATE TABLE reference (
    name TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- When the reading of another's record was last logged.
CREATE TABLE consulted (
    record BLOB PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
