/* See erasures.h. */
#include "store/erasures.h"

#include "base/file-error.h"
#include "base/ids.h"
#include "store/erasure.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LABEL "conclave-erased\n"
#define HASH_DIGITS 64

/* whoever may be meant by a hash */
#define CANDIDATES                                                                                                     \
  "SELECT id FROM user UNION SELECT person FROM attendance UNION SELECT account FROM attendance UNION "                \
  "SELECT person FROM consent UNION SELECT person FROM document UNION SELECT person FROM call WHERE person IS NOT "    \
  "NULL"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

/* Returns: (transfer full). */
static char *
hash_id (const char *id)
{
  g_autofree char *text = g_strconcat (LABEL, id, NULL);
  guint8 hash[CV_HASH_BYTES];

  cv_hash ((const guint8 *) text, strlen (text), hash);
  return cv_hex_encode (hash, sizeof hash);
}

/* An administrator may be root, the server is not. */
static gboolean
give_to_owner (int fd, const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  struct stat info;

  return geteuid () != 0 || (stat (directory, &info) == 0 && fchown (fd, info.st_uid, info.st_gid) == 0);
}

gboolean
cv_erasures_add (const char *path, const char *const *ids, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  gboolean done;

  if (fd < 0)
    return cv_set_file_error (error, path);
  /* behind a line that a crash has torn */
  if (lseek (fd, 0, SEEK_END) > 0)
    g_string_append_c (text, '\n');
  for (; *ids != NULL; ids++) {
    g_autofree char *hash = hash_id (*ids);

    g_string_append_printf (text, "%s\n", hash);
  }
  done = give_to_owner (fd, path) && write (fd, text->str, text->len) == (gssize) text->len && fsync (fd) == 0;
  if (!done)
    cv_set_file_error (error, path);
  g_close (fd, NULL);
  return done;
}

/* A set of hashes; what is none is passed over. NULL with an error. Returns: (transfer full). */
static GHashTable *
load (const char *path, GError **error)
{
  g_autoptr (GHashTable) hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, &cause)) {
    if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return g_steal_pointer (&hashes);
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strlen (lines[i]) == HASH_DIGITS)
      g_hash_table_add (hashes, g_strdup (lines[i]));
  return g_steal_pointer (&hashes);
}

static gpointer
read_text (sqlite3_stmt *statement)
{
  return cv_store_read_text (statement, 0);
}

static gboolean
erase (sqlite3 *db, const char *id, GError **error)
{
  g_autoptr (CvErasure) erasure = cv_erasure_plan (db, id, error);

  return erasure != NULL && cv_erasure_run (db, erasure, error);
}

static gboolean
erase_all (sqlite3 *db, GHashTable *hashes, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, CANDIDATES, "");
  g_autoptr (GPtrArray) ids = cv_store_read_all (statement, read_text, g_free, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++) {
    g_autofree char *hash = hash_id (ids->pdata[i]);

    if (g_hash_table_contains (hashes, hash) && !erase (db, ids->pdata[i], error))
      return FALSE;
  }
  return ids != NULL;
}

gboolean
cv_erasures_replay (const char *path, const char *database, GError **error)
{
  g_autoptr (GHashTable) hashes = load (path, error);
  g_autoptr (sqlite3) db = NULL;

  if (hashes == NULL || g_hash_table_size (hashes) == 0)
    return hashes != NULL;
  db = cv_erasure_open (database, error);
  return db != NULL && cv_store_exec (db, error, "BEGIN IMMEDIATE", "") && erase_all (db, hashes, error) &&
         cv_store_exec (db, error, "COMMIT", "") && cv_erasure_close (g_steal_pointer (&db), FALSE, error);
}
