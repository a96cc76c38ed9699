-- How many records there are, own and others'. Counting them would read every page of the list.
CREATE TABLE tally (
    own INTEGER PRIMARY KEY,
    records INTEGER NOT NULL
) STRICT;
INSERT INTO tally (own, records)
    SELECT column1, (SELECT count(*) FROM record WHERE own = column1) FROM (VALUES (0), (1));
CREATE TRIGGER record_came AFTER INSERT ON record BEGIN
    UPDATE tally SET records = records + 1 WHERE own = new.own;
END;
CREATE TRIGGER record_went AFTER DELETE ON record BEGIN
    UPDATE tally SET records = records - 1 WHERE own = old.own;
END;
CREATE TRIGGER record_changed_hands AFTER UPDATE OF own ON record WHEN new.own <> old.own BEGIN
    UPDATE tally SET records = records - 1 WHERE own = old.own;
    UPDATE tally SET records = records + 1 WHERE own = new.own;
END;
