/* Table `sign_in`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/sign-ins.h"

#include <string.h>

#define SELECT                                                                                                         \
  "SELECT sign_in.id, hash, user, sign_in.created, sign_in.seen, sign_in.expires, agent, user.role, user.login, "      \
  "user.name FROM sign_in JOIN user ON user.id = sign_in.user WHERE user.disabled IS NULL "
#define MAX_SIGN_INS G_STRINGIFY (CV_SIGN_INS_MAX)

CvSignInRow *
cv_sign_in_row_copy (const CvSignInRow *self)
{
  CvSignInRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->user = g_strdup (self->user);
  copy->agent = g_strdup (self->agent);
  copy->login = g_strdup (self->login);
  copy->name = g_strdup (self->name);
  return copy;
}

void
cv_sign_in_row_free (CvSignInRow *self)
{
  g_free (self->id);
  g_free (self->user);
  g_free (self->agent);
  g_free (self->login);
  g_free (self->name);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvSignInRow *row = g_new0 (CvSignInRow, 1);

  row->id = cv_store_read_text (statement, 0);
  /* the table's CHECK keeps its length */
  memcpy (row->hash, sqlite3_column_blob (statement, 1), CV_SIGN_IN_HASH_BYTES);
  row->user = cv_store_read_text (statement, 2);
  row->created = sqlite3_column_int64 (statement, 3);
  row->seen = sqlite3_column_int64 (statement, 4);
  row->expires = sqlite3_column_int64 (statement, 5);
  row->agent = cv_store_read_text (statement, 6);
  row->role = cv_account_role_from_name ((const char *) sqlite3_column_text (statement, 7));
  row->login = cv_store_read_text (statement, 8);
  row->name = cv_store_read_text (statement, 9);
  return row;
}

/* ---- the worker: `data` is a row of which only what a call is about is set ---- */

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSignInRow *row = data;

  if (!cv_store_exec (db, error, "UPDATE user SET seen = ? WHERE id = ? AND disabled IS NULL", "is", row->created,
                      row->user))
    return NULL;
  if (sqlite3_changes (db) == 0) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such user, or it is disabled");
    return NULL;
  }
  if (cv_store_exec (db, error, "DELETE FROM sign_in WHERE expires <= ?", "i", row->created) &&
      cv_store_exec (db, error,
                     "INSERT INTO sign_in (id, hash, user, created, seen, expires, agent) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?)",
                     "sbsiiis", row->id, row->hash, CV_SIGN_IN_HASH_BYTES, row->user, row->created, row->seen,
                     row->expires, row->agent))
    cv_store_exec (db, error,
                   "DELETE FROM sign_in WHERE user = ? AND id NOT IN (SELECT id FROM sign_in WHERE user = ? "
                   "ORDER BY created DESC, rowid DESC LIMIT " MAX_SIGN_INS ")",
                   "ss", row->user, row->user);
  return NULL;
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSignInRow *row = data;
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, SELECT "AND hash = ? AND sign_in.expires > ?", "bi",
                                                         row->hash, CV_SIGN_IN_HASH_BYTES, row->seen);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSignInRow *row = data;
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error,
                                                         SELECT "AND user = ? AND sign_in.expires > ? "
                                                                "ORDER BY sign_in.created DESC, sign_in.rowid DESC",
                                                         "si", row->user, row->seen);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_sign_in_row_free, error);
}

static gpointer
renew_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSignInRow *row = data;

  if (cv_store_exec (db, error, "UPDATE sign_in SET seen = ?, expires = ? WHERE id = ?", "iis", row->seen, row->expires,
                     row->id))
    cv_store_exec (db, error, "UPDATE user SET seen = ? WHERE id = (SELECT user FROM sign_in WHERE id = ?)", "is",
                   row->seen, row->id);
  return NULL;
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSignInRow *row = data;

  if (cv_store_exec (db, error, "DELETE FROM sign_in WHERE id = ? AND user = ?", "ss", row->id, row->user) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such sign-in");
  return NULL;
}

static gpointer
delete_others_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSignInRow *row = data;

  cv_store_exec (db, error, "DELETE FROM sign_in WHERE user = ? AND id IS NOT ?", "ss", row->user, row->id);
  return NULL;
}

static gpointer
end_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSignInRow *row = data;

  cv_store_exec (db, error, "DELETE FROM sign_in WHERE hash = ?", "b", row->hash, CV_SIGN_IN_HASH_BYTES);
  return NULL;
}

/* ---- the main context ---- */

static void
run (CvStore *store, CvStoreFunc func, const CvSignInRow *row, GDestroyNotify free_result, GAsyncReadyCallback callback,
     gpointer user_data)
{
  cv_store_run_async (store, func, cv_sign_in_row_copy (row), (GDestroyNotify) cv_sign_in_row_free, free_result, NULL,
                      callback, user_data);
}

void
cv_sign_ins_insert_async (CvStore *store, const CvSignInRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->user != NULL && row->agent != NULL);

  run (store, insert_on_worker, row, NULL, callback, user_data);
}

void
cv_sign_ins_find_async (CvStore *store, const guint8 hash[CV_SIGN_IN_HASH_BYTES], gint64 now,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  CvSignInRow row = { .seen = now };

  memcpy (row.hash, hash, sizeof row.hash);
  run (store, find_on_worker, &row, (GDestroyNotify) cv_sign_in_row_free, callback, user_data);
}

CvSignInRow *
cv_sign_ins_find_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_sign_ins_list_async (CvStore *store, const char *user, gint64 now, GAsyncReadyCallback callback, gpointer user_data)
{
  const CvSignInRow row = { .user = (char *) user, .seen = now };

  g_return_if_fail (user != NULL);

  run (store, list_on_worker, &row, (GDestroyNotify) g_ptr_array_unref, callback, user_data);
}

GPtrArray *
cv_sign_ins_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_sign_ins_renew_async (CvStore *store, const char *id, gint64 seen, gint64 expires, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const CvSignInRow row = { .id = (char *) id, .seen = seen, .expires = expires };

  g_return_if_fail (id != NULL);

  run (store, renew_on_worker, &row, NULL, callback, user_data);
}

void
cv_sign_ins_delete_async (CvStore *store, const char *user, const char *id, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  const CvSignInRow row = { .id = (char *) id, .user = (char *) user };

  g_return_if_fail (user != NULL && id != NULL);

  run (store, delete_on_worker, &row, NULL, callback, user_data);
}

void
cv_sign_ins_delete_others_async (CvStore *store, const char *user, const char *keep, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  const CvSignInRow row = { .id = (char *) keep, .user = (char *) user };

  g_return_if_fail (user != NULL);

  run (store, delete_others_on_worker, &row, NULL, callback, user_data);
}

void
cv_sign_ins_end_async (CvStore *store, const guint8 hash[CV_SIGN_IN_HASH_BYTES], GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CvSignInRow row = { 0 };

  memcpy (row.hash, hash, sizeof row.hash);
  run (store, end_on_worker, &row, NULL, callback, user_data);
}

gboolean
cv_sign_ins_change_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
