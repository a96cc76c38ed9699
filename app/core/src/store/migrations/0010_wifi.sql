-- 1 while photos are only sent where bytes cost nothing, because the officer wants it so.
ALTER TABLE vault ADD COLUMN photos_over_wifi INTEGER NOT NULL DEFAULT 0;
