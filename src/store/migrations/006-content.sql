-- What people share in a meeting, who was there, and what the server makes of it afterwards. Times are milliseconds since 1970, UTC.
-- who gets the summary of a meeting: nobody (none is made), hosts, or everybody who was there
ALTER TABLE room ADD COLUMN summary TEXT NOT NULL DEFAULT 'people' CHECK (summary IN ('off', 'hosts', 'people'));
-- whether it says who was there
ALTER TABLE room ADD COLUMN attendance INTEGER NOT NULL DEFAULT 1 CHECK (attendance IN (0, 1));
-- content and summaries; NULL: as the configuration says; 0: for ever
ALTER TABLE room ADD COLUMN keep_content_days INTEGER;

-- the room's, when it began
ALTER TABLE meeting ADD COLUMN title TEXT NOT NULL DEFAULT '';
-- what links to its summary are made of; NULL: there is none
ALTER TABLE meeting ADD COLUMN secret BLOB CHECK (length (secret) = 32);
-- when content and summary are deleted; NULL: never
ALTER TABLE meeting ADD COLUMN expires INTEGER;
CREATE INDEX meeting_by_expiry ON meeting (expires) WHERE expires IS NOT NULL;

CREATE TABLE attendance (
  meeting TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'person', 'cohost', 'host')),
  -- with what they came
  device TEXT NOT NULL CHECK (device IN ('browser', 'stream', 'phone')),
  -- id of their account, or of whom a ticket names; '' for a guest
  account TEXT NOT NULL DEFAULT '',
  joined INTEGER NOT NULL,
  -- who is there: when they were seen last
  "left" INTEGER,
  PRIMARY KEY (meeting, person)
) STRICT, WITHOUT ROWID;

-- The shared model: one row an object, its fields with their clocks as JSON.
CREATE TABLE content (
  meeting TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (meeting, id)
) STRICT, WITHOUT ROWID;

-- Files that people share. No row of a meeting goes while there are some: they must be deleted first.
CREATE TABLE document (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  person TEXT NOT NULL,
  -- of the person
  by_name TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  -- hex; '' until it is whole
  sha256 TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('uploading', 'scanning', 'ready', 'refused', 'deleting')),
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX document_by_meeting ON document (meeting, created);
CREATE INDEX document_unfinished ON document (created) WHERE status IN ('uploading', 'scanning', 'deleting');

-- Each issue of a meeting's summary; the last one counts.
CREATE TABLE summary (
  meeting TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
  issue INTEGER NOT NULL,
  made INTEGER NOT NULL,
  -- id of an account or a person; 'server' for the first one
  actor TEXT NOT NULL,
  -- JSON; pages and documents are made of it when they are asked for
  body TEXT NOT NULL,
  PRIMARY KEY (meeting, issue)
) STRICT, WITHOUT ROWID;

-- E-mails that are still to be sent, or were given up.
CREATE TABLE mail (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
  recipient TEXT NOT NULL,
  created INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- NULL: given up
  next_at INTEGER,
  error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX mail_due ON mail (next_at) WHERE next_at IS NOT NULL;
