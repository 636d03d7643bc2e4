/* Table `audit`: what was done, by whom; outlives what it was done to. All calls are answered in the main context.
 *
 * An entry has no name, no address, no id and no text that anybody wrote: who did it and what it was done to stand there by
 * pseudonyms, which table `pseudonym` has as long as somebody may be known; action and detail are words of a list. Entries
 * are chained: audit-chain.h.
 */
#pragma once

#include "base/clock.h"
#include "store/store.h"

G_BEGIN_DECLS

typedef struct {
  gint64 at;    /* ms since 1970 */
  char *actor;  /* "admin", "retention", "room", "server", "anybody", or an id (of a user, a key, a person) */
  char *action; /* "recording.delete", … */
  char *object; /* an id; "": none */
  char *detail; /* a word; "": none */
} CvAuditRow;

void cv_audit_row_free (CvAuditRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvAuditRow, cv_audit_row_free)

void cv_audit_add_async (CvStore *store, const CvAuditRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_audit_add_finish (CvStore *store, GAsyncResult *result, GError **error);
/* The same, for now, not waited for: where it fails the log says so. `actor` NULL: anybody; `object`, `detail`: or NULL. */
void cv_audit_note (CvStore *store, CvClock *clock, const char *actor, const char *action, const char *object,
                    const char *detail);

/* The same as part of the next job of the store: both are on the disk, or none. */
void cv_audit_note_with_next (CvStore *store, CvClock *clock, const char *actor, const char *action, const char *object,
                              const char *detail);

/* For a CvStoreFunc: in the transaction of what it is about. FALSE with an error, INVALID where a word is not in the list. */
gboolean cv_audit_add (sqlite3 *db, const CvAuditRow *row, GError **error);

G_END_DECLS
