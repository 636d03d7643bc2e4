/* See downloads.h. */
#include "signalling/downloads.h"

#include "signalling/filenames.h"
#include "signalling/http.h"
#include "signalling/ranges.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is left to be sent of a file. */
typedef struct {
  CvOpenedFile *file;
  guint64 offset;
  guint64 left;
} Part;

static void
part_free (gpointer data)
{
  Part *self = data;
  cv_opened_file_free (self->file);
  g_free (self);
}

/* ---- a reading thread: touches its part alone ---- */

static GBytes *
read_piece (gpointer data, GError **error)
{
  Part *part = data;
  gsize n = (gsize) MIN (part->left, CV_BODY_PIECE_BYTES);
  g_autofree guint8 *bytes = g_malloc (n);
  gssize got = 0;
  do
    got = pread (part->file->fd, bytes, n, (off_t) part->offset);
  while (got < 0 && errno == EINTR);
  if (got <= 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (got < 0 ? errno : EIO), "a file cannot be read");
    return NULL;
  }
  part->offset += (guint64) got;
  part->left -= (guint64) got;
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize) got);
}

/* ---- main thread ---- */

void
cv_download_set_headers (SoupServerMessage *message, const char *type, const char *filename, gboolean attachment)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *disposition = cv_filename_to_disposition (filename, attachment);
  soup_message_headers_replace (headers, "Content-Type", type);
  soup_message_headers_replace (headers, "Content-Disposition", disposition);
  soup_message_headers_replace (headers, "Content-Security-Policy",
                                "sandbox; default-src 'none'; frame-ancestors 'none'");
  /* kept by the browser of who may see it, and asked for anew each time: it may no longer be theirs to see */
  soup_message_headers_replace (headers, "Cache-Control", "private, no-cache");
}

/* Its hash, or where none is known yet what changes with each write. */
static char *
make_etag (const CvOpenedFile *file)
{
  struct stat status = { 0 };
  if (*file->sha256 != '\0')
    return g_strdup_printf ("\"%s\"", file->sha256);
  fstat (file->fd, &status);
  return g_strdup_printf ("\"%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%lx\"", file->bytes,
                          (gint64) status.st_mtim.tv_sec, (gulong) status.st_mtim.tv_nsec);
}

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (message), name);
}

/* The proxy looks at ranges and tags by itself. */
static void
pass_on (const CvDownload *self, SoupServerMessage *message)
{
  g_autofree char *path = g_uri_escape_string (self->file->path, "/", FALSE);
  g_autofree char *where = g_build_path ("/", self->accel_prefix, path, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "X-Accel-Redirect", where);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static void
send_part (const CvDownload *self, CvBodies *bodies, SoupServerMessage *message, const CvRange *range)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  gboolean head = g_str_equal (soup_server_message_get_method (message), "HEAD");
  if (head || range->n == 0) {
    soup_message_headers_set_content_length (headers, (goffset) range->n);
    cv_opened_file_free (self->file);
    return;
  }
  Part *part = g_new0 (Part, 1);
  *part = (Part){ self->file, range->first, range->n };
  cv_bodies_send (bodies, message, range->n, read_piece, part, part_free);
}

static void
refuse_range (const CvDownload *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *text = cv_range_to_text (NULL, (guint64) self->file->bytes);
  soup_message_headers_remove (headers, "Content-Disposition");
  soup_message_headers_replace (headers, "Content-Range", text);
  cv_http_respond_error (message, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE, "no-range",
                         "The file has no such part.");
}

void
cv_download_answer (const CvDownload *self, CvBodies *bodies, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *etag = make_etag (self->file);
  guint64 size = (guint64) self->file->bytes;
  CvRange range;

  cv_download_set_headers (message, self->file->type, self->filename, self->attachment);
  soup_message_headers_replace (headers, "ETag", etag);
  if (*self->accel_prefix != '\0') {
    pass_on (self, message);
    cv_opened_file_free (self->file);
    return;
  }
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  if (cv_etag_is_known (get_header (message, "If-None-Match"), etag)) {
    cv_http_respond_nothing (message, SOUP_STATUS_NOT_MODIFIED);
    cv_opened_file_free (self->file);
    return;
  }
  gboolean same = cv_range_fits_etag (get_header (message, "If-Range"), etag);
  switch (cv_range_read (same ? get_header (message, "Range") : NULL, size, &range)) {
  case CV_RANGE_WHOLE:
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
    send_part (self, bodies, message, &range);
    break;
  case CV_RANGE_PART: {
    g_autofree char *text = cv_range_to_text (&range, size);
    soup_message_headers_replace (headers, "Content-Range", text);
    soup_server_message_set_status (message, SOUP_STATUS_PARTIAL_CONTENT, NULL);
    send_part (self, bodies, message, &range);
    break;
  }
  case CV_RANGE_UNSATISFIABLE:
    refuse_range (self, message);
    cv_opened_file_free (self->file);
    break;
  }
}
