-- The store of the server, first version. Identifiers and hashes are blobs, times are
-- milliseconds since 1970 UTC, and every order of things is a number given inside the
-- transaction that makes the thing.

-- The counters. Whoever accepts or receives takes the next number here, and holds this row
-- until the commit: so the order of the numbers is the order of the commits.
CREATE TABLE state (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    epoch     BLOB    NOT NULL CHECK (length(epoch) = 16),
    receive   INTEGER NOT NULL,
    accept    INTEGER NOT NULL,
    policy    INTEGER NOT NULL,
    reference INTEGER NOT NULL
) STRICT;

CREATE TABLE teams (
    id   BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    officer    BLOB    NOT NULL PRIMARY KEY CHECK (length(officer) = 16),
    collar     TEXT    NOT NULL UNIQUE,
    password   TEXT    NOT NULL,
    failed     INTEGER NOT NULL DEFAULT 0,
    wait_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What a person was from this version of the authority on.
CREATE TABLE postings (
    officer BLOB    NOT NULL REFERENCES accounts (officer),
    policy  INTEGER NOT NULL,
    title   TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    role    TEXT    NOT NULL,
    team    BLOB    NOT NULL REFERENCES teams (id),
    station TEXT    NOT NULL,
    active  INTEGER NOT NULL,
    PRIMARY KEY (officer, policy)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_codes (
    code    BLOB    NOT NULL PRIMARY KEY CHECK (length(code) = 32),
    name    TEXT    NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name           TEXT    NOT NULL,
    form_factor    TEXT    NOT NULL,
    credential     BLOB    NOT NULL UNIQUE CHECK (length(credential) = 32),
    enrolled_at    INTEGER NOT NULL,
    revoked_at     INTEGER,
    officer        BLOB,
    last_heard     INTEGER,
    waiting        INTEGER NOT NULL DEFAULT 0,
    waiting_photos INTEGER NOT NULL DEFAULT 0,
    oldest_waiting INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE logs (
    id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    device      BLOB    NOT NULL REFERENCES devices (id),
    officer     BLOB    NOT NULL REFERENCES accounts (officer),
    descriptor  BLOB    NOT NULL,
    key         BLOB    NOT NULL,
    start       BLOB    NOT NULL CHECK (length(start) = 32),
    opened_at   INTEGER NOT NULL,
    next_seq    INTEGER NOT NULL DEFAULT 0,
    -- Of the last received entry; zero and empty while there is none.
    head        BLOB    NOT NULL,
    position    INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL DEFAULT 0,
    policy      INTEGER NOT NULL DEFAULT 0,
    forked      INTEGER NOT NULL DEFAULT 0,
    next_mail   INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX logs_by_officer ON logs (officer);
CREATE INDEX logs_by_device ON logs (device);

-- The signature of each commit that was uploaded: with the headers it proves the log.
CREATE TABLE commits (
    log       BLOB    NOT NULL REFERENCES logs (id),
    seq       INTEGER NOT NULL,
    signature BLOB    NOT NULL,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

-- Every received entry, whatever became of it. state: 0 received, 1 accepted, 2 parked,
-- 3 quarantined, 4 rejected.
CREATE TABLE entries (
    position    INTEGER NOT NULL PRIMARY KEY,
    log         BLOB    NOT NULL REFERENCES logs (id),
    seq         INTEGER NOT NULL,
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    header      BLOB    NOT NULL,
    salt        BLOB    NOT NULL,
    payload     BLOB    NOT NULL,
    record      BLOB,
    kind        INTEGER NOT NULL,
    officer     BLOB    NOT NULL,
    received_at INTEGER NOT NULL,
    -- The authority when it was received, and whether the log's own went back here.
    policy      INTEGER NOT NULL,
    policy_back INTEGER NOT NULL,
    change      BLOB,
    actor       BLOB,
    state       INTEGER NOT NULL,
    code        TEXT,
    waits_on    BLOB,
    accepted    INTEGER,
    judged_at   INTEGER,
    UNIQUE (log, seq)
) STRICT;
CREATE INDEX entries_pending ON entries (position) WHERE state = 0;
CREATE INDEX entries_parked ON entries (waits_on) WHERE state = 2;
CREATE INDEX entries_quarantined ON entries (position) WHERE state = 3;
CREATE INDEX entries_rejected ON entries (position) WHERE state = 4;
CREATE INDEX entries_by_change ON entries (change) WHERE change IS NOT NULL;
CREATE INDEX entries_by_record ON entries (record, accepted) WHERE record IS NOT NULL;

-- The tail of a log that split, as evidence; never judged.
CREATE TABLE fork_entries (
    log         BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    header      BLOB    NOT NULL,
    salt        BLOB    NOT NULL,
    payload     BLOB    NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (log, seq, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE actors (
    actor  BLOB NOT NULL PRIMARY KEY CHECK (length(actor) = 16),
    log    BLOB NOT NULL,
    record BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What the accepted entries make of a record.
CREATE TABLE records (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind         TEXT    NOT NULL,
    author       BLOB    NOT NULL,
    team         BLOB,
    revision     INTEGER NOT NULL,
    changes      INTEGER NOT NULL,
    heads        BLOB    NOT NULL,
    snapshot     BLOB    NOT NULL,
    projection   TEXT    NOT NULL,
    -- Of the first accepted submission: when it was made, and when received.
    submitted_at INTEGER,
    received_at  INTEGER,
    withdrawn_at INTEGER,
    withdrawn_by BLOB,
    -- Where it stood in the order of acceptance when anything of it last changed.
    position     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX records_by_position ON records (position) WHERE submitted_at IS NOT NULL;
CREATE INDEX records_by_received ON records (received_at) WHERE submitted_at IS NOT NULL;

CREATE TABLE contributors (
    record  BLOB NOT NULL REFERENCES records (id),
    officer BLOB NOT NULL,
    PRIMARY KEY (record, officer)
) STRICT, WITHOUT ROWID;

CREATE TABLE reviews (
    record  BLOB    NOT NULL REFERENCES records (id),
    log     BLOB    NOT NULL,
    seq     INTEGER NOT NULL,
    officer BLOB    NOT NULL,
    verdict INTEGER NOT NULL,
    heads   BLOB    NOT NULL,
    seen    BLOB    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (record, log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_photos (
    record BLOB NOT NULL REFERENCES records (id),
    photo  BLOB NOT NULL,
    blob   BLOB NOT NULL CHECK (length(blob) = 32),
    PRIMARY KEY (record, photo, blob)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_photos_by_blob ON record_photos (blob);

CREATE TABLE blobs (
    hash      BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    bytes     INTEGER NOT NULL,
    stored_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
    device     BLOB    NOT NULL REFERENCES devices (id),
    blob       BLOB    NOT NULL CHECK (length(blob) = 32),
    record     BLOB    NOT NULL,
    bytes      INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    PRIMARY KEY (device, blob)
) STRICT, WITHOUT ROWID;

-- What makes a record visible, and since which position.
CREATE TABLE scope_records (
    scope   TEXT    NOT NULL,
    entered INTEGER NOT NULL,
    record  BLOB    NOT NULL,
    PRIMARY KEY (scope, entered)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX scopes_of_record ON scope_records (record, scope);

-- The records stream. event: 0 accepted, 1 enters, 2 leaves, 3 stored.
CREATE TABLE feed (
    scope    TEXT    NOT NULL,
    position INTEGER NOT NULL,
    record   BLOB    NOT NULL,
    event    INTEGER NOT NULL,
    log      BLOB,
    seq      INTEGER,
    blob     BLOB,
    PRIMARY KEY (scope, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    log        BLOB    NOT NULL REFERENCES logs (id),
    scope      TEXT    NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (log, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail (
    log  BLOB    NOT NULL REFERENCES logs (id),
    seq  INTEGER NOT NULL,
    body BLOB    NOT NULL,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
    name TEXT    NOT NULL PRIMARY KEY,
    seq  INTEGER NOT NULL,
    body BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions of vaults (with a log) and of the control room's page (without).
CREATE TABLE sessions (
    token   BLOB    NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    officer BLOB    NOT NULL,
    device  BLOB,
    log     BLOB,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (expires);

-- Published searches are not records: they have a table of their own.
CREATE TABLE published (
    file    BLOB    NOT NULL CHECK (length(file) = 32),
    line    INTEGER NOT NULL,
    at      INTEGER,
    lat     REAL,
    lon     REAL,
    columns TEXT    NOT NULL,
    PRIMARY KEY (file, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX published_by_time ON published (at);

-- Append-only, each row hashed with the one before it.
CREATE TABLE audit (
    seq     INTEGER NOT NULL PRIMARY KEY,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    officer BLOB,
    device  BLOB,
    record  BLOB,
    detail  TEXT    NOT NULL,
    hash    BLOB    NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
