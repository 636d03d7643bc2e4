-- Recordings: what was recorded, who agreed, what was made of it, who may fetch it. Times are milliseconds since 1970, UTC.
ALTER TABLE room ADD COLUMN recording INTEGER NOT NULL DEFAULT 0 CHECK (recording IN (0, 1));
ALTER TABLE room ADD COLUMN consent TEXT NOT NULL DEFAULT 'announce' CHECK (consent IN ('announce', 'require'));
-- NULL: as the configuration says; 0: for ever
ALTER TABLE room ADD COLUMN keep_days INTEGER;
-- who publishes with it has agreed to be recorded
ALTER TABLE token ADD COLUMN consents INTEGER NOT NULL DEFAULT 0 CHECK (consents IN (0, 1));

-- No row of a room or meeting goes while there are recordings of it: their files must be deleted first.
CREATE TABLE recording (
  id TEXT NOT NULL PRIMARY KEY,
  room TEXT NOT NULL REFERENCES room (id),
  meeting TEXT NOT NULL REFERENCES meeting (id),
  title TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  status TEXT NOT NULL CHECK (status IN ('recording', 'processing', 'ready', 'failed', 'deleting')),
  -- stable id, '' where there is none
  error TEXT NOT NULL DEFAULT '',
  -- ms of the composed timeline, without pauses
  duration INTEGER NOT NULL DEFAULT 0,
  -- of all files
  bytes INTEGER NOT NULL DEFAULT 0,
  -- people that were recorded
  people INTEGER NOT NULL DEFAULT 0,
  -- when it is deleted; NULL: never
  expires INTEGER
) STRICT;
CREATE INDEX recording_by_started ON recording (started, id);
CREATE INDEX recording_by_room ON recording (room, started);
CREATE INDEX recording_by_expiry ON recording (expires) WHERE expires IS NOT NULL;

-- Each answer of each person, in order; the last one counts.
CREATE TABLE consent (
  n INTEGER PRIMARY KEY,
  recording TEXT NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  answer TEXT NOT NULL CHECK (answer IN ('announced', 'agreed', 'refused', 'withdrawn')),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_by_recording ON consent (recording, n);

CREATE TABLE recording_file (
  recording TEXT NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  -- of a track: who, and what of them; '' elsewhere
  person TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  -- ms: where it begins on the composed timeline, and how long it is
  begins INTEGER NOT NULL DEFAULT 0,
  duration INTEGER NOT NULL DEFAULT 0,
  render TEXT,
  PRIMARY KEY (recording, name)
) STRICT;

CREATE TABLE render (
  id TEXT NOT NULL PRIMARY KEY,
  recording TEXT NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  -- JSON: layout, size, range, who is left out, products, suffix
  parameters TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
  stage TEXT NOT NULL DEFAULT '',
  done REAL NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX render_by_recording ON render (recording, created);
CREATE INDEX render_open ON render (created) WHERE status IN ('queued', 'running');

-- Keys for programs and producers; `hash` is SHA-256 of the key.
CREATE TABLE api_key (
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE CHECK (length (hash) = 32),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('producer')),
  created INTEGER NOT NULL,
  expires INTEGER,
  revoked INTEGER
) STRICT;

CREATE TABLE share (
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length (hash) = 32),
  recording TEXT NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  expires INTEGER,
  downloads INTEGER NOT NULL CHECK (downloads IN (0, 1)),
  -- scrypt; NULL: none is asked for
  password_salt BLOB,
  password_hash BLOB
) STRICT;
CREATE INDEX share_by_recording ON share (recording, created);

-- What was done, by whom; outlives what it was done to.
CREATE TABLE audit (
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT ''
) STRICT;

-- Webhook calls that are still to be made, or were given up.
CREATE TABLE delivery (
  id TEXT NOT NULL PRIMARY KEY,
  created INTEGER NOT NULL,
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX delivery_due ON delivery (next_at) WHERE next_at IS NOT NULL;
