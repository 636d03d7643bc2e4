-- The audit as a chain: each entry has the hash of the one before it, and nobody's name or id. Times are milliseconds since 1970, UTC.
-- What who and what are called in there. Without its row nobody can say who a name is.
CREATE TABLE pseudonym (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

ALTER TABLE audit RENAME TO audit_plain;
CREATE TABLE audit (
  -- without gaps
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  -- a word, or a pseudonym
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL,
  -- SHA-256, hexadecimal: of the entry before, and of this one with it
  previous TEXT NOT NULL CHECK (length (previous) = 64),
  hash TEXT NOT NULL CHECK (length (hash) = 64)
) STRICT;

-- The last entry once more, so that it is missed where it is gone.
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  n INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- Entries of before: as they were, but for names, ids and free text.
INSERT INTO pseudonym (id, name)
  SELECT id, 'x' || lower (hex (randomblob (8))) FROM (
    SELECT actor AS id FROM audit_plain WHERE actor NOT IN ('admin', 'retention', 'room', 'server')
    UNION SELECT object FROM audit_plain WHERE object != '' AND action != 'database.restore');
WITH RECURSIVE
  entry (n, at, actor, action, object, detail) AS (
    SELECT row_number () OVER (ORDER BY n), at, ifnull ((SELECT name FROM pseudonym WHERE id = actor), actor), action,
      ifnull ((SELECT name FROM pseudonym WHERE id = object), ''),
      CASE WHEN detail IN ('administrator', 'host', 'producer') THEN detail ELSE '' END
    FROM audit_plain),
  chain (n, previous, hash) AS (
    SELECT 0, '', printf ('%064d', 0)
    UNION ALL
    SELECT entry.n, chain.hash, sha256 (printf ('conclave-audit-1%s%s%s%d%s%d%s%s%s%s%s%s%s%s%s', char (10), chain.hash, char (10),
      entry.n, char (10), at, char (10), actor, char (10), action, char (10), object, char (10), detail, char (10)))
    FROM chain JOIN entry ON entry.n = chain.n + 1)
INSERT INTO audit (n, at, actor, action, object, detail, previous, hash)
  SELECT entry.n, at, actor, action, object, detail, previous, hash FROM entry JOIN chain ON chain.n = entry.n;
INSERT INTO audit_head (one, n, hash) SELECT 1, n, hash FROM audit ORDER BY n DESC LIMIT 1;
DROP TABLE audit_plain;
