/* Table `user`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/users.h"

#include "store/audit.h"

#include <string.h>

#define MAX_USERS G_STRINGIFY (CV_USERS_MAX)
#define SELECT "SELECT " CV_USER_COLUMNS " FROM user "

typedef struct {
  CvUserRow *row;
  char *actor;
} Insertion;

typedef struct {
  char *id;
  char *name;
  CvAccountRole role;
  int disabled;
  gboolean has_password;
  guint8 salt[CV_USER_SALT_BYTES];
  guint8 hash[CV_USER_HASH_BYTES];
  char *keep;
  char *actor;
  gint64 at;
} Change;

static void
insertion_free (gpointer data)
{
  Insertion *self = data;

  cv_user_row_free (self->row);
  g_free (self->actor);
  g_free (self);
}

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self->keep);
  g_free (self->actor);
  g_free (self);
}

CvUserRow *
cv_user_row_copy (const CvUserRow *self)
{
  CvUserRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->login = g_strdup (self->login);
  copy->name = g_strdup (self->name);
  return copy;
}

void
cv_user_row_free (CvUserRow *self)
{
  g_free (self->id);
  g_free (self->login);
  g_free (self->name);
  g_free (self);
}

gpointer
cv_user_row_read (sqlite3_stmt *statement)
{
  CvUserRow *row = g_new0 (CvUserRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->login = cv_store_read_text (statement, 1);
  row->name = cv_store_read_text (statement, 2);
  row->role = cv_account_role_from_name ((const char *) sqlite3_column_text (statement, 3));
  /* One that somebody damaged is none. */
  row->has_password = sqlite3_column_bytes (statement, 4) == CV_USER_SALT_BYTES &&
                      sqlite3_column_bytes (statement, 5) == CV_USER_HASH_BYTES;
  if (row->has_password) {
    memcpy (row->password_salt, sqlite3_column_blob (statement, 4), CV_USER_SALT_BYTES);
    memcpy (row->password_hash, sqlite3_column_blob (statement, 5), CV_USER_HASH_BYTES);
  }
  row->created = sqlite3_column_int64 (statement, 6);
  row->seen = sqlite3_column_int64 (statement, 7);
  row->disabled = sqlite3_column_int64 (statement, 8);
  return row;
}

static gboolean
write_audit (sqlite3 *db, gint64 at, const char *actor, const char *action, const char *id, const char *detail,
             GError **error)
{
  const CvAuditRow entry = {
    .at = at, .actor = (char *) actor, .action = (char *) action, .object = (char *) id, .detail = (char *) detail
  };

  return cv_audit_add (db, &entry, error);
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Insertion *insertion = data;
  const CvUserRow *row = insertion->row;
  const char *role = cv_account_role_get_name (row->role);

  if (!cv_store_exec (db, error,
                      "INSERT INTO user (id, login, name, role, created) SELECT ?, ?, ?, ?, ? "
                      "WHERE (SELECT count (*) FROM user) < " MAX_USERS,
                      "ssssi", row->id, row->login, row->name, role, row->created))
    return NULL;
  if (sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "there are too many users");
  else
    write_audit (db, row->created, insertion->actor, "user.create", row->id, role, error);
  return NULL;
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, SELECT "WHERE id = ?", "s", data);

  return cv_store_read_one (statement, cv_user_row_read, error);
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, SELECT "WHERE login = ?", "s", data);

  return cv_store_read_one (statement, cv_user_row_read, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, SELECT "ORDER BY login, id", "");

  return cv_store_read_all (statement, cv_user_row_read, (GDestroyNotify) cv_user_row_free, error);
}

/* ---- changes ---- */

static gboolean
set_name (sqlite3 *db, const Change *change, GError **error)
{
  return change->name == NULL ||
         cv_store_exec (db, error, "UPDATE user SET name = ? WHERE id = ?", "ss", change->name, change->id);
}

static gboolean
set_role (sqlite3 *db, const Change *change, GError **error)
{
  const char *role = cv_account_role_get_name (change->role);

  return role == NULL || (cv_store_exec (db, error, "UPDATE user SET role = ? WHERE id = ?", "ss", role, change->id) &&
                          write_audit (db, change->at, change->actor, "user.role", change->id, role, error));
}

static gboolean
end_sign_ins (sqlite3 *db, const Change *change, const char *keep, GError **error)
{
  return cv_store_exec (db, error, "DELETE FROM sign_in WHERE user = ? AND id IS NOT ?", "ss", change->id, keep) &&
         cv_store_exec (db, error, "DELETE FROM sign_in_code WHERE user = ?", "s", change->id);
}

static gboolean
set_disabled (sqlite3 *db, const Change *change, GError **error)
{
  const char *action = change->disabled == TRUE ? "user.disable" : "user.enable";

  if (change->disabled == CV_USER_SAME)
    return TRUE;
  if (!cv_store_exec (db, error, "UPDATE user SET disabled = nullif (?, 0) WHERE id = ?", "is",
                      change->disabled == TRUE ? change->at : 0, change->id) ||
      !write_audit (db, change->at, change->actor, action, change->id, "", error))
    return FALSE;
  return change->disabled == FALSE || end_sign_ins (db, change, NULL, error);
}

static gboolean
set_password (sqlite3 *db, const Change *change, GError **error)
{
  return !change->has_password ||
         (cv_store_exec (db, error, "UPDATE user SET password_salt = ?, password_hash = ? WHERE id = ?", "bbs",
                         change->salt, CV_USER_SALT_BYTES, change->hash, CV_USER_HASH_BYTES, change->id) &&
          write_audit (db, change->at, change->actor, "user.password", change->id, "", error) &&
          end_sign_ins (db, change, change->keep, error));
}

static gpointer
change_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;
  g_autoptr (CvUserRow) before = load_on_worker (db, change->id, error);

  if (before == NULL || !set_name (db, change, error) || !set_role (db, change, error) ||
      !set_disabled (db, change, error) || !set_password (db, change, error))
    return NULL;
  return load_on_worker (db, change->id, error);
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  if (!cv_store_exec (db, error, "DELETE FROM user WHERE id = ?", "s", change->id))
    return NULL;
  if (sqlite3_changes (db) == 0) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such user");
    return NULL;
  }
  if (cv_store_exec (db, error, "UPDATE room SET owner = NULL WHERE owner = ?", "s", change->id) &&
      cv_store_exec (db, error, "UPDATE event SET owner = NULL WHERE owner = ?", "s", change->id))
    write_audit (db, change->at, change->actor, "user.delete", change->id, "", error);
  return NULL;
}

/* ---- the main context ---- */

void
cv_users_insert_async (CvStore *store, const CvUserRow *row, const char *actor, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Insertion *insertion;

  g_return_if_fail (row != NULL && row->id != NULL && row->login != NULL && row->name != NULL && actor != NULL);
  g_return_if_fail (row->role != CV_ACCOUNT_NOBODY);

  insertion = g_new (Insertion, 1);
  *insertion = (Insertion){ .row = cv_user_row_copy (row), .actor = g_strdup (actor) };
  cv_store_run_async (store, insert_on_worker, insertion, insertion_free, NULL, NULL, callback, user_data);
}

gboolean
cv_users_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_users_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, load_on_worker, g_strdup (id), g_free, (GDestroyNotify) cv_user_row_free, NULL, callback,
                      user_data);
}

void
cv_users_find_async (CvStore *store, const char *login, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (login != NULL);

  cv_store_run_async (store, find_on_worker, g_strdup (login), g_free, (GDestroyNotify) cv_user_row_free, NULL,
                      callback, user_data);
}

void
cv_users_change_async (CvStore *store, const CvUserChange *change, GAsyncReadyCallback callback, gpointer user_data)
{
  Change *copy;

  g_return_if_fail (change != NULL && change->id != NULL && change->actor != NULL);
  g_return_if_fail ((change->password_salt == NULL) == (change->password_hash == NULL));

  copy = g_new0 (Change, 1);
  copy->id = g_strdup (change->id);
  copy->name = g_strdup (change->name);
  copy->role = change->role;
  copy->disabled = change->disabled;
  copy->has_password = change->password_salt != NULL;
  if (copy->has_password) {
    memcpy (copy->salt, change->password_salt, sizeof copy->salt);
    memcpy (copy->hash, change->password_hash, sizeof copy->hash);
  }
  copy->keep = g_strdup (change->keep);
  copy->actor = g_strdup (change->actor);
  copy->at = change->at;
  cv_store_run_async (store, change_on_worker, copy, change_free, (GDestroyNotify) cv_user_row_free, NULL, callback,
                      user_data);
}

CvUserRow *
cv_users_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_users_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_on_worker, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_users_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_users_delete_async (CvStore *store, const char *id, const char *actor, gint64 at, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Change *change;

  g_return_if_fail (id != NULL && actor != NULL);

  change = g_new0 (Change, 1);
  change->id = g_strdup (id);
  change->actor = g_strdup (actor);
  change->at = at;
  cv_store_run_async (store, delete_on_worker, change, change_free, NULL, NULL, callback, user_data);
}

gboolean
cv_users_delete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
