/* See person-files.h. What a recording's folder has: src/library/FORMAT.md. */
#include "ctl/person-files.h"

#include "base/file-error.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENTS "events.jsonl"
#define TRACKS "tracks"
#define MADE "files"

/* ---- where ---- */

static char *
find_folder (GKeyFile *file, const char *group, const char *state, const char *name)
{
  g_autofree char *path = g_key_file_get_string (file, group, "directory", NULL);

  return path != NULL && *path != '\0' ? g_steal_pointer (&path) : g_build_filename (state, name, NULL);
}

gboolean
cv_person_folders_init (CvPersonFolders *self, const char *state, const char *config, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (config != NULL && !g_key_file_load_from_file (file, config, G_KEY_FILE_NONE, error))
    return FALSE;
  self->recordings = find_folder (file, "recording", state, "recordings");
  self->documents = find_folder (file, "documents", state, "documents");
  self->backups = find_folder (file, "backup", state, "backups");
  return TRUE;
}

void
cv_person_folders_clear (CvPersonFolders *self)
{
  g_free (self->recordings);
  g_free (self->documents);
  g_free (self->backups);
}

/* ---- removing ---- */

static gboolean
remove_one (const char *path, GError **error)
{
  return g_remove (path) == 0 || errno == ENOENT ? TRUE : cv_set_file_error (error, path);
}

/* Whatever it is; links are not followed. */
static gboolean
remove_tree (const char *path, GError **error)
{
  GStatBuf info;
  g_autoptr (GDir) dir = g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode) ? g_dir_open (path, 0, error) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *below = g_build_filename (path, name, NULL);

    if (!remove_tree (below, error))
      return FALSE;
  }
  return remove_one (path, error);
}

/* All in a folder of which `is_wanted` says so. TRUE also where there is none. */
static gboolean
remove_some (const char *folder, gboolean (*is_wanted) (const char *name, gconstpointer data), gconstpointer data,
             GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (is_wanted (name, data) && !remove_tree (path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
remove_document (const char *folder, const char *place, GError **error)
{
  g_autofree char *path = g_build_filename (folder, place, NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autofree char *meeting = g_path_get_dirname (path);

  if (!remove_one (path, error) || !remove_one (part, error))
    return FALSE;
  g_rmdir (meeting); /* the last one takes it along */
  return TRUE;
}

/* SSS-PERSON-SOURCE-N.mkv, of any of them */
static gboolean
is_track_of (const char *name, gconstpointer data)
{
  const CvErasure *erasure = data;

  for (guint i = 0; i < erasure->seats->len; i++) {
    const CvErasureSeat *seat = erasure->seats->pdata[i];

    if (strstr (name, cv_scrub_get_id (seat->scrub)) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* What neither is as it was recorded nor holds what was made of it. */
static gboolean
is_stray (const char *name, gconstpointer data)
{
  return !g_str_equal (name, EVENTS) && !g_str_equal (name, TRACKS) && !g_str_equal (name, MADE);
}

static gboolean
is_any (const char *name, gconstpointer data)
{
  return TRUE;
}

/* ---- the log ---- */

static JsonObject *
parse_line (const char *line)
{
  return cv_json_parse (line, strlen (line), NULL);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* Is somebody else in it called so? */
static gboolean
is_shared (char **lines, const char *id, const char *name)
{
  for (; *lines != NULL; lines++) {
    g_autoptr (JsonObject) line = parse_line (*lines);

    if (g_strcmp0 (get_text (line, "name"), name) == 0 && g_strcmp0 (get_text (line, "person"), id) != 0)
      return TRUE;
  }
  return FALSE;
}

static void
learn_names (char **lines, const CvErasureSeat *seat)
{
  const char *id = cv_scrub_get_id (seat->scrub);

  for (char **at = lines; *at != NULL; at++) {
    g_autoptr (JsonObject) line = parse_line (*at);
    const char *name = get_text (line, "name");

    if (name != NULL && g_strcmp0 (get_text (line, "person"), id) == 0 && !cv_scrub_has_name (seat->scrub, name))
      cv_scrub_add_name (seat->scrub, name, !is_shared (lines, id, name));
  }
}

/* Returns: (transfer full). */
static char *
scrub_line (const char *text, const CvErasureSeat *seat)
{
  g_autoptr (JsonObject) line = parse_line (text);
  g_autoptr (JsonNode) node = NULL;

  if (line == NULL)
    return cv_scrub_text (seat->scrub, text);
  if (g_strcmp0 (get_text (line, "person"), cv_scrub_get_id (seat->scrub)) == 0 &&
      json_object_has_member (line, "name"))
    json_object_set_string_member (line, "name", CV_SCRUB_NAME);
  node = json_node_init_object (json_node_alloc (), line);
  cv_scrub_json (seat->scrub, node);
  return cv_json_to_text (node, NULL);
}

/* In one go: it is there as it was, or as it is to be; whose it is stays. */
static gboolean
replace_file (const char *path, const char *text, GError **error)
{
  struct stat info;
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  int fd = stat (path, &info) == 0 ? g_open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
  gsize n = strlen (text);
  gboolean done;

  if (fd < 0)
    return cv_set_file_error (error, part);
  done = (geteuid () != 0 || fchown (fd, info.st_uid, info.st_gid) == 0) && fchmod (fd, info.st_mode & 07777) == 0 &&
         write (fd, text, n) == (gssize) n && fsync (fd) == 0;
  if (!done)
    cv_set_file_error (error, part);
  g_close (fd, NULL);
  return done && (g_rename (part, path) == 0 || cv_set_file_error (error, path));
}

static gboolean
erase_log (const char *path, const CvErasure *erasure, GError **error)
{
  g_autofree char *text = NULL, *joined = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; i < erasure->seats->len; i++) {
    const CvErasureSeat *seat = erasure->seats->pdata[i];

    if (strstr (text, cv_scrub_get_id (seat->scrub)) == NULL)
      continue;
    learn_names (lines, seat);
    for (char **line = lines; *line != NULL; line++) {
      char *next = scrub_line (*line, seat);

      g_free (*line);
      *line = next;
    }
  }
  joined = g_strjoinv ("\n", lines);
  return replace_file (path, joined, error);
}

static gboolean
erase_recording (const char *folder, const char *id, const CvErasure *erasure, GError **error)
{
  g_autofree char *own = g_build_filename (folder, id, NULL);
  g_autofree char *tracks = g_build_filename (own, TRACKS, NULL);
  g_autofree char *events = g_build_filename (own, EVENTS, NULL);
  g_autofree char *made = g_build_filename (own, MADE, NULL);

  return remove_some (own, is_stray, NULL, error) && remove_some (made, is_any, NULL, error) &&
         remove_some (tracks, is_track_of, erasure, error) && erase_log (events, erasure, error);
}

gboolean
cv_person_files_erase (const CvPersonFolders *folders, const CvErasure *erasure, GError **error)
{
  for (guint i = 0; i < erasure->documents->len; i++)
    if (!remove_document (folders->documents, erasure->documents->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < erasure->recordings->len; i++)
    if (!erase_recording (folders->recordings, erasure->recordings->pdata[i], erasure, error))
      return FALSE;
  return TRUE;
}
