/* Table `identity`.
 *
 * Owns nothing. The functions named `*_on_worker`, and what they call, run on the store's thread and touch only the connection and
 * their data, all others in the main context.
 */
#include "store/identities.h"

#include "base/ids.h"
#include "store/audit.h"

#define SELECT "SELECT " CV_USER_COLUMNS " FROM user "
#define UNUSED                                                                                                         \
  "seen IS NULL AND password_hash IS NULL AND disabled IS NULL AND NOT EXISTS (SELECT 1 FROM identity WHERE "          \
  "identity.user = user.id)"

typedef struct {
  char *issuer;
  char *subject;
  char *login;
  char *name;
  CvAccountRole role;
  gint64 at;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;

  g_free (self->issuer);
  g_free (self->subject);
  g_free (self->login);
  g_free (self->name);
  g_free (self);
}

/* Returns: (transfer full); NULL with an error, or where there is none. */
static CvUserRow *
find (sqlite3_stmt *statement, GError **error)
{
  g_autoptr (sqlite3_stmt) own = statement;
  g_autoptr (GError) cause = NULL;
  CvUserRow *row = cv_store_read_one (own, cv_user_row_read, &cause);

  if (cause != NULL && !g_error_matches (cause, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&cause));
  return row;
}

static gboolean
note (sqlite3 *db, const Wish *wish, const char *actor, const char *action, const char *user, const char *detail,
      GError **error)
{
  const CvAuditRow entry = { .at = wish->at,
                             .actor = (char *) actor,
                             .action = (char *) action,
                             .object = (char *) user,
                             .detail = (char *) detail };

  return cv_audit_add (db, &entry, error);
}

static gboolean
connect (sqlite3 *db, const Wish *wish, const char *user, GError **error)
{
  return cv_store_exec (db, error, "INSERT INTO identity (issuer, subject, user, created) VALUES (?, ?, ?, ?)", "sssi",
                        wish->issuer, wish->subject, user, wish->at) &&
         note (db, wish, user, "user.connect", user, "", error);
}

/* Returns: (transfer full), NULL with an error. */
static CvUserRow *
make (sqlite3 *db, const Wish *wish, GError **error)
{
  const char *role = cv_account_role_get_name (wish->role);
  g_autofree char *id = cv_id_new ("u");

  if (!cv_store_exec (db, error,
                      "INSERT INTO user (id, login, name, role, created) SELECT ?, ?, ?, ?, ? "
                      "WHERE (SELECT count (*) FROM user) < " G_STRINGIFY (CV_USERS_MAX),
                      "ssssi", id, wish->login, wish->name, role, wish->at))
    return NULL;
  if (sqlite3_changes (db) == 0) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "there are too many users");
    return NULL;
  }
  if (!note (db, wish, "server", "user.create", id, role, error) || !connect (db, wish, id, error))
    return NULL;
  return find (cv_store_prepare (db, error, SELECT "WHERE id = ?", "s", id), error);
}

static gpointer
resolve_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Wish *wish = data;
  g_autoptr (CvUserRow) known = NULL;
  g_autoptr (GError) cause = NULL;

  known = find (cv_store_prepare (db, &cause,
                                  SELECT "JOIN identity ON identity.user = user.id WHERE issuer = ? AND subject = ?",
                                  "ss", wish->issuer, wish->subject),
                &cause);
  if (known == NULL && cause == NULL && wish->login != NULL) {
    known = find (cv_store_prepare (db, &cause, SELECT "WHERE login = ? AND " UNUSED, "s", wish->login), &cause);
    if (known != NULL && !connect (db, wish, known->id, error))
      return NULL;
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (known != NULL)
    return g_steal_pointer (&known);
  if (wish->role != CV_ACCOUNT_NOBODY && wish->login != NULL)
    return make (db, wish, error);
  g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such user");
  return NULL;
}

void
cv_identities_resolve_async (CvStore *store, const CvIdentityWish *wish, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Wish *copy;

  g_return_if_fail (wish != NULL && wish->issuer != NULL && wish->subject != NULL);

  copy = g_new (Wish, 1);
  *copy = (Wish){ .issuer = g_strdup (wish->issuer),
                  .subject = g_strdup (wish->subject),
                  .login = g_strdup (wish->login),
                  .name = g_strdup (wish->name != NULL ? wish->name : wish->login),
                  .role = wish->role,
                  .at = wish->at };
  cv_store_run_async (store, resolve_on_worker, copy, wish_free, (GDestroyNotify) cv_user_row_free, NULL, callback,
                      user_data);
}
