-- What the server is not known to have: few, and counted whenever Sending is looked at.
CREATE INDEX entry_unknown ON entry (id) WHERE own <> 1 AND verdict = 1 AND position IS NULL;
