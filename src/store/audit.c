/* Table `audit`: see audit.h.
 *
 * Owns nothing. cv_audit_add() and the functions named `*_on_worker` run on the store's thread and touch only the
 * connection and their data, all others in the main context.
 */
#include "store/audit.h"

#include "base/ids.h"
#include "store/audit-chain.h"

#define CV_LOG_TOPIC "audit"
#include "base/log.h"

#define PSEUDONYM_BYTES 8

/* who acts without an id */
static const char *const ACTORS[] = { "admin", "anybody", "retention", "room", "server", NULL };

static const char *const ACTIONS[] = {
  /* the server */
  "audit.prune", "configuration.reload", "database.backup", "database.restore",
  /* who comes in */
  "sign-in.code", "sign-in.key", "sign-in.oidc", "sign-in.password", "sign-in.refused",
  /* who may */
  "key.create", "key.revoke", "token.create", "token.revoke", "user.code", "user.connect", "user.create", "user.delete",
  "user.disable", "user.enable", "user.password", "user.role",
  /* rooms and meetings */
  "document.delete", "meeting.delete", "meeting.end", "person.erase", "person.export", "person.remove", "person.role",
  "room.create", "room.delete", "summary.edit",
  /* recordings */
  "recording.delete", "recording.end", "recording.pause", "recording.resume", "recording.share", "recording.start",
  "recording.stop", "recording.unshare", NULL
};

static const char *const DETAILS[] = {
  "",
  /* roles of users and keys, and of people in a meeting */
  "administrator", "host", "producer", "cohost", "person", "viewer",
  /* what a recording was */
  "recording", "processing", "ready", "failed",
  /* why a backup took the database's place */
  "corrupt", "replaced",
  /* a refused sign-in behind which others are not listed; what a code or a key was */
  "and-more", "password", "code", "key", "oidc",
  /* what a token is for */
  "publish", "watch", NULL
};

void
cv_audit_row_free (CvAuditRow *self)
{
  g_free (self->actor);
  g_free (self->action);
  g_free (self->object);
  g_free (self->detail);
  g_free (self);
}

/* ---- on the store's thread ---- */

static gpointer
read_text (sqlite3_stmt *statement)
{
  return cv_store_read_text (statement, 0);
}

/* Drawn, and not made of the id: nobody can guess at one. Returns: (transfer full). */
static char *
draw_pseudonym (sqlite3 *db, const char *id, GError **error)
{
  guint8 bytes[PSEUDONYM_BYTES];
  g_autofree char *digits = NULL;
  g_autofree char *name = NULL;

  cv_random_bytes (bytes, sizeof bytes);
  digits = cv_hex_encode (bytes, sizeof bytes);
  name = g_strconcat ("x", digits, NULL);
  if (!cv_store_exec (db, error, "INSERT INTO pseudonym (id, name) VALUES (?, ?)", "ss", id, name))
    return NULL;
  return g_steal_pointer (&name);
}

/* Returns: (transfer full). */
static char *
find_pseudonym (sqlite3 *db, const char *id, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GError) cause = NULL;
  char *name;

  if (*id == '\0' || g_strv_contains (ACTORS, id))
    return g_strdup (id);
  statement = cv_store_prepare (db, error, "SELECT name FROM pseudonym WHERE id = ?", "s", id);
  if (statement == NULL)
    return NULL;
  name = cv_store_read_one (statement, read_text, &cause);
  if (g_error_matches (cause, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    return draw_pseudonym (db, id, error);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return name;
}

gboolean
cv_audit_add (sqlite3 *db, const CvAuditRow *row, GError **error)
{
  g_autofree char *actor = NULL, *object = NULL;

  if (!g_strv_contains (ACTIONS, row->action) || !g_strv_contains (DETAILS, row->detail)) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID, "the audit does not know “%s”, “%s”", row->action,
                 row->detail);
    return FALSE;
  }
  actor = find_pseudonym (db, row->actor, error);
  object = actor != NULL ? find_pseudonym (db, row->object, error) : NULL;
  return object != NULL && cv_audit_chain_append (db, row->at, actor, row->action, object, row->detail, error);
}

static gpointer
add_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_audit_add (db, data, error);
  return NULL;
}

/* ---- in the main context ---- */

static CvAuditRow *
copy_row (const CvAuditRow *row)
{
  CvAuditRow *copy = g_new (CvAuditRow, 1);

  *copy = (CvAuditRow){ .at = row->at,
                        .actor = g_strdup (row->actor != NULL ? row->actor : "anybody"),
                        .action = g_strdup (row->action),
                        .object = g_strdup (row->object != NULL ? row->object : ""),
                        .detail = g_strdup (row->detail != NULL ? row->detail : "") };
  return copy;
}

void
cv_audit_add_async (CvStore *store, const CvAuditRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->action != NULL);

  cv_store_run_async (store, add_on_worker, copy_row (row), (GDestroyNotify) cv_audit_row_free, NULL, NULL, callback,
                      user_data);
}

gboolean
cv_audit_add_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cv_audit_add_finish (CV_STORE (source), result, &error))
    cv_warning (NULL, NULL, "the audit lacks an entry: %s", error->message);
}

static CvAuditRow
make_row (CvClock *clock, const char *actor, const char *action, const char *object, const char *detail)
{
  return (CvAuditRow){ .at = cv_clock_wall (clock),
                       .actor = (char *) actor,
                       .action = (char *) action,
                       .object = (char *) object,
                       .detail = (char *) detail };
}

void
cv_audit_note (CvStore *store, CvClock *clock, const char *actor, const char *action, const char *object,
               const char *detail)
{
  const CvAuditRow row = make_row (clock, actor, action, object, detail);

  cv_audit_add_async (store, &row, on_noted, NULL);
}

void
cv_audit_note_with_next (CvStore *store, CvClock *clock, const char *actor, const char *action, const char *object,
                         const char *detail)
{
  const CvAuditRow row = make_row (clock, actor, action, object, detail);

  cv_store_also (store, add_on_worker, copy_row (&row), (GDestroyNotify) cv_audit_row_free);
}
