-- Rooms off the record that somebody has planned for: what the server knows of them, so that it still does after it was started anew. In no backup.
CREATE TABLE kept_room (
  id TEXT NOT NULL PRIMARY KEY,
  -- room/receipt.h
  receipt BLOB NOT NULL,
  -- ms since 1970, UTC
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
