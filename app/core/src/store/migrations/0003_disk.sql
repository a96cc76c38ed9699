-- Boot time since the server was last heard: counted up to a moment of one boot.
ALTER TABLE vault ADD COLUMN lease_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vault ADD COLUMN lease_boot BLOB;
ALTER TABLE vault ADD COLUMN lease_boot_ms INTEGER;

-- A hash over the server that the vault was made for: a vault talks to no other.
ALTER TABLE vault ADD COLUMN server_bond BLOB;

-- Own entries whose payload was destroyed with the copy of the record.
ALTER TABLE entry ADD COLUMN destroyed INTEGER NOT NULL DEFAULT 0;

-- Commits with such entries that may have to be offered again, sealed to the server's key.
CREATE TABLE resealed (
    log BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (log, first)
) STRICT, WITHOUT ROWID;

-- Evictions whose rows are gone and whose last traces may not be: mail from this place on is
-- not receipted. `photo` is a photo whose files have to go.
CREATE TABLE evicting (
    id INTEGER PRIMARY KEY,
    mail INTEGER NOT NULL,
    photo BLOB
) STRICT;

-- Own records to be destroyed once nothing of them is unsent or held.
CREATE TABLE evict_later (
    record BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
