-- Callers by phone. Times are milliseconds since 1970, UTC.
ALTER TABLE room ADD COLUMN dial_in INTEGER NOT NULL DEFAULT 0 CHECK (dial_in IN (0, 1));

-- What callers type; each is good for one room, for ever.
CREATE TABLE pin (
  pin TEXT NOT NULL PRIMARY KEY CHECK (length (pin) BETWEEN 9 AND 12),
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('person', 'host')),
  UNIQUE (room, role)
) STRICT, WITHOUT ROWID;

-- Who called: no media, and of the number only what people in the meeting saw of it.
CREATE TABLE call (
  id TEXT NOT NULL PRIMARY KEY,
  room TEXT,
  meeting TEXT,
  person TEXT,
  caller TEXT NOT NULL,
  trunk TEXT NOT NULL,
  codec TEXT NOT NULL DEFAULT '',
  -- 'none', 'sdes', 'dtls'
  security TEXT NOT NULL DEFAULT 'none',
  started INTEGER NOT NULL,
  answered INTEGER,
  ended INTEGER,
  reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX call_by_started ON call (started, id);
CREATE INDEX call_by_room ON call (room, started);
