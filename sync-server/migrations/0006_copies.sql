-- What copies of vaults need.
--
-- What was said again to a vault, with nothing said in between: where in its mailbox each time
-- began (8 bytes each, big end first), and the number after the last of it. What begins at such
-- a place says what all mail before that place had said.
ALTER TABLE logs ADD COLUMN said       BLOB    NOT NULL DEFAULT x'';
ALTER TABLE logs ADD COLUMN said_until INTEGER NOT NULL DEFAULT 0;

-- 1 where a revoked device sent it: the payload is then salt and payload, sealed.
ALTER TABLE fork_entries ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
