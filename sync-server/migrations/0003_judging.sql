-- Shares, moves, log numbers, notices, release and uphold; digests; turns and limits of judging.
--
-- The states of an entry are now: 0 received, 1 accepted, 2 parked, 3 quarantined, 4 rejected,
-- 5 upheld, 6 superseded. waits_on of a quarantined entry is what it is held with.

-- 1 once a person let it in whatever the policy says.
ALTER TABLE entries ADD COLUMN released INTEGER NOT NULL DEFAULT 0;

-- What was quarantined before there were tasks is judged again, and makes its tasks.
UPDATE entries SET state = 0 WHERE state = 3 AND code != 'device_revoked';

-- Judging goes from log to log, and keeps the order of each log and of each record.
DROP INDEX entries_pending;
CREATE INDEX entries_pending ON entries (log, position) WHERE state = 0;
CREATE INDEX entries_pending_of_record ON entries (record, position)
    WHERE state = 0 AND record IS NOT NULL;
-- What waits for something, parked or held with it.
DROP INDEX entries_parked;
CREATE INDEX entries_waiting ON entries (waits_on) WHERE waits_on IS NOT NULL;
CREATE INDEX entries_parked ON entries (code, position) WHERE state = 2;

CREATE INDEX entries_upheld ON entries (position) WHERE state = 5;
CREATE INDEX entries_superseded ON entries (position) WHERE state = 6;

-- 1 for a log that the server holds for somebody who acts in the browser.
ALTER TABLE logs ADD COLUMN held_here INTEGER NOT NULL DEFAULT 0;
-- The version of the authority that its grants follow from, and until when they do.
ALTER TABLE logs ADD COLUMN granted_policy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE logs ADD COLUMN granted_until INTEGER NOT NULL DEFAULT 0;

-- The accepted statements of a record, one after the other (log, then sequence in 8 bytes), and
-- the number that the control room gave it last.
ALTER TABLE records ADD COLUMN statements BLOB NOT NULL DEFAULT x'';
ALTER TABLE records ADD COLUMN log_number TEXT;

-- The digest of each scope: the sum of the leaves of its records.
CREATE TABLE scope_sums (
    scope TEXT NOT NULL PRIMARY KEY,
    sum   BLOB NOT NULL CHECK (length(sum) = 16)
) STRICT, WITHOUT ROWID;

-- The held entries that the supervisors of a team have to look at, as they were told.
CREATE TABLE tasks (
    log     BLOB    NOT NULL,
    seq     INTEGER NOT NULL,
    team    BLOB    NOT NULL,
    officer BLOB    NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_by_team ON tasks (team);
CREATE INDEX grants_by_scope ON grants (scope);

-- The control room's notices; the reference stream has those that are not over.
CREATE TABLE notices (
    log     BLOB    NOT NULL,
    seq     INTEGER NOT NULL,
    officer BLOB    NOT NULL,
    text    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;
