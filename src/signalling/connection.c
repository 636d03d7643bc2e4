/* See connection.h. */
#include "signalling/connection.h"

#include "base/bucket.h"
#include "base/tally.h"
#include "signalling/bounds.h"
#include "signalling/protocol.h"

#define CV_LOG_TOPIC "connection"
#include "base/log.h"

/* After a close of ours the other side has this long to answer it. */
#define GOODBYE_MS 5000

struct _CvConnection {
  GObject parent_instance;
  SoupWebsocketConnection *websocket;
  CvGuard *guard;
  CvClock *clock;
  const CvConnectionFuncs *funcs; /* NULL once `closed` was called */
  gpointer user_data;
  char *address;
  char *host;
  char *account;
  gpointer session;
  gpointer arrival;
  gboolean joining;
  gboolean closing;
  guint rate;
  CvBucket bucket;
  gint64 opened; /* µs, monotonic, like those below */
  gint64 heard;
  gint64 asked; /* when `ping` was sent, or 0 */
  gint64 closing_since;
  guint64 written_before; /* by the guard, when this began */
  guint64 queued;         /* bytes handed to libsoup, with their frame headers */
};

G_DEFINE_FINAL_TYPE (CvConnection, cv_connection, G_TYPE_OBJECT)

static void
cv_connection_dispose (GObject *object)
{
  CvConnection *self = CV_CONNECTION (object);
  if (self->guard != NULL)
    cv_guard_unwatch (self->guard);
  if (self->websocket != NULL)
    g_signal_handlers_disconnect_by_data (self->websocket, self);
  g_clear_object (&self->websocket);
  g_clear_object (&self->guard);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_connection_parent_class)->dispose (object);
}

static void
cv_connection_finalize (GObject *object)
{
  CvConnection *self = CV_CONNECTION (object);
  g_free (self->address);
  g_free (self->host);
  g_free (self->account);
  G_OBJECT_CLASS (cv_connection_parent_class)->finalize (object);
}

static void
cv_connection_class_init (CvConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_connection_finalize;
}

static void
cv_connection_init (CvConnection *self)
{
}

/* Libsoup's queue has no bound and cannot be asked: what went in less what came out. Closes where `more` is too much. */
static gboolean
has_space (CvConnection *self, gsize more)
{
  guint64 written = cv_guard_get_written (self->guard) - self->written_before;
  if (self->queued + cv_guard_get_pongs (self->guard) + more <= written + CV_LIMIT_QUEUE_BYTES)
    return TRUE;
  cv_info (NULL, NULL, "a client reads too slowly");
  cv_connection_close (self, 4004);
  return FALSE;
}

static void
on_websocket_message (SoupWebsocketConnection *websocket, gint type, GBytes *bytes, gpointer user_data)
{
  g_autoptr (CvConnection) self = g_object_ref (CV_CONNECTION (user_data));
  if (self->closing || self->funcs == NULL)
    return;
  self->heard = cv_clock_now (self->clock);
  self->asked = 0;
  cv_tally_count_as (CV_TALLY_MESSAGES, CV_TALLY_IN);
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    cv_connection_fail (self, CV_PROBLEM_BAD_MESSAGE);
  else if (!cv_bucket_take (&self->bucket, self->rate, CV_LIMIT_MESSAGE_BURST, self->heard))
    cv_connection_fail (self, CV_PROBLEM_RATE_LIMITED);
  else if (has_space (self, 0)) /* pongs may wait, and there cannot be many between two messages */
    self->funcs->message (self, text, length, self->user_data);
}

static void
on_websocket_closed (SoupWebsocketConnection *websocket, gpointer user_data)
{
  g_autoptr (CvConnection) self = g_object_ref (CV_CONNECTION (user_data));
  const CvConnectionFuncs *funcs = g_steal_pointer (&self->funcs);
  self->closing = TRUE;
  if (funcs != NULL)
    funcs->closed (self, self->user_data);
}

static void
on_guard_refuse (gpointer user_data)
{
  CvConnection *self = user_data;
  cv_debug (NULL, NULL, "a message is too large");
  cv_connection_close (self, SOUP_WEBSOCKET_CLOSE_TOO_BIG);
}

CvConnection *
cv_connection_new (const CvConnectionOptions *options, const CvConnectionFuncs *funcs, gpointer user_data)
{
  CvConnection *self = g_object_new (CV_TYPE_CONNECTION, NULL);
  self->websocket = g_object_ref (options->websocket);
  self->guard = g_object_ref (options->guard);
  self->clock = g_object_ref (options->clock);
  self->address = g_strdup (options->address);
  self->host = g_strdup (options->host);
  self->account = g_strdup (options->account);
  self->funcs = funcs;
  self->user_data = user_data;
  self->rate = options->messages_per_second;
  self->opened = self->heard = cv_clock_now (self->clock);
  self->written_before = cv_guard_get_written (self->guard);
  cv_bucket_init (&self->bucket, CV_LIMIT_MESSAGE_BURST, self->opened);

  soup_websocket_connection_set_max_incoming_payload_size (self->websocket, CV_LIMIT_MESSAGE_BYTES);
  cv_guard_watch_frames (self->guard, CV_LIMIT_MESSAGE_BYTES, CV_LIMIT_MESSAGE_FRAGMENTS, on_guard_refuse, self);
  g_signal_connect (self->websocket, "message", G_CALLBACK (on_websocket_message), self);
  g_signal_connect (self->websocket, "closed", G_CALLBACK (on_websocket_closed), self);
  return self;
}

const char *
cv_connection_get_address (CvConnection *self)
{
  return self->address;
}

const char *
cv_connection_get_host (CvConnection *self)
{
  return self->host;
}

const char *
cv_connection_get_account (CvConnection *self)
{
  return self->account;
}

void
cv_connection_set_session (CvConnection *self, gpointer session)
{
  self->session = session;
}

gpointer
cv_connection_get_session (CvConnection *self)
{
  return self->session;
}

void
cv_connection_set_joining (CvConnection *self, gboolean joining)
{
  self->joining = joining;
}

gboolean
cv_connection_is_joining (CvConnection *self)
{
  return self->joining;
}

void
cv_connection_set_arrival (CvConnection *self, gpointer arrival)
{
  self->arrival = arrival;
}

gpointer
cv_connection_get_arrival (CvConnection *self)
{
  return self->arrival;
}

gboolean
cv_connection_is_open (CvConnection *self)
{
  return !self->closing && soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN;
}

gboolean
cv_connection_charge (CvConnection *self, guint messages)
{
  gint64 now = cv_clock_now (self->clock);
  for (guint i = 0; i < messages; i++)
    if (!cv_bucket_take (&self->bucket, self->rate, CV_LIMIT_MESSAGE_BURST, now))
      return FALSE;
  return TRUE;
}

static gsize
framed_size (gsize length)
{
  return length + (length < 126 ? 2 : length < 65536 ? 4 : 10);
}

void
cv_connection_send (CvConnection *self, const char *text, gsize length)
{
  if (!cv_connection_is_open (self) || !has_space (self, length))
    return;
  self->queued += framed_size (length);
  cv_tally_count_as (CV_TALLY_MESSAGES, CV_TALLY_OUT);
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  soup_websocket_connection_send_message (self->websocket, SOUP_WEBSOCKET_DATA_TEXT, bytes);
}

void
cv_connection_fail (CvConnection *self, CvProblem problem)
{
  g_autoptr (GBytes) body = cv_message_error (problem, 0);
  cv_tally_count_as (CV_TALLY_REFUSED, problem);
  cv_connection_send (self, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  cv_connection_close (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

void
cv_connection_close (CvConnection *self, guint16 code)
{
  if (!cv_connection_is_open (self))
    return;
  self->closing = TRUE;
  self->closing_since = cv_clock_now (self->clock);
  soup_websocket_connection_close (self->websocket, code, NULL);
}

static void
ask (CvConnection *self, gint64 now)
{
  g_autoptr (GBytes) body = cv_message_ping ();
  self->asked = now;
  cv_connection_send (self, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

void
cv_connection_sweep (CvConnection *self)
{
  gint64 now = cv_clock_now (self->clock);
  gint64 silence = (now - self->heard) / 1000;
  if (self->closing) {
    if ((now - self->closing_since) / 1000 > GOODBYE_MS)
      g_io_stream_close (G_IO_STREAM (self->guard), NULL, NULL);
  } else if (self->session == NULL && !self->joining && (now - self->opened) / 1000 > CV_LIMIT_JOIN_MS) {
    cv_connection_close (self, 4002);
  } else if (silence > CV_LIMIT_SILENCE_MS) {
    cv_connection_close (self, 4003);
  } else if (has_space (self, 0) && silence > CV_LIMIT_PING_MS && self->asked == 0) {
    ask (self, now);
  }
}
