/* See export.h. */
#include "ctl/export.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (256 * 1024)

/* What is being written. */
typedef struct {
  const CvExport *file;
  char *path;
  char *part; /* PATH.part */
  int fd;
  GChecksum *sum;
  gint64 done;
  CvExportProgress progress;
  gpointer user_data;
  guint8 *buffer; /* PIECE */
} Copy;

static void
copy_clear (Copy *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->sum, g_checksum_free);
  g_free (self->path);
  g_free (self->part);
  g_free (self->buffer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)

static gboolean
fail (const char *path, GError **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path, g_strerror (code));
  return FALSE;
}

/* Where it is to be. */
static char *
choose_path (const char *path, const char *name)
{
  g_autofree char *base = g_path_get_basename (name);

  return g_file_test (path, G_FILE_TEST_IS_DIR) ? g_build_filename (path, base, NULL) : g_strdup (path);
}

/* Two at once would write into each other. */
static gboolean
open_part (Copy *self, GError **error)
{
  self->fd = g_open (self->part, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return fail (self->part, error);
  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s is being written already", self->part);
  return FALSE;
}

static void
tell (Copy *self, gsize n)
{
  self->done += (gint64) n;
  if (self->progress != NULL)
    self->progress (self->done, self->file->bytes, self->user_data);
}

/* Goes to the end of what is there. */
static gboolean
read_part (Copy *self, GError **error)
{
  ssize_t n;

  while ((n = read (self->fd, self->buffer, PIECE)) > 0) {
    g_checksum_update (self->sum, self->buffer, n);
    self->done += n;
  }
  return n == 0 ? TRUE : fail (self->part, error);
}

static gboolean
start_over (Copy *self, GError **error)
{
  g_checksum_reset (self->sum);
  self->done = 0;
  if (ftruncate (self->fd, 0) == 0 && lseek (self->fd, 0, SEEK_SET) == 0)
    return TRUE;
  return fail (self->part, error);
}

static gboolean
write_all (Copy *self, gsize n, GError **error)
{
  for (gsize written = 0; written < n;) {
    ssize_t step = write (self->fd, self->buffer + written, n - written);

    if (step < 0 && errno != EINTR)
      return fail (self->part, error);
    written += (gsize) MAX (step, 0);
  }
  g_checksum_update (self->sum, self->buffer, (gssize) n);
  tell (self, n);
  return TRUE;
}

static gboolean
fetch (Copy *self, CvClient *client, GError **error)
{
  g_autofree char *etag = self->file->sha256 != NULL ? g_strdup_printf ("\"%s\"", self->file->sha256) : NULL;
  g_autoptr (GInputStream) stream = NULL;
  guint64 offset = (guint64) self->done;
  gssize n;

  stream = cv_client_open (client, self->file->request, &offset, etag, error);
  if (stream == NULL || (offset != (guint64) self->done && !start_over (self, error)))
    return FALSE;
  while ((n = g_input_stream_read (stream, self->buffer, PIECE, NULL, error)) > 0)
    if (!write_all (self, (gsize) n, error))
      return FALSE;
  if (n < 0)
    g_prefix_error (error,
                    "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes came; start it again to go on: ", self->done,
                    self->file->bytes);
  return n == 0;
}

/* Is there nothing left to be fetched? */
static gboolean
is_whole (Copy *self)
{
  g_autoptr (GChecksum) sum = g_checksum_copy (self->sum); /* asking closes it */

  return self->done == self->file->bytes && g_strcmp0 (g_checksum_get_string (sum), self->file->sha256) == 0;
}

/* FALSE where it is not what the server has. */
static gboolean
check (Copy *self, GError **error)
{
  const char *sum = g_checksum_get_string (self->sum);

  if (self->done == self->file->bytes && (self->file->sha256 == NULL || g_str_equal (sum, self->file->sha256)))
    return TRUE;
  if (self->done < self->file->bytes) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                 "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes came; start it again to go on", self->done,
                 self->file->bytes);
    return FALSE;
  }
  g_unlink (self->part);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s came with a wrong checksum, and is not kept",
               self->file->name);
  return FALSE;
}

static gboolean
finish (Copy *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  int fd;

  if (fsync (self->fd) != 0 || g_rename (self->part, self->path) != 0)
    return fail (self->path, error);
  fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd >= 0) {
    fsync (fd);
    close (fd);
  }
  return TRUE;
}

char *
cv_export_run (const CvExport *file, CvClient *client, const char *path, CvExportProgress progress, gpointer user_data,
               GError **error)
{
  g_auto (Copy) copy = { .file = file, .fd = -1, .progress = progress, .user_data = user_data };
  gboolean whole;

  copy.path = choose_path (path, file->name);
  copy.part = g_strconcat (copy.path, ".part", NULL);
  copy.sum = g_checksum_new (G_CHECKSUM_SHA256);
  copy.buffer = g_malloc (PIECE);
  if (!open_part (&copy, error) || !read_part (&copy, error))
    return NULL;
  whole = is_whole (&copy);
  if (!whole && copy.done >= file->bytes && !start_over (&copy, error))
    return NULL;
  if ((!whole && !fetch (&copy, client, error)) || !check (&copy, error) || !finish (&copy, error))
    return NULL;
  return g_steal_pointer (&copy.path);
}
