-- How often the secret of a room's link was exchanged for another one, each time that somebody was removed
ALTER TABLE room ADD COLUMN generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0);
