/* A child's stderr into our log: see output.h.
 *
 * Whatever comes is read, so that the child never waits for us; what is too much is counted and dropped.
 */
#include "process/output.h"

#include "base/bucket.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#define CV_LOG_TOPIC "child"
#include "base/log.h"

/* bytes of a line; what is beyond is cut off */
#define MAX_LINE 1024
/* lines: enough at once for a sanitizer's report */
#define BURST 200
#define PER_SECOND 10
/* bytes read in one go, and at most when it is all over */
#define READ_BYTES 4096
#define LAST_BYTES (64 * 1024)

struct _CvOutput {
  GInputStream *stream;
  int fd; /* the stream's */
  GSource *source;
  CvClock *clock;
  char *name;
  char *room;
  GString *line;
  gboolean cut; /* the rest of this line is dropped */
  CvBucket bucket;
  guint dropped;
};

/* As our own programs begin their lines. A sanitizer's and a library's have none. */
static GLogLevelFlags
take_level (const char **text)
{
  static const struct {
    const char *prefix;
    GLogLevelFlags level;
  } levels[] = {
    { "WARNING ", G_LOG_LEVEL_WARNING },
    { "NOTICE ", G_LOG_LEVEL_MESSAGE },
    { "INFO ", G_LOG_LEVEL_INFO },
    { "DEBUG ", G_LOG_LEVEL_DEBUG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_str_has_prefix (*text, levels[i].prefix)) {
      *text += strlen (levels[i].prefix);
      return levels[i].level;
    }
  return G_LOG_LEVEL_MESSAGE;
}

static void
log_line (CvOutput *self)
{
  const char *text = self->line->str;
  GLogLevelFlags level;

  if (self->line->len == 0)
    return;
  if (!cv_bucket_take (&self->bucket, PER_SECOND, BURST, cv_clock_now (self->clock))) {
    self->dropped++;
    return;
  }
  if (self->dropped > 0)
    cv_notice (self->room, NULL, "%s: %u lines dropped", self->name, self->dropped);
  self->dropped = 0;
  level = take_level (&text);
  cv_log_write (level, CV_LOG_TOPIC, self->room, NULL, "%s: %s", self->name, text);
}

static void
take_bytes (CvOutput *self, const char *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    if (bytes[i] == '\n') {
      log_line (self);
      g_string_truncate (self->line, 0);
      self->cut = FALSE;
    } else if (self->line->len < MAX_LINE && !self->cut) {
      /* the log escapes what is left; a NUL would end the text */
      g_string_append_c (self->line, bytes[i] != '\0' ? bytes[i] : ' ');
    } else {
      self->cut = TRUE;
    }
  }
}

/* Returns: bytes, 0 at the end, -1 where there are none now. */
static gssize
read_some (CvOutput *self)
{
  char bytes[READ_BYTES];
  gssize n;

  do
    n = read (self->fd, bytes, sizeof bytes);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    take_bytes (self, bytes, n);
  return n < 0 && errno != EAGAIN ? 0 : n;
}

static void
stop (CvOutput *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  CvOutput *self = user_data;

  if (read_some (self) == 0)
    stop (self);
  return G_SOURCE_CONTINUE;
}

CvOutput *
cv_output_new (GInputStream *stream, const char *name, CvClock *clock)
{
  CvOutput *self;

  g_return_val_if_fail (G_IS_UNIX_INPUT_STREAM (stream), NULL);

  self = g_new0 (CvOutput, 1);
  self->stream = g_object_ref (stream);
  self->fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (stream));
  self->clock = g_object_ref (clock);
  self->name = g_strdup (name);
  self->line = g_string_new (NULL);
  cv_bucket_init (&self->bucket, BURST, cv_clock_now (clock));
  g_unix_set_fd_nonblocking (self->fd, TRUE, NULL);
  self->source = g_unix_fd_source_new (self->fd, G_IO_IN);
  /* a child that talks without end must not hold up what matters */
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

void
cv_output_free (CvOutput *self)
{
  for (gsize n = 0; self->source != NULL && n < LAST_BYTES; n += READ_BYTES)
    if (read_some (self) <= 0)
      break;
  log_line (self);
  stop (self);
  g_object_unref (self->stream);
  g_object_unref (self->clock);
  g_string_free (self->line, TRUE);
  g_free (self->name);
  g_free (self->room);
  g_free (self);
}

void
cv_output_set_room (CvOutput *self, const char *room)
{
  g_free (self->room);
  self->room = g_strdup (room);
}
