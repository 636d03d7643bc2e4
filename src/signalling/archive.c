/* See archive.h. */
#include "signalling/archive.h"

#include "library/folder.h"
#include "signalling/bodies.h"
#include "signalling/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

typedef enum { PHASE_HEAD, PHASE_CONTENT, PHASE_TAIL, PHASE_OVER } Phase;

typedef struct {
  char *name;
  char *shown;
  guint64 size;
} File;

struct _CvArchive {
  char *directory;
  char *recording;
  CvFolder *folder; /* NULL until it is prepared */
  CvZip *zip;
  GPtrArray *files; /* of File */
  Phase phase;
  guint file; /* that is being sent */
  int fd;     /* of it, or -1 */
  guint64 left;
  guint32 crc;
};

static void
file_free (File *self)
{
  g_free (self->name);
  g_free (self->shown);
  g_free (self);
}

CvArchive *
cv_archive_new (const char *directory, const char *recording)
{
  CvArchive *self = g_new0 (CvArchive, 1);
  self->directory = g_strdup (directory);
  self->recording = g_strdup (recording);
  self->zip = cv_zip_new ();
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  self->fd = -1;
  return self;
}

void
cv_archive_free (CvArchive *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->folder, cv_folder_free);
  cv_zip_free (self->zip);
  g_ptr_array_unref (self->files);
  g_free (self->directory);
  g_free (self->recording);
  g_free (self);
}

void
cv_archive_add (CvArchive *self, const char *name, const char *shown)
{
  File *file = g_new0 (File, 1);
  file->name = g_strdup (name);
  file->shown = g_strdup (shown);
  g_ptr_array_add (self->files, file);
}

/* ---- a thread of GLib's, while nobody else has the archive ---- */

static gboolean
look_at (CvArchive *self, File *file, GError **error)
{
  struct stat status;
  int fd = cv_folder_open_file (self->folder, file->name, error);
  if (fd < 0)
    return FALSE;
  gboolean known = fstat (fd, &status) == 0;
  close (fd);
  if (!known) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), file->name);
    return FALSE;
  }
  file->size = (guint64) status.st_size;
  cv_zip_add (self->zip, file->shown, file->size, status.st_mtim.tv_sec);
  return TRUE;
}

static void
prepare (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CvArchive *self = data;
  GError *error = NULL;
  self->folder = cv_folder_open (self->directory, self->recording, &error);
  for (guint i = 0; error == NULL && i < self->files->len; i++)
    look_at (self, g_ptr_array_index (self->files, i), &error);
  self->phase = self->files->len > 0 ? PHASE_HEAD : PHASE_OVER;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* ---- a thread of bodies.h, or whoever has the archive ---- */

static GBytes *
open_next (CvArchive *self, GError **error)
{
  const File *file = g_ptr_array_index (self->files, self->file);
  self->fd = cv_folder_open_file (self->folder, file->name, error);
  if (self->fd < 0)
    return NULL;
  posix_fadvise (self->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  self->left = file->size;
  self->crc = (guint32) crc32_z (0, NULL, 0);
  self->phase = file->size > 0 ? PHASE_CONTENT : PHASE_TAIL;
  return cv_zip_get_head (self->zip, self->file);
}

static GBytes *
read_content (CvArchive *self, GError **error)
{
  gsize n = (gsize) MIN (self->left, CV_BODY_PIECE_BYTES);
  g_autofree guint8 *bytes = g_malloc (n);
  gssize got = 0;
  do
    got = read (self->fd, bytes, n);
  while (got < 0 && errno == EINTR);
  if (got <= 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (got < 0 ? errno : EIO),
                         "a file of an archive cannot be read to its end");
    return NULL;
  }
  self->crc = (guint32) crc32_z (self->crc, bytes, (gsize) got);
  self->left -= (guint64) got;
  if (self->left == 0)
    self->phase = PHASE_TAIL;
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize) got);
}

static GBytes *
end_file (CvArchive *self)
{
  GBytes *tail = cv_zip_get_tail (self->zip, self->file, self->crc);
  close (self->fd);
  self->fd = -1;
  self->file++;
  self->phase = self->file < self->files->len ? PHASE_HEAD : PHASE_OVER;
  return tail;
}

GBytes *
cv_archive_next (gpointer archive, GError **error)
{
  CvArchive *self = archive;
  switch (self->phase) {
  case PHASE_HEAD:
    return open_next (self, error);
  case PHASE_CONTENT:
    return read_content (self, error);
  case PHASE_TAIL:
    return end_file (self);
  case PHASE_OVER:
  default:
    return cv_zip_get_end (self->zip);
  }
}

/* ---- main thread ---- */

void
cv_archive_prepare_async (CvArchive *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, cv_archive_prepare_async);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, prepare);
}

gboolean
cv_archive_prepare_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

guint64
cv_archive_get_size (CvArchive *self)
{
  return cv_zip_get_size (self->zip);
}
