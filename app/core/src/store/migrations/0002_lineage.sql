-- Lineages of our own log, what became of held words, tasks, digests.

-- `forked` is the first place of our log that the server has otherwise or never had, once it is
-- known; `matched` the last place known to be the same there, while that is being found out.
-- `parent_log` and `parent_seq` say where the lineage before this one had got to. `repairs`
-- counts the digests that did not fit.
ALTER TABLE vault ADD COLUMN forked INTEGER;
ALTER TABLE vault ADD COLUMN matched INTEGER;
ALTER TABLE vault ADD COLUMN parent_log BLOB;
ALTER TABLE vault ADD COLUMN parent_seq INTEGER;
ALTER TABLE vault ADD COLUMN repairs INTEGER NOT NULL DEFAULT 0;

-- In `entry`, `own` is 1 for the current log and 2 for an earlier one of this vault. `verdict`
-- also has 5 upheld and 6 superseded. `position` is the place of acceptance in the server's
-- current lineage; none of what that lineage is not known to have. `confirm` says why a
-- statement has to be signed again by its officer; `let_go` that its officer wants no more of
-- held words.
ALTER TABLE entry ADD COLUMN position INTEGER;
ALTER TABLE entry ADD COLUMN confirm TEXT;
ALTER TABLE entry ADD COLUMN let_go INTEGER NOT NULL DEFAULT 0;
UPDATE entry SET position = 0 WHERE verdict = 1;
-- Kinds that an older app kept unread.
UPDATE entry SET opened = 1, refusal = NULL
WHERE opened = 2 AND refusal = 'needs_newer_app' AND kind BETWEEN 7 AND 12;
DROP INDEX entry_unsettled;
CREATE INDEX entry_unsettled ON entry (id) WHERE own >= 1 AND verdict NOT IN (1, 6);
CREATE INDEX entry_confirm ON entry (id) WHERE confirm IS NOT NULL;
CREATE INDEX entry_past ON entry (log, seq) WHERE own = 2;

-- What was signed in earlier logs of this vault.
CREATE TABLE signed_past (
    log BLOB NOT NULL,
    seq INTEGER NOT NULL,
    header BLOB NOT NULL,
    hash BLOB NOT NULL,
    salt BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    signature BLOB,
    PRIMARY KEY (log, seq)
) STRICT;

-- The earlier logs. `tail` is the first place that the server never had of them. From there on
-- their entries are kept under the name `kept_as`, since the server has others of their own name.
-- `evidence` is the next place of the tail to send as evidence, none once all of it was sent.
CREATE TABLE past_log (
    log BLOB PRIMARY KEY,
    tail INTEGER NOT NULL,
    kept_as BLOB NOT NULL,
    evidence INTEGER
) STRICT, WITHOUT ROWID;

-- The receipts, by which a restored server's branch is found in our log.
CREATE TABLE receipt (
    seq INTEGER PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT;

-- Held entries that this supervisor has to look at.
CREATE TABLE task (
    log BLOB NOT NULL,
    seq INTEGER NOT NULL,
    record BLOB,
    officer BLOB NOT NULL,
    kind INTEGER NOT NULL,
    code TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    projection TEXT,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

-- Each record as digests see it, and whether a scope's backfill still has to confirm it there.
CREATE TABLE leaf (
    record BLOB PRIMARY KEY,
    leaf BLOB NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE record_scope ADD COLUMN owed INTEGER NOT NULL DEFAULT 0;
