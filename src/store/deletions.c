/* Deleting recordings: tables `recording` and `audit`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/deletions.h"

#include "store/audit.h"

typedef struct {
  char *recording;
  char *actor;
  gint64 at; /* ms since 1970 */
} Mark;

static void
mark_free (gpointer data)
{
  Mark *self = data;

  g_free (self->recording);
  g_free (self->actor);
  g_free (self);
}

static gpointer
read_text (sqlite3_stmt *statement)
{
  return cv_store_read_text (statement, 0);
}

static gpointer
mark_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Mark *mark = data;
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT status FROM recording WHERE id = ? AND status != 'deleting'", "s", mark->recording);
  g_autofree char *detail = cv_store_read_one (statement, read_text, error);
  CvAuditRow entry = { .at = mark->at,
                       .actor = mark->actor,
                       .action = (char *) "recording.delete",
                       .object = mark->recording,
                       .detail = detail };

  if (detail == NULL)
    return NULL;
  if (g_str_equal (detail, "recording")) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "it is still being recorded");
    return NULL;
  }
  if (cv_store_exec (db, error, "UPDATE recording SET status = 'deleting' WHERE id = ?", "s", mark->recording))
    cv_audit_add (db, &entry, error);
  return NULL;
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT id FROM recording WHERE status = 'deleting' ORDER BY started, id", "");

  return cv_store_read_all (statement, read_text, g_free, error);
}

static gpointer
list_expired_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const gint64 *now = data;
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT id FROM recording WHERE expires IS NOT NULL AND expires <= ? "
                      "AND status IN ('ready', 'failed') ORDER BY expires, id",
                      "i", *now);

  return cv_store_read_all (statement, read_text, g_free, error);
}

static gpointer
complete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  if (cv_store_exec (db, error, "DELETE FROM recording WHERE id = ? AND status = 'deleting'", "s", data) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such recording is being deleted");
  return NULL;
}

void
cv_deletions_mark_async (CvStore *store, const char *recording, const char *actor, gint64 at,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  Mark *mark;

  g_return_if_fail (recording != NULL && actor != NULL);

  mark = g_new (Mark, 1);
  *mark = (Mark){ .recording = g_strdup (recording), .actor = g_strdup (actor), .at = at };
  cv_store_run_async (store, mark_on_worker, mark, mark_free, NULL, NULL, callback, user_data);
}

gboolean
cv_deletions_mark_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_deletions_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_on_worker, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_deletions_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_deletions_list_expired_async (CvStore *store, gint64 now, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_expired_on_worker, g_memdup2 (&now, sizeof now), g_free,
                      (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_deletions_list_expired_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_deletions_complete_async (CvStore *store, const char *recording, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (recording != NULL);

  cv_store_run_async (store, complete_on_worker, g_strdup (recording), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_deletions_complete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
