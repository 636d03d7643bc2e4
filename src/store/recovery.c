/* A database that is damaged: see recovery.h.
 *
 * Owns nothing. Whatever moment it is cut short at, the next start goes on from there: the copy that is to take the place
 * is whole before anything is moved; a database that is gone is one that was set aside. What -wal has goes with the database that
 * it belongs to: SQLite would write it into any other of the same name.
 */
#include "store/recovery.h"

#include "base/file-error.h"
#include "store/audit-chain.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/erasures.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define CV_LOG_TOPIC "recovery"
#include "base/log.h"

#define RESTORED ".restored"
/* one second sets aside so many at most */
#define MAX_NAMES 100

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

/* what belongs to a database, itself first: where it is gone, the rest belongs to nobody */
static const char *const PARTS[] = { "", "-wal", "-shm" };

static char *
name_part (const char *path, guint i)
{
  return g_strconcat (path, PARTS[i], NULL);
}

static gboolean
has_bytes (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && info.st_size > 0;
}

static gboolean
is_free (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (PARTS); i++) {
    g_autofree char *part = name_part (path, i);

    if (g_file_test (part, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
      return FALSE;
  }
  return TRUE;
}

/* A path beside `database` that nothing has yet. Returns: (transfer full). */
static char *
find_free_name (const char *database, const char *why, gint64 now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now / 1000);
  g_autofree char *text = g_date_time_format (time, "%Y%m%dT%H%M%SZ");
  char *path = g_strdup_printf ("%s.%s-%s", database, why, text);

  for (guint n = 2; n < MAX_NAMES && !is_free (path); n++) {
    g_free (path);
    path = g_strdup_printf ("%s.%s-%s-%u", database, why, text, n);
  }
  return path;
}

static gboolean
set_aside (const char *database, const char *aside, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (PARTS); i++) {
    g_autofree char *from = name_part (database, i), *to = name_part (aside, i);

    if (g_rename (from, to) != 0 && errno != ENOENT)
      return cv_set_file_error (error, from);
  }
  return TRUE;
}

static void
remove_all (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (PARTS); i++) {
    g_autofree char *part = name_part (path, i);

    g_unlink (part);
  }
}

/* What was done after the backup, as far as the database that it replaces can still tell: the audit goes on. */
static void
take_audit_over (sqlite3 *db, const char *database)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3) old = has_bytes (database) ? cv_audit_chain_open (database, NULL) : NULL;

  if (old == NULL || !cv_store_exec (db, NULL, "BEGIN IMMEDIATE", ""))
    return;
  if (cv_audit_chain_take_over (db, old, &error) && cv_store_exec (db, &error, "COMMIT", ""))
    return;
  cv_store_exec (db, NULL, "ROLLBACK", "");
  cv_info (NULL, NULL, "the audit goes on from the backup's: %s", error->message);
}

/* Once more without the worker: what is restored says so itself. */
static gboolean
add_audit (const char *path, const char *database, const CvAuditRow *row, GError **error)
{
  g_autoptr (sqlite3) db = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", path, sqlite3_errmsg (db));
    return FALSE;
  }
  if (!cv_store_exec (db, error, "PRAGMA synchronous = FULL", ""))
    return FALSE;
  take_audit_over (db, database);
  return cv_store_exec (db, error, "BEGIN IMMEDIATE", "") && cv_audit_add (db, row, error) &&
         cv_store_exec (db, error, "COMMIT", "");
}

/* The backup as a database of this build, at `path`. */
static gboolean
prepare (const char *backup, const char *path, const char *database, const CvAuditRow *row, GError **error)
{
  g_autoptr (CvStore) store = NULL;
  g_autofree char *directory = NULL, *erasures = NULL;

  remove_all (path);
  if (!cv_backup_make (backup, path, NULL, error))
    return FALSE;
  store = cv_store_open (path, error);
  if (store == NULL)
    return FALSE;
  cv_store_close (store);
  directory = g_path_get_dirname (database);
  erasures = g_build_filename (directory, CV_ERASURES_FILE, NULL);
  return cv_erasures_replay (erasures, path, error) && add_audit (path, database, row, error);
}

/* An administrator may be root, the server is not. */
static gboolean
give_to_owner (const char *path, const char *directory, GError **error)
{
  struct stat info;

  if (geteuid () != 0 || (stat (directory, &info) == 0 && chown (path, info.st_uid, info.st_gid) == 0))
    return TRUE;
  return cv_set_file_error (error, path);
}

char *
cv_recovery_restore (const char *database, const char *backup, const char *why, const char *actor, gint64 now,
                     GError **error)
{
  g_autofree char *restored = g_strconcat (database, RESTORED, NULL);
  g_autofree char *aside = find_free_name (database, why, now);
  g_autofree char *directory = g_path_get_dirname (database);
  char *name = g_path_get_basename (aside);
  CvAuditRow row = { .at = now,
                     .actor = (char *) actor,
                     .action = (char *) "database.restore",
                     .object = (char *) "",
                     .detail = (char *) why };

  if (!prepare (backup, restored, database, &row, error) || !give_to_owner (restored, directory, error)) {
    remove_all (restored);
    g_free (name);
    return NULL;
  }
  if (!set_aside (database, aside, error) || g_rename (restored, database) != 0) {
    if (error != NULL && *error == NULL)
      cv_set_file_error (error, database);
    g_free (name);
    return NULL;
  }
  cv_backup_sync_folder (directory);
  return name;
}

/* ---- at the start ---- */

/* Fails where none is good. */
static CvStore *
open_newest (const char *database, const char *backups, GPtrArray *names, const GError *cause, gint64 now,
             GError **error)
{
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *backup = g_build_filename (backups, names->pdata[i], NULL);
    g_autoptr (GError) problem = NULL;
    g_autofree char *aside = cv_recovery_restore (database, backup, "corrupt", "server", now, &problem);

    if (aside != NULL) {
      cv_warning (NULL, NULL,
                  "%s. The backup %s takes its place: what came later is lost. What is left of it is kept as %s",
                  cause->message, (char *) names->pdata[i], aside);
      return cv_store_open (database, error);
    }
    cv_warning (NULL, NULL, "the backup %s cannot be used: %s", (char *) names->pdata[i], problem->message);
  }
  g_set_error (error, cause->domain, cause->code, "%s; there is no good backup in %s", cause->message, backups);
  return NULL;
}

/* What SQLite would delete without a word. */
static void
keep_orphan (const char *database, gint64 now)
{
  g_autofree char *wal = name_part (database, 1);
  g_autofree char *aside = find_free_name (database, "corrupt", now);
  g_autoptr (GError) error = NULL;

  if (!has_bytes (wal))
    return;
  if (set_aside (database, aside, &error))
    cv_warning (NULL, NULL, "%s is gone, but not its -wal: that is kept as %s-wal", database, aside);
  else
    cv_warning (NULL, NULL, "what is left of a database is not kept: %s", error->message);
}

CvStore *
cv_recovery_open (const char *database, const char *backups, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) names = cv_backup_list (backups);
  g_autoptr (GError) cause = NULL;
  gboolean lost = !has_bytes (database);
  CvStore *store;

  if (lost && names->len > 0) {
    g_set_error (&cause, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT, "%s: the database is %s", database,
                 g_file_test (database, G_FILE_TEST_EXISTS) ? "empty" : "gone");
    return open_newest (database, backups, names, cause, now, error);
  }
  if (lost)
    keep_orphan (database, now);
  store = cv_store_open (database, &cause);
  if (g_error_matches (cause, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT))
    return open_newest (database, backups, names, cause, now, error);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return store;
}
