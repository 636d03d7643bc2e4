/* See person-commands.h. */
#include "ctl/person-commands.h"

#include "ctl/person-export.h"
#include "ctl/person-files.h"
#include "ctl/print.h"
#include "store/audit-chain.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/erasures.h"

#include <stdio.h>
#include <string.h>

#define DATABASE "conclave.db"
#define CONFIG "/etc/conclave/conclave.conf"
#define DEFAULT_STATE "/var/lib/conclave"
#define MS_PER_US 1000
/* how long the server may hold the database */
#define BUSY_MS 5000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

/* The one that was named, or the installed server's. */
static const char *
find_config (const CvOptions *options, const char *state)
{
  if (options->config != NULL)
    return options->config;
  return g_str_equal (state, DEFAULT_STATE) && g_file_test (CONFIG, G_FILE_TEST_EXISTS) ? CONFIG : NULL;
}

static gboolean
find_folders (const CvCommandArguments *arguments, const char *state, CvPersonFolders *folders, GError **error)
{
  return cv_person_folders_init (folders, state, find_config (arguments->options, state), error);
}

/* ---- find ---- */

gboolean
cv_person_command_find (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *state = cv_command_find_state (arguments->options);
  g_autofree char *path = g_build_filename (state, DATABASE, NULL);
  g_autoptr (sqlite3) db = cv_audit_chain_open (path, error);
  g_autoptr (sqlite3_stmt) statement = NULL;
  int code = SQLITE_ERROR;

  if (db == NULL)
    return FALSE;
  statement = cv_store_prepare (
    db, error,
    "SELECT id, name || ' (' || login || ')', 0, '' FROM user WHERE name LIKE ?1 OR login LIKE ?1 "
    "UNION ALL SELECT person, name, joined, meeting FROM attendance WHERE name LIKE ?1 "
    "UNION ALL SELECT DISTINCT person, name, started, meeting FROM consent JOIN recording ON recording.id = recording "
    "WHERE name LIKE ?1 AND person NOT IN (SELECT person FROM attendance) ORDER BY 3",
    "s", arguments->id);
  while (statement != NULL && (code = sqlite3_step (statement)) == SQLITE_ROW) {
    gint64 at = sqlite3_column_int64 (statement, 2);
    g_autofree char *time = at > 0 ? cv_print_time (at) : g_strdup ("");

    printf ("%s  %s  %s  %s\n", (const char *) sqlite3_column_text (statement, 0),
            (const char *) sqlite3_column_text (statement, 3), time, (const char *) sqlite3_column_text (statement, 1));
  }
  if (statement != NULL && code != SQLITE_DONE)
    cv_store_set_error (error, db, "looking for them");
  return code == SQLITE_DONE;
}

/* ---- export ---- */

/* Beside a server that runs, in between what that writes. */
static gboolean
note_export (const char *path, const char *id, GError **error)
{
  const CvAuditRow row = { g_get_real_time () / MS_PER_US, (char *) "admin", (char *) "person.export", (char *) id,
                           (char *) "" };
  g_autoptr (sqlite3) db = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", path, sqlite3_errmsg (db));
    return FALSE;
  }
  sqlite3_busy_timeout (db, BUSY_MS);
  return cv_store_exec (db, error, "PRAGMA synchronous = FULL", "") &&
         cv_store_exec (db, error, "BEGIN IMMEDIATE", "") && cv_audit_add (db, &row, error) &&
         cv_store_exec (db, error, "COMMIT", "");
}

gboolean
cv_person_command_export (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *state = cv_command_find_state (arguments->options);
  g_autofree char *path = g_build_filename (state, DATABASE, NULL);
  g_auto (CvPersonFolders) folders = { 0 };
  g_autoptr (sqlite3) db = cv_audit_chain_open (path, error);
  g_autoptr (CvErasure) erasure = db != NULL ? cv_erasure_plan (db, arguments->id, error) : NULL;

  if (erasure == NULL || !find_folders (arguments, state, &folders, error))
    return FALSE;
  if (cv_erasure_is_empty (erasure)) {
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "Nothing is kept of “%s”.", arguments->id);
    return FALSE;
  }
  if (!note_export (path, arguments->id, error) ||
      !cv_person_export (db, erasure, &folders, arguments->options->to, error))
    return FALSE;
  printf ("Everything that is kept of %s is in %s.\n", arguments->id, arguments->options->to);
  return TRUE;
}

/* ---- erase ---- */

/* Somebody who is in the database at `path`; FALSE with an error. `at` 0: it is a copy, and keeps the audit that it has. */
static gboolean
erase_from (const char *path, const char *id, const CvPersonFolders *folders, const char *list, gint64 at,
            gboolean *found, GError **error)
{
  g_autoptr (sqlite3) db = cv_erasure_open (path, error);
  g_autoptr (CvErasure) erasure = db != NULL ? cv_erasure_plan (db, id, error) : NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  const CvAuditRow row = { at, (char *) "admin", (char *) "person.erase", (char *) "", (char *) "" };

  if (erasure == NULL)
    return FALSE;
  *found = !cv_erasure_is_empty (erasure);
  g_ptr_array_add (ids, (char *) id);
  for (guint i = 0; i < erasure->seats->len; i++)
    g_ptr_array_add (ids, (char *) cv_scrub_get_id (((CvErasureSeat *) erasure->seats->pdata[i])->scrub));
  g_ptr_array_add (ids, NULL);
  /* whatever comes in between, the next try goes on: the rows go last */
  return (!*found || (cv_erasures_add (list, (const char *const *) ids->pdata, error) &&
                      cv_person_files_erase (folders, erasure, error))) &&
         cv_store_exec (db, error, "BEGIN IMMEDIATE", "") && cv_erasure_run (db, erasure, error) &&
         (at == 0 || !*found || cv_audit_add (db, &row, error)) && cv_store_exec (db, error, "COMMIT", "") &&
         cv_erasure_close (g_steal_pointer (&db), at == 0, error);
}

/* A database that was set aside, or a backup. */
static gboolean
is_copy (const char *name)
{
  return cv_backup_get_time (name) > 0 ||
         ((g_str_has_prefix (name, DATABASE ".corrupt-") || g_str_has_prefix (name, DATABASE ".replaced-")) &&
          !g_str_has_suffix (name, "-wal") && !g_str_has_suffix (name, "-shm"));
}

/* All copies in a folder. What cannot be read is said, and counted in `left`. */
static void
erase_from_copies (const char *folder, const char *id, const CvPersonFolders *folders, const char *list, guint *done,
                   guint *left, gboolean *found)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autoptr (GError) cause = NULL;
    gboolean there = FALSE;

    if (!is_copy (name))
      continue;
    if (erase_from (path, id, folders, list, 0, &there, &cause)) {
      *done += there;
      *found |= there;
      continue;
    }
    fprintf (stderr, "conclavectl: %s cannot be written anew, and may still have them: %s\n", path, cause->message);
    *left += 1;
  }
}

static gboolean
erase (const CvCommandArguments *arguments, const char *state, GError **error)
{
  g_autofree char *path = g_build_filename (state, DATABASE, NULL);
  g_autofree char *list = g_build_filename (state, CV_ERASURES_FILE, NULL);
  g_auto (CvPersonFolders) folders = { 0 };
  gboolean found = FALSE;
  guint done = 0, left = 0;

  if (!find_folders (arguments, state, &folders, error) ||
      !erase_from (path, arguments->id, &folders, list, g_get_real_time () / MS_PER_US, &found, error))
    return FALSE;
  erase_from_copies (state, arguments->id, &folders, list, &done, &left, &found);
  erase_from_copies (folders.backups, arguments->id, &folders, list, &done, &left, &found);
  if (left > 0)
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED,
                 "%u copies of the database are to be deleted by hand.", left);
  else if (!found)
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "Nothing is kept of “%s”.", arguments->id);
  else
    printf ("Erased, from %u copies of the database too. Films that they were in are made anew when the server runs.\n",
            done);
  return left == 0 && found;
}

gboolean
cv_person_command_erase (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_run_alone (arguments, erase, error);
}
