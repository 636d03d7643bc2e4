/* Copies of a database: see backup.h.
 *
 * Owns nothing but a connection of its own while it copies, so that the store's worker goes on. Knows no table.
 */
#include "store/backup.h"

#include "store/kept-rooms.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CV_LOG_TOPIC "backup"
#include "base/log.h"

#define PREFIX "conclave-"
#define TIME_FORMAT "%Y%m%dT%H%M%SZ"
#define TIME_LENGTH 16
#define SUFFIX ".db"
#define PART ".part"
/* how long somebody else may hold the database */
#define BUSY_MS 5000
/* SQLite's instructions between two looks at whether it is still wanted: about a millisecond */
#define STEPS 10000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

/* ---- names ---- */

char *
cv_backup_name (gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (at / 1000);

  g_return_val_if_fail (time != NULL, NULL);

  return g_date_time_format (time, PREFIX TIME_FORMAT SUFFIX);
}

gint64
cv_backup_get_time (const char *name)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL, *again = NULL;

  if (!g_str_has_prefix (name, PREFIX) || strlen (name) != strlen (PREFIX SUFFIX) + TIME_LENGTH)
    return 0;
  text = g_strndup (name + strlen (PREFIX), TIME_LENGTH);
  time = g_date_time_new_from_iso8601 (text, utc);
  again = time != NULL ? g_date_time_format (time, PREFIX TIME_FORMAT SUFFIX) : NULL;
  return g_strcmp0 (again, name) == 0 ? g_date_time_to_unix (time) * 1000 : 0;
}

/* Names sort as their times do. */
static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  return -strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
cv_backup_list (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (cv_backup_get_time (name) > 0)
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_newest_first);
  return names;
}

static gboolean
is_part (const char *name)
{
  g_autofree char *whole = g_str_has_suffix (name, PART) ? g_strndup (name, strlen (name) - strlen (PART)) : NULL;

  return whole != NULL && cv_backup_get_time (whole) > 0;
}

static void
remove_file (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  if (g_unlink (path) != 0 && errno != ENOENT)
    cv_warning (NULL, NULL, "%s is not removed: %s", path, g_strerror (errno));
}

void
cv_backup_tidy (const char *directory, guint keep)
{
  g_autoptr (GPtrArray) names = cv_backup_list (directory);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  for (guint i = keep; i < names->len; i++)
    remove_file (directory, names->pdata[i]);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_part (name))
      remove_file (directory, name);
}

/* ---- copying ---- */

static gboolean
set_file_error (GError **error, const char *path, int cause)
{
  gboolean full = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;

  g_set_error (error, CV_STORE_ERROR, full ? CV_STORE_ERROR_FULL : CV_STORE_ERROR_OPEN, "%s: %s", path,
               g_strerror (cause));
  return FALSE;
}

void
cv_backup_sync_folder (const char *directory)
{
  int fd = g_open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  /* not every file system can; then there is nothing to be done */
  if (fsync (fd) != 0)
    cv_debug (NULL, NULL, "%s: %s", directory, g_strerror (errno));
  g_close (fd, NULL);
}

static int
on_steps (void *user_data)
{
  return g_cancellable_is_cancelled (user_data);
}

/* Returns: (transfer full), NULL with an error. */
static sqlite3 *
open_to_read (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (sqlite3) db = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", path, sqlite3_errmsg (db));
    return NULL;
  }
  sqlite3_busy_timeout (db, BUSY_MS);
  sqlite3_progress_handler (db, STEPS, on_steps, cancellable);
  return g_steal_pointer (&db);
}

/* An empty file is a sound database, too. */
static gboolean
check (sqlite3 *db, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (!cv_store_check (db, error))
    return FALSE;
  statement = cv_store_prepare (db, error, "PRAGMA user_version", "");
  if (statement == NULL || (sqlite3_step (statement) == SQLITE_ROW && sqlite3_column_int (statement, 0) > 0))
    return statement != NULL;
  g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT, "there are no tables of a server in it");
  return FALSE;
}

static gboolean
check_file (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (sqlite3) db = open_to_read (path, cancellable, error);

  return db != NULL && check (db, error);
}

/* What stays here, and in no copy. */
static gboolean
leave_out (const char *part, GError **error)
{
  g_autoptr (sqlite3) db = NULL;

  if (sqlite3_open_v2 (part, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
    return cv_kept_rooms_leave_out (db, error);
  g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", part, sqlite3_errmsg (db));
  return FALSE;
}

/* `part` is there, and empty. */
static gboolean
copy_into (const char *database, const char *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (sqlite3) db = open_to_read (database, cancellable, error);

  /* what is damaged is not to take the place of what is not */
  return db != NULL && check (db, error) && cv_store_exec (db, error, "VACUUM INTO ?", "s", part) &&
         leave_out (part, error) && check_file (part, cancellable, error);
}

static gboolean
finish (int fd, const char *part, const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);

  if (fsync (fd) != 0)
    return set_file_error (error, part, errno);
  if (g_rename (part, path) != 0)
    return set_file_error (error, path, errno);
  cv_backup_sync_folder (directory);
  return TRUE;
}

gboolean
cv_backup_make (const char *database, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *part = g_strconcat (path, PART, NULL);
  gboolean made;
  int fd;

  g_return_val_if_fail (database != NULL && path != NULL, FALSE);

  g_unlink (part);
  /* SQLite would make it with what the umask leaves */
  fd = g_open (part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return set_file_error (error, part, errno);
  made = copy_into (database, part, cancellable, error) && finish (fd, part, path, error);
  g_close (fd, NULL);
  if (!made)
    g_unlink (part);
  return made;
}
