-- Rooms (a link, a policy) and their meetings. Times are milliseconds since 1970, UTC.
CREATE TABLE room (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  created INTEGER NOT NULL,
  -- SHA-256 of the keys that links are made of; the server knows no more of a link than this
  join_verifier BLOB NOT NULL CHECK (length (join_verifier) = 32),
  host_verifier BLOB NOT NULL CHECK (length (host_verifier) = 32)
) STRICT;

CREATE INDEX room_by_created ON room (created);

CREATE TABLE meeting (
  id TEXT NOT NULL PRIMARY KEY,
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  started INTEGER NOT NULL,
  ended INTEGER,
  reason TEXT,
  CHECK ((ended IS NULL) = (reason IS NULL))
) STRICT;

CREATE INDEX meeting_by_room ON meeting (room, started);
CREATE INDEX meeting_open ON meeting (id) WHERE ended IS NULL;
