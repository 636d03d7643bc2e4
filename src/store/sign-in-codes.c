/* Table `sign_in_code`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/sign-in-codes.h"

#include "store/audit.h"

#include <string.h>

typedef struct {
  guint8 hash[CV_SIGN_IN_CODE_HASH_BYTES];
  char *user;
  gint64 expires;
  char *actor;
  gint64 at;
} Code;

static void
code_free (gpointer data)
{
  Code *self = data;

  g_free (self->user);
  g_free (self->actor);
  g_free (self);
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Code *code = data;
  const CvAuditRow entry = {
    .at = code->at, .actor = code->actor, .action = (char *) "user.code", .object = code->user, .detail = (char *) ""
  };

  if (!cv_store_exec (db, error, "DELETE FROM sign_in_code WHERE user = ? OR expires <= ?", "si", code->user,
                      code->at) ||
      !cv_store_exec (db, error,
                      "INSERT INTO sign_in_code (hash, user, expires) "
                      "SELECT ?, id, ? FROM user WHERE id = ? AND disabled IS NULL",
                      "bis", code->hash, CV_SIGN_IN_CODE_HASH_BYTES, code->expires, code->user))
    return NULL;
  if (sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such user, or it is disabled");
  else
    cv_audit_add (db, &entry, error);
  return NULL;
}

static gpointer
take_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Code *code = data;
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT " CV_USER_COLUMNS " FROM sign_in_code JOIN user ON user.id = sign_in_code.user "
                      "WHERE hash = ? AND expires > ? AND disabled IS NULL",
                      "bi", code->hash, CV_SIGN_IN_CODE_HASH_BYTES, code->at);
  g_autoptr (CvUserRow) user = cv_store_read_one (statement, cv_user_row_read, error);

  if (user == NULL || !cv_store_exec (db, error, "DELETE FROM sign_in_code WHERE hash = ?", "b", code->hash,
                                      CV_SIGN_IN_CODE_HASH_BYTES))
    return NULL;
  return g_steal_pointer (&user);
}

void
cv_sign_in_codes_insert_async (CvStore *store, const guint8 hash[CV_SIGN_IN_CODE_HASH_BYTES], const char *user,
                               gint64 expires, const char *actor, gint64 at, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Code *code;

  g_return_if_fail (user != NULL && actor != NULL);

  code = g_new0 (Code, 1);
  *code = (Code){ .user = g_strdup (user), .expires = expires, .actor = g_strdup (actor), .at = at };
  memcpy (code->hash, hash, sizeof code->hash);
  cv_store_run_async (store, insert_on_worker, code, code_free, NULL, NULL, callback, user_data);
}

gboolean
cv_sign_in_codes_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_sign_in_codes_take_async (CvStore *store, const guint8 hash[CV_SIGN_IN_CODE_HASH_BYTES], gint64 now,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  Code *code = g_new0 (Code, 1);

  code->at = now;
  memcpy (code->hash, hash, sizeof code->hash);
  cv_store_run_async (store, take_on_worker, code, code_free, (GDestroyNotify) cv_user_row_free, NULL, callback,
                      user_data);
}

CvUserRow *
cv_sign_in_codes_take_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
