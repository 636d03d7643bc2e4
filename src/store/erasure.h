/* Erasing a person: an account ("u…"), or a participant of one meeting ("p…"). docs/privacy.md says what becomes of what.
 *
 * Owns nothing but plans. For whoever has a connection that nobody else writes to. Files are the caller's, who is told which.
 */
#pragma once

#include "store/scrub.h"
#include "store/store.h"

G_BEGIN_DECLS

/* Somebody in one meeting. */
typedef struct {
  char *meeting;
  CvScrub *scrub;   /* their id there, and names */
  GHashTable *said; /* of gint64: when they said something, ms since 1970 */
  gint64 joined;    /* the same; 0: not known */
} CvErasureSeat;

typedef struct {
  char *id;
  gboolean account;      /* there is a row of a user */
  GPtrArray *seats;      /* of CvErasureSeat */
  GPtrArray *documents;  /* of char *: MEETING/DOCUMENT, whose files go */
  GPtrArray *recordings; /* of char *: ids, of those meetings */
} CvErasure;

void cv_erasure_free (CvErasure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvErasure, cv_erasure_free)

/* What there is of somebody. Returns: (transfer full), without anything where there is nothing. */
CvErasure *cv_erasure_plan (sqlite3 *db, const char *id, GError **error);
gboolean cv_erasure_is_empty (const CvErasure *self);

/* Does it to the database. In a transaction of the caller's. */
gboolean cv_erasure_run (sqlite3 *db, const CvErasure *self, GError **error);

/* The database at `path`, made one of this build, to be written to by nobody else; for cv_erasure_close(). Returns: (transfer full). */
sqlite3 *cv_erasure_open (const char *path, GError **error);
/* Writes all of it anew, so that nothing is left of what was in it. `alone`: it is to stand alone, as a backup does. */
gboolean cv_erasure_close (sqlite3 *db, gboolean alone, GError **error);

G_END_DECLS
