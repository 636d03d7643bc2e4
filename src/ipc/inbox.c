/* Bytes and descriptors into messages: see inbox.h.
 *
 * A line is bounded before it is whole, and so is the number of descriptors that wait: the other end cannot make either
 * grow.
 */
#include "ipc/inbox.h"

#include <string.h>
#include <unistd.h>

void
cv_inbox_init (CvInbox *self)
{
  *self = (CvInbox){ .bytes = g_byte_array_new () };
}

void
cv_inbox_clear (CvInbox *self)
{
  for (guint i = 0; i < self->n_fds; i++)
    close (self->fds[i]);
  self->n_fds = 0;
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

void
cv_inbox_push (CvInbox *self, const guint8 *bytes, gsize n)
{
  if (self->from > 0) {
    g_byte_array_remove_range (self->bytes, 0, self->from);
    self->scanned -= self->from;
    self->from = 0;
  }
  g_byte_array_append (self->bytes, bytes, n);
}

gboolean
cv_inbox_push_fds (CvInbox *self, const int *fds, guint n)
{
  gboolean fits = self->n_fds + n <= CV_PARCEL_MAX_FDS;

  for (guint i = 0; i < n; i++) {
    if (fits)
      self->fds[self->n_fds++] = fds[i];
    else
      close (fds[i]);
  }
  return fits;
}

/* Moves on behind the next line. FALSE where none is whole. */
static gboolean
take_line (CvInbox *self, const char **line, gsize *n)
{
  const guint8 *start, *end = NULL;

  if (self->bytes->len == 0)
    return FALSE; /* and no memory yet, which nothing may be added to */
  start = self->bytes->data + self->from;
  if (self->scanned < self->bytes->len)
    end = memchr (self->bytes->data + self->scanned, '\n', self->bytes->len - self->scanned);
  if (end == NULL) {
    self->scanned = self->bytes->len;
    return FALSE;
  }
  *line = (const char *) start;
  *n = end - start;
  self->from += *n + 1;
  self->scanned = self->from;
  return TRUE;
}

static gboolean
give_fds (CvInbox *self, CvParcel *message)
{
  if (message->n_fds > self->n_fds)
    return FALSE;
  memcpy (message->fds, self->fds, message->n_fds * sizeof self->fds[0]);
  self->n_fds -= message->n_fds;
  memmove (self->fds, self->fds + message->n_fds, self->n_fds * sizeof self->fds[0]);
  return TRUE;
}

CvParcel *
cv_inbox_next (CvInbox *self, GError **error)
{
  g_autoptr (CvParcel) message = NULL;
  const char *line;
  gsize n;

  if (!take_line (self, &line, &n)) {
    if (self->bytes->len - self->from > CV_PARCEL_MAX_BYTES)
      g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_LIMIT, "line without an end");
    else if (self->bytes->len == self->from && self->n_fds > 0)
      g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "descriptors of no message");
    return NULL;
  }
  message = cv_parcel_parse (line, n, error);
  if (message == NULL)
    return NULL;
  if (!give_fds (self, message)) {
    g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "fewer descriptors than it says");
    return NULL;
  }
  return g_steal_pointer (&message);
}
