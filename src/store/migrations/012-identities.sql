-- Who signs in at somebody else's server (OpenID Connect): its issuer and what it calls them for good. Times are milliseconds since 1970, UTC.
CREATE TABLE identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject),
  UNIQUE (user, issuer)
) STRICT, WITHOUT ROWID;
