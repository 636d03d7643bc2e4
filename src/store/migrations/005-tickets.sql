-- Times are milliseconds since 1970, UTC.
-- Tickets that somebody came with: each is good once.
CREATE TABLE used_ticket (
  -- SHA-256 of its room and its jti
  hash BLOB NOT NULL PRIMARY KEY CHECK (length (hash) = 32),
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_ticket_by_age ON used_ticket (expires);

CREATE INDEX delivery_by_age ON delivery (created);
-- Whose order is kept among its calls; NULL: no one's
ALTER TABLE delivery ADD COLUMN room TEXT;
CREATE INDEX delivery_by_room ON delivery (room) WHERE next_at IS NOT NULL;
