-- Hosts: whose a room is, who may sign in, what is planned. Times are milliseconds since 1970, UTC.
-- id of a user or of a key; NULL: of nobody, an administrator's
ALTER TABLE room ADD COLUMN owner TEXT;
-- whether its meetings begin with a lobby
ALTER TABLE room ADD COLUMN lobby INTEGER NOT NULL DEFAULT 0 CHECK (lobby IN (0, 1));
-- what its link is made of, where the server may know it: never for rooms whose media go from browser to browser
ALTER TABLE room ADD COLUMN secret BLOB CHECK (length (secret) = 32);
-- the key of its hosts' orders, as JSON; opaque to the server
ALTER TABLE room ADD COLUMN orders TEXT;
CREATE INDEX room_by_owner ON room (owner, created);

CREATE TABLE user (
  id TEXT NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'host', 'producer')),
  -- scrypt; NULL: none is set yet
  password_salt BLOB,
  password_hash BLOB,
  created INTEGER NOT NULL,
  seen INTEGER,
  disabled INTEGER
) STRICT;

-- Cookies of users; `hash` is SHA-256 of what the browser keeps.
CREATE TABLE sign_in (
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE CHECK (length (hash) = 32),
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  -- the browser's name, shortened
  agent TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX sign_in_by_user ON sign_in (user, created);

-- Links that sign somebody in once.
CREATE TABLE sign_in_code (
  hash BLOB NOT NULL PRIMARY KEY CHECK (length (hash) = 32),
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  expires INTEGER NOT NULL
) STRICT;

-- What is planned in a room.
CREATE TABLE event (
  id TEXT NOT NULL PRIMARY KEY,
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  owner TEXT,
  title TEXT NOT NULL,
  -- wall time YYYY-MM-DDTHH:MM in `zone`, of the first one
  start TEXT NOT NULL,
  zone TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  -- JSON; NULL: once
  repeat TEXT,
  -- JSON: days on which it is not
  cancelled TEXT NOT NULL DEFAULT '[]',
  -- counts changes, for calendars
  sequence INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT;
CREATE INDEX event_by_room ON event (room, created);
CREATE INDEX event_by_owner ON event (owner, created);

-- Secret addresses of calendars.
CREATE TABLE feed (
  hash BLOB NOT NULL PRIMARY KEY CHECK (length (hash) = 32),
  user TEXT NOT NULL UNIQUE REFERENCES user (id) ON DELETE CASCADE,
  created INTEGER NOT NULL
) STRICT;

-- Answers to requests that may come twice.
CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  -- SHA-256 of method, path and body
  request BLOB NOT NULL CHECK (length (request) = 32),
  created INTEGER NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created);

-- Keys of all roles.
CREATE TABLE api_key_of_roles (
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE CHECK (length (hash) = 32),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'host', 'producer')),
  created INTEGER NOT NULL,
  expires INTEGER,
  revoked INTEGER
) STRICT;
INSERT INTO api_key_of_roles SELECT id, hash, name, role, created, expires, revoked FROM api_key ORDER BY rowid;
DROP TABLE api_key;
ALTER TABLE api_key_of_roles RENAME TO api_key;
