-- The newest schema of a change that was let into the record: apps that do not know it are told
-- with each later change what is read of the record.
ALTER TABLE records ADD COLUMN schema INTEGER NOT NULL DEFAULT 1;
