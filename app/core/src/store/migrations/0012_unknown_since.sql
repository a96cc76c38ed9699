-- Since when the server is not known to have what others wrote: what nobody offers again for long is
-- put aside.
ALTER TABLE entry ADD COLUMN unknown_since INTEGER;
