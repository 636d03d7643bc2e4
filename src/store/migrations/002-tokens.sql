-- Tokens to publish into a room, or to watch it, without a browser (WHIP, WHEP). Times are milliseconds since 1970, UTC.
CREATE TABLE token (
  id TEXT NOT NULL PRIMARY KEY,
  -- SHA-256 of the token; whoever reads the database cannot use it
  hash BLOB NOT NULL UNIQUE CHECK (length (hash) = 32),
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('publish', 'watch')),
  name TEXT NOT NULL,
  created INTEGER NOT NULL,
  -- NULL: it does not expire
  expires INTEGER,
  -- NULL: it is good
  revoked INTEGER
) STRICT;

CREATE INDEX token_by_room ON token (room, created);
