/* Table `audit`: what was done, by whom; outlives what it was done to. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef struct {
  gint64 at;    /* ms since 1970 */
  char *actor;  /* "admin", "retention", "room", or an id (of a user, a key) */
  char *action; /* "recording.delete", … */
  char *object; /* an id */
  char *detail; /* "": none */
} CvAuditRow;

void cv_audit_row_free (CvAuditRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvAuditRow, cv_audit_row_free)

void cv_audit_add_async (CvStore *store, const CvAuditRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_audit_add_finish (CvStore *store, GAsyncResult *result, GError **error);

/* For a CvStoreFunc: in the transaction of what it is about. FALSE with an error. */
gboolean cv_audit_add (sqlite3 *db, const CvAuditRow *row, GError **error);

/* Newest first, at most `limit`. Returns: (transfer full) of CvAuditRow. */
void cv_audit_list_async (CvStore *store, guint limit, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_audit_list_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
