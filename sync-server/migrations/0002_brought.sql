-- Which device brought which photo. A photo is named by its hash, and whoever writes that hash
-- into a record of their own has not shown that they have the photo: it is here, for a record,
-- once a device of somebody who wrote in that record has brought the bytes.
CREATE TABLE brought (
    blob   BLOB NOT NULL CHECK (length(blob) = 32),
    device BLOB NOT NULL REFERENCES devices (id),
    PRIMARY KEY (blob, device)
) STRICT, WITHOUT ROWID;

-- What was stored before this was noted was brought by those whose records named it.
INSERT OR IGNORE INTO brought (blob, device)
    SELECT p.blob, l.device FROM record_photos p
        JOIN blobs b ON b.hash = p.blob
        JOIN contributors c ON c.record = p.record
        JOIN logs l ON l.officer = c.officer;

-- The photos of each record that are here for it.
CREATE VIEW photos_here (record, photo, blob) AS
    SELECT p.record, p.photo, p.blob FROM record_photos p
        WHERE EXISTS (
            SELECT 1 FROM brought b
                JOIN logs l ON l.device = b.device
                JOIN contributors c ON c.officer = l.officer AND c.record = p.record
            WHERE b.blob = p.blob
        );
