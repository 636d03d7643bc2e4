/* The column `revoked` of `token` and `api_key`.
 *
 * Owns nothing. revoke_on_worker() runs on the store's thread and touches only the connection and its data, all others in
 * the main context.
 */
#include "store/revocations.h"

static const struct {
  const char *update;
  const char *missing;
} TABLES[] = {
  [CV_REVOCATION_TOKEN] = { "UPDATE token SET revoked = ifnull (revoked, ?) WHERE id = ?", "no such token" },
  [CV_REVOCATION_KEY] = { "UPDATE api_key SET revoked = ifnull (revoked, ?) WHERE id = ?", "no such key" },
};

typedef struct {
  CvRevocation what;
  char *id;
  gint64 at;
} Revocation;

static void
revocation_free (gpointer data)
{
  Revocation *self = data;

  g_free (self->id);
  g_free (self);
}

static gpointer
revoke_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Revocation *self = data;

  if (cv_store_exec (db, error, TABLES[self->what].update, "is", self->at, self->id) && sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, TABLES[self->what].missing);
  return NULL;
}

void
cv_revocations_add_async (CvStore *store, CvRevocation what, const char *id, gint64 at, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Revocation *revocation;

  g_return_if_fail (id != NULL && what < G_N_ELEMENTS (TABLES));

  revocation = g_new (Revocation, 1);
  *revocation = (Revocation){ what, g_strdup (id), at };
  cv_store_run_async (store, revoke_on_worker, revocation, revocation_free, NULL, NULL, callback, user_data);
}

gboolean
cv_revocations_add_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
