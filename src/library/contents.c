/* What is in recordings' folders: see contents.h.
 *
 * Owns nothing. The functions named `*_on_thread` run on a thread of GLib's pool and touch only the files and what their
 * task carries; all others in the main context.
 */
#include "library/contents.h"

#include "base/ids.h"
#include "library/entry.h"
#include "library/folder.h"

#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES (256 * 1024)
/* of one recording that are taken for its tracks, the others are let lie: three files for each of 100 people, often anew */
#define MAX_TRACKS 5000

static const char *const SOURCES[] = { "microphone", "camera", "screen-audio", "screen", NULL };

typedef struct {
  char *directory;
  char *recording;
  GPtrArray *rows; /* of CvRecordingFileRow */
  gint64 modified; /* what came out besides rows */
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  g_free (self->directory);
  g_free (self->recording);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

void
cv_opened_file_free (CvOpenedFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->sha256);
  g_free (self->path);
  g_free (self);
}

void
cv_file_check_free (CvFileCheck *self)
{
  g_free (self->name);
  g_free (self);
}

/* Where it is in the recording's folder. Returns: (transfer full). */
static char *
get_place (const char *name)
{
  return g_str_has_prefix (name, "tracks/") ? g_strdup (name) : g_strconcat ("files/", name, NULL);
}

/* -1 with an error. */
static int
open_row (const char *directory, const CvRecordingFileRow *row, gint64 *bytes, GError **error)
{
  g_autoptr (CvFolder) folder = cv_folder_open (directory, row->recording, error);
  g_autofree char *place = get_place (row->name);
  int fd = folder != NULL ? cv_folder_open_file (folder, place, error) : -1;
  struct stat info;

  if (fd >= 0 && fstat (fd, &info) == 0)
    *bytes = info.st_size;
  return fd;
}

CvOpenedFile *
cv_contents_open (const char *directory, const CvRecordingFileRow *row, GError **error)
{
  g_autofree char *place = get_place (row->name);
  gint64 bytes = 0;
  int fd = open_row (directory, row, &bytes, error);
  CvOpenedFile *file;

  if (fd < 0)
    return NULL;
  file = g_new (CvOpenedFile, 1);
  *file = (CvOpenedFile){ .fd = fd,
                          .bytes = bytes,
                          .sha256 = g_strdup (bytes == row->bytes ? row->sha256 : ""),
                          .type = cv_entry_get_media_type (row->name),
                          .path = g_strconcat (row->recording, "/", place, NULL) };
  return file;
}

/* ---- Tracks ---- */

gboolean
cv_contents_parse_track (const char *name, char **person, char **source)
{
  static const char form[] = "tracks/SSS-";
  const char *at = name + strlen (form);
  g_autofree char *id = NULL;

  if (!g_str_has_prefix (name, "tracks/") || strlen (name) < sizeof form + CV_ID_LETTERS || at[-1] != '-')
    return FALSE;
  id = g_strndup (at, 1 + CV_ID_LETTERS);
  at += 1 + CV_ID_LETTERS;
  if (!cv_id_is_valid (id, "p") || *at++ != '-' || !g_str_has_suffix (at, ".mkv"))
    return FALSE;
  for (guint i = 0; SOURCES[i] != NULL; i++) {
    gsize n = strlen (SOURCES[i]);

    if (strncmp (at, SOURCES[i], n) == 0 && at[n] == '-' && g_ascii_isdigit (at[n + 1])) {
      *person = g_steal_pointer (&id);
      *source = g_strdup (SOURCES[i]);
      return TRUE;
    }
  }
  return FALSE;
}

static void
add_track (GPtrArray *rows, const char *recording, const CvFolderEntry *entry)
{
  CvRecordingFileRow *row;
  char *person, *source;

  if (entry->bytes == 0 || rows->len >= MAX_TRACKS || !cv_contents_parse_track (entry->name, &person, &source))
    return;
  row = g_new0 (CvRecordingFileRow, 1);
  *row = (CvRecordingFileRow){ .recording = g_strdup (recording),
                               .name = g_strdup (entry->name),
                               .kind = g_strdup ("track"),
                               .bytes = entry->bytes,
                               .sha256 = g_strdup (""),
                               .person = person,
                               .source = source };
  g_ptr_array_add (rows, row);
}

/* ---- On a thread ---- */

static void
list_tracks_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_autoptr (CvFolder) folder = cv_folder_open (work->directory, work->recording, &error);
  g_autoptr (GPtrArray) entries = folder != NULL ? cv_folder_list (folder, &error) : NULL;
  GPtrArray *rows;

  if (entries == NULL) {
    g_task_return_error (task, error);
    return;
  }
  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_recording_file_row_free);
  for (guint i = 0; i < entries->len; i++) {
    const CvFolderEntry *entry = entries->pdata[i];

    work->modified = MAX (work->modified, entry->modified);
    add_track (rows, work->recording, entry);
  }
  g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
}

/* Hexadecimal. Returns: (transfer full), NULL where it cannot be read to its end. */
static char *
hash (int fd, GCancellable *cancellable)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_BYTES);
  guint8 digest[EVP_MAX_MD_SIZE];
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gssize n = 0;

  EVP_DigestInit_ex (context, EVP_sha256 (), NULL);
  while (!g_cancellable_is_cancelled (cancellable) && (n = read (fd, buffer, BUFFER_BYTES)) > 0)
    EVP_DigestUpdate (context, buffer, (gsize) n);
  EVP_DigestFinal_ex (context, digest, NULL);
  EVP_MD_CTX_free (context);
  return n == 0 && !g_cancellable_is_cancelled (cancellable) ? cv_hex_encode (digest, CV_HASH_BYTES) : NULL;
}

/* Returns: (transfer full), NULL where the file cannot be read. */
static char *
hash_row (const char *directory, const CvRecordingFileRow *row, gint64 *bytes, GCancellable *cancellable)
{
  int fd = open_row (directory, row, bytes, NULL);
  char *text = fd >= 0 ? hash (fd, cancellable) : NULL;

  if (fd >= 0)
    close (fd);
  return text;
}

static void
hash_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_recording_file_row_free);

  for (guint i = 0; i < work->rows->len; i++) {
    const CvRecordingFileRow *row = work->rows->pdata[i];
    gint64 bytes = 0;
    char *text = hash_row (work->directory, row, &bytes, cancellable);
    CvRecordingFileRow *known;

    if (text == NULL)
      continue;
    known = cv_recording_file_row_copy (row);
    known->bytes = bytes;
    g_free (known->sha256);
    known->sha256 = text;
    g_ptr_array_add (rows, known);
  }
  g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
}

static void
check_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GPtrArray *checks = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_file_check_free);

  for (guint i = 0; i < work->rows->len; i++) {
    const CvRecordingFileRow *row = work->rows->pdata[i];
    gint64 bytes = -1;
    g_autofree char *text = hash_row (work->directory, row, &bytes, cancellable);
    CvFileCheck *check = g_new (CvFileCheck, 1);

    *check = (CvFileCheck){ g_strdup (row->name), bytes == row->bytes && text != NULL &&
                                                    (*row->sha256 == '\0' || g_str_equal (text, row->sha256)) };
    g_ptr_array_add (checks, check);
  }
  g_task_return_pointer (task, checks, (GDestroyNotify) g_ptr_array_unref);
}

static void
clean_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;
  g_autoptr (CvFolder) folder = cv_folder_open (work->directory, work->recording, &error);

  if (folder != NULL && cv_folder_clean (folder, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
delete_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;

  if (cv_folder_delete (work->directory, work->recording, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* ---- Main context ---- */

static void
run (GTaskThreadFunc func, const char *directory, const char *recording, GPtrArray *rows, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->directory = g_strdup (directory);
  work->recording = g_strdup (recording);
  if (rows != NULL) {
    work->rows = g_ptr_array_copy (rows, (GCopyFunc) (GCallback) cv_recording_file_row_copy, NULL);
    g_ptr_array_set_free_func (work->rows, (GDestroyNotify) cv_recording_file_row_free);
  }
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, func);
}

void
cv_contents_list_tracks_async (const char *directory, const char *recording, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  run (list_tracks_on_thread, directory, recording, NULL, NULL, callback, user_data);
}

GPtrArray *
cv_contents_list_tracks_finish (GAsyncResult *result, gint64 *modified, GError **error)
{
  *modified = ((const Work *) g_task_get_task_data (G_TASK (result)))->modified;
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cv_contents_hash_async (const char *directory, GPtrArray *rows, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  run (hash_on_thread, directory, NULL, rows, cancellable, callback, user_data);
}

GPtrArray *
cv_contents_hash_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cv_contents_check_async (const char *directory, GPtrArray *rows, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  run (check_on_thread, directory, NULL, rows, cancellable, callback, user_data);
}

GPtrArray *
cv_contents_check_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cv_contents_clean_async (const char *directory, const char *recording, GAsyncReadyCallback callback, gpointer user_data)
{
  run (clean_on_thread, directory, recording, NULL, NULL, callback, user_data);
}

gboolean
cv_contents_clean_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cv_contents_delete_async (const char *directory, const char *recording, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  run (delete_on_thread, directory, recording, NULL, NULL, callback, user_data);
}

gboolean
cv_contents_delete_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

GPtrArray *
cv_contents_list_folders (const char *directory)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (cv_id_is_valid (name, "r"))
      g_ptr_array_add (names, g_strdup (name));
  return names;
}
