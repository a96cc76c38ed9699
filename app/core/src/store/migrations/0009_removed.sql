-- Records whose copies were removed since somebody last saw that said: how many, by why. `why` is
-- the kind of scope that ended, or `erased`.
CREATE TABLE removed (
    why TEXT PRIMARY KEY,
    records INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
