/* One end of the socket between conclaved and a child: see channel.h.
 *
 * Owns the socket, the inbox, what waits to be sent (bounded: a peer that does not read is dead) and the requests under
 * way. One thread. Knows no message but answers.
 */
#include "ipc/channel.h"

#include "ipc/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* bytes read in one go: then others have their turn */
#define READ_BYTES (64 * 1024)

typedef struct {
  char *bytes;
  gsize n;
  gsize sent;
  int fds[CV_PARCEL_MAX_FDS]; /* ours; leave with the first byte */
  guint n_fds;
} Letter;

typedef struct {
  CvChannel *channel; /* borrowed: it owns this */
  gint64 id;
  GTask *task; /* NULL: its time is over, nobody waits */
  guint timer;
} Request;

struct _CvChannel {
  GObject parent_instance;
  CvClock *clock;
  int fd;          /* -1: closed */
  GSource *in;     /* NULL: nothing is read any more */
  GSource *out;    /* NULL: nothing waits, or it goes nowhere */
  GSource *ending; /* about to say that it is closed */
  gboolean deaf;   /* the other end takes nothing any more; what it said before is still to be read */
  CvInbox inbox;
  GQueue outbox;        /* of Letter */
  gsize queued;         /* bytes in it */
  GHashTable *requests; /* id → Request */
  gint64 last_id;
  CvChannelEnd why;
  char *text;
};

enum { SIGNAL_MESSAGE, SIGNAL_CLOSED, N_SIGNALS };

typedef struct {
  char *id;
} CvChannelErrorPrivate;

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvChannel, cv_channel, G_TYPE_OBJECT)

/* ---- The error of an answer carries an id ---- */

static void
cv_channel_error_private_init (CvChannelErrorPrivate *self)
{
}

static void
cv_channel_error_private_copy (const CvChannelErrorPrivate *self, CvChannelErrorPrivate *copy)
{
  copy->id = g_strdup (self->id);
}

static void
cv_channel_error_private_clear (CvChannelErrorPrivate *self)
{
  g_free (self->id);
}

G_DEFINE_EXTENDED_ERROR (CvChannelError, cv_channel_error)

const char *
cv_channel_error_get_id (const GError *error)
{
  if (!g_error_matches (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_ANSWER))
    return NULL;
  return cv_channel_error_get_private (error)->id;
}

static GError *
make_answer_error (const CvParcel *message)
{
  GError *error = g_error_new_literal (CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_ANSWER, message->text);

  cv_channel_error_get_private (error)->id = g_strdup (message->error);
  return error;
}

/* ---- The end ---- */

static void
letter_free (Letter *self)
{
  for (guint i = 0; i < self->n_fds; i++)
    g_close (self->fds[i], NULL);
  g_free (self->bytes);
  g_free (self);
}

static void
request_free (Request *self)
{
  cv_clock_cancel (self->channel->clock, &self->timer);
  g_clear_object (&self->task);
  g_free (self);
}

static void
destroy_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
on_task_failed (gpointer user_data)
{
  GTask *task = user_data;

  g_task_return_error (task, g_error_copy (g_task_get_task_data (task)));
  return G_SOURCE_REMOVE;
}

/* Never from within the call that made it fail: GTask itself would call back at once. */
static void
fail_later (GTask *task, CvChannelError code, const char *text)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_task_set_task_data (task, g_error_new_literal (CV_CHANNEL_ERROR, code, text), (GDestroyNotify) g_error_free);
  g_task_attach_source (task, source, on_task_failed);
}

static void
fail_requests (CvChannel *self)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  Request *request;

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &request))
    if (request->task != NULL)
      g_ptr_array_add (tasks, g_steal_pointer (&request->task));
  g_hash_table_remove_all (self->requests);
  for (guint i = 0; i < tasks->len; i++)
    fail_later (tasks->pdata[i], CV_CHANNEL_ERROR_CLOSED, "the other end is gone");
}

static void
clear_outbox (CvChannel *self)
{
  destroy_source (&self->out);
  g_queue_clear_full (&self->outbox, (GDestroyNotify) letter_free);
  self->queued = 0;
}

void
cv_channel_close (CvChannel *self)
{
  g_return_if_fail (CV_IS_CHANNEL (self));

  destroy_source (&self->in);
  destroy_source (&self->ending);
  clear_outbox (self);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  self->fd = -1;
  fail_requests (self);
}

static gboolean
on_ending (gpointer user_data)
{
  g_autoptr (CvChannel) self = g_object_ref (user_data);

  cv_channel_close (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, (guint) self->why, self->text);
  return G_SOURCE_REMOVE;
}

/* Nothing goes either way any more; the main loop says so. */
static void
end (CvChannel *self, CvChannelEnd why, const char *text)
{
  if (self->ending != NULL || self->fd < 0)
    return;
  destroy_source (&self->in);
  clear_outbox (self);
  self->why = why;
  self->text = g_strdup (text);
  self->ending = g_idle_source_new ();
  g_source_set_priority (self->ending, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->ending, on_ending, self, NULL);
  g_source_attach (self->ending, g_main_context_get_thread_default ());
}

gboolean
cv_channel_is_closed (CvChannel *self)
{
  g_return_val_if_fail (CV_IS_CHANNEL (self), TRUE);

  return self->fd < 0 || self->ending != NULL;
}

/* ---- Receiving ---- */

static void
take_answer (CvChannel *self, CvParcel *message)
{
  Request *request = g_hash_table_lookup (self->requests, &message->re);
  g_autoptr (GTask) task = NULL;

  if (request == NULL) {
    end (self, CV_CHANNEL_END_INVALID, "an answer to nothing");
    return;
  }
  task = g_steal_pointer (&request->task);
  g_hash_table_remove (self->requests, &message->re);
  if (task == NULL)
    return;
  if (message->error != NULL)
    g_task_return_error (task, make_answer_error (message));
  else
    g_task_return_pointer (task, json_object_ref (message->object), (GDestroyNotify) json_object_unref);
}

static void
take_messages (CvChannel *self)
{
  while (!cv_channel_is_closed (self)) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvParcel) message = cv_inbox_next (&self->inbox, &error);

    if (error != NULL)
      end (self, CV_CHANNEL_END_INVALID, error->message);
    if (message == NULL)
      return;
    if (message->re > 0)
      take_answer (self, message);
    else
      g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
  }
}

/* FALSE if there were more of them than may be. */
static gboolean
take_fds (CvChannel *self, struct msghdr *header)
{
  gboolean fits = (header->msg_flags & MSG_CTRUNC) == 0;

  for (struct cmsghdr *part = CMSG_FIRSTHDR (header); part != NULL; part = CMSG_NXTHDR (header, part)) {
    int fds[CV_PARCEL_MAX_FDS];
    gsize n = (part->cmsg_len - CMSG_LEN (0)) / sizeof fds[0];

    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
      continue;
    memcpy (fds, CMSG_DATA (part), n * sizeof fds[0]); /* not more: there was no room for more */
    fits = cv_inbox_push_fds (&self->inbox, fds, n) && fits;
  }
  return fits;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (CvChannel) self = g_object_ref (user_data);
  guint8 bytes[READ_BYTES];
  union {
    char space[CMSG_SPACE (CV_PARCEL_MAX_FDS * sizeof (int))];
    struct cmsghdr align;
  } control;
  struct iovec vector = { bytes, sizeof bytes };
  struct msghdr header = {
    .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space
  };
  gssize n = recvmsg (fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n < 0)
    end (self, CV_CHANNEL_END_EOF, g_strerror (errno));
  else if (!take_fds (self, &header))
    end (self, CV_CHANNEL_END_INVALID, "too many descriptors");
  else if (n == 0)
    end (self, CV_CHANNEL_END_EOF, "end of file");
  else
    cv_inbox_push (&self->inbox, bytes, n);
  take_messages (self);
  return G_SOURCE_CONTINUE;
}

gboolean
cv_channel_has_unread (CvChannel *self)
{
  int n = 0;

  g_return_val_if_fail (CV_IS_CHANNEL (self), FALSE);

  return self->fd >= 0 && ioctl (self->fd, FIONREAD, &n) == 0 && n > 0;
}

/* ---- Sending ---- */

static gssize
send_letter (CvChannel *self, Letter *letter)
{
  union {
    char space[CMSG_SPACE (CV_PARCEL_MAX_FDS * sizeof (int))];
    struct cmsghdr align;
  } control = { { 0 } };
  struct iovec vector = { letter->bytes + letter->sent, letter->n - letter->sent };
  struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

  if (letter->n_fds > 0) {
    struct cmsghdr *part;

    header.msg_control = control.space;
    header.msg_controllen = CMSG_SPACE (letter->n_fds * sizeof (int));
    part = CMSG_FIRSTHDR (&header);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN (letter->n_fds * sizeof (int));
    memcpy (CMSG_DATA (part), letter->fds, letter->n_fds * sizeof (int));
  }
  return sendmsg (self->fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
note_sent (CvChannel *self, Letter *letter, gsize n)
{
  for (guint i = 0; i < letter->n_fds; i++)
    g_close (letter->fds[i], NULL);
  letter->n_fds = 0;
  letter->sent += n;
  self->queued -= n;
  if (letter->sent == letter->n)
    letter_free (g_queue_pop_head (&self->outbox));
}

/* As much as the socket takes. */
static void
flush (CvChannel *self)
{
  Letter *letter;

  while ((letter = g_queue_peek_head (&self->outbox)) != NULL) {
    gssize n = send_letter (self, letter);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN)
      return;
    if (n < 0) {
      /* it may have said something before: who reads finds that, then the end */
      self->deaf = TRUE;
      clear_outbox (self);
      return;
    }
    note_sent (self, letter, n);
  }
}

static gboolean
on_writable (int fd, GIOCondition condition, gpointer user_data)
{
  CvChannel *self = user_data;

  flush (self);
  if (!g_queue_is_empty (&self->outbox))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->out, g_source_unref);
  return G_SOURCE_REMOVE;
}

static GSource *
watch (CvChannel *self, GIOCondition condition, GUnixFDSourceFunc callback)
{
  GSource *source = g_unix_fd_source_new (self->fd, condition);

  g_source_set_callback (source, G_SOURCE_FUNC (callback), self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

/* FALSE where there is no descriptor left for a duplicate. */
static gboolean
copy_fds (Letter *letter, const int *fds, guint n)
{
  for (guint i = 0; i < n; i++) {
    int copy = fcntl (fds[i], F_DUPFD_CLOEXEC, 3);

    if (copy < 0)
      return FALSE;
    letter->fds[letter->n_fds++] = copy;
  }
  return TRUE;
}

static gboolean
post (CvChannel *self, JsonBuilder *message, gint64 id, const int *fds, guint n_fds, GError **error)
{
  Letter *letter = g_new0 (Letter, 1);

  letter->bytes = cv_parcel_finish (message, id, n_fds, &letter->n);
  g_object_unref (message);
  if (cv_channel_is_closed (self))
    g_set_error_literal (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_CLOSED, "the other end is gone");
  else if (letter->bytes == NULL)
    g_set_error_literal (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_TOO_LONG, "the message is too long");
  else if (!copy_fds (letter, fds, n_fds))
    g_set_error_literal (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_DESCRIPTORS, "no descriptor is left");
  if (*error != NULL || self->deaf) {
    letter_free (letter);
    return *error == NULL;
  }
  g_queue_push_tail (&self->outbox, letter);
  self->queued += letter->n;
  if (self->out == NULL)
    flush (self);
  if (self->queued > CV_CHANNEL_MAX_QUEUE)
    end (self, CV_CHANNEL_END_STALLED, "it does not read");
  else if (self->queued > 0 && self->out == NULL)
    self->out = watch (self, G_IO_OUT, on_writable);
  return TRUE;
}

gboolean
cv_channel_send (CvChannel *self, JsonBuilder *message, const int *fds, guint n_fds)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (CV_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (n_fds <= CV_PARCEL_MAX_FDS, FALSE);

  return post (self, message, 0, fds, n_fds, &error);
}

gboolean
cv_channel_send_error (CvChannel *self, gint64 re, const char *error, const char *text)
{
  return cv_channel_send (self, cv_parcel_build_error (re, error, text), NULL, 0);
}

gboolean
cv_channel_is_drained (CvChannel *self)
{
  g_return_val_if_fail (CV_IS_CHANNEL (self), TRUE);

  return self->queued == 0;
}

/* ---- Requests ---- */

static void
on_request_timeout (gpointer user_data)
{
  Request *request = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&request->task);

  request->timer = 0;
  fail_later (task, CV_CHANNEL_ERROR_TIMEOUT, "no answer in time");
}

void
cv_channel_request_async (CvChannel *self, JsonBuilder *message, const int *fds, guint n_fds, guint timeout_ms,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (CV_IS_CHANNEL (self));
  g_return_if_fail (n_fds <= CV_PARCEL_MAX_FDS);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cv_channel_request_async);
  if (!post (self, message, ++self->last_id, fds, n_fds, &error)) {
    fail_later (task, error->code, error->message);
    return;
  }
  request = g_new0 (Request, 1);
  *request = (Request){ self, self->last_id, g_steal_pointer (&task), 0 };
  request->timer = cv_clock_after (self->clock, timeout_ms, on_request_timeout, request);
  g_hash_table_insert (self->requests, &request->id, request);
  if (g_hash_table_size (self->requests) > CV_CHANNEL_MAX_REQUESTS)
    end (self, CV_CHANNEL_END_STALLED, "it does not answer");
}

JsonObject *
cv_channel_request_finish (CvChannel *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Life ---- */

static void
cv_channel_dispose (GObject *object)
{
  cv_channel_close (CV_CHANNEL (object));
  G_OBJECT_CLASS (cv_channel_parent_class)->dispose (object);
}

static void
cv_channel_finalize (GObject *object)
{
  CvChannel *self = CV_CHANNEL (object);

  g_hash_table_unref (self->requests);
  cv_inbox_clear (&self->inbox);
  g_clear_object (&self->clock);
  g_free (self->text);
  G_OBJECT_CLASS (cv_channel_parent_class)->finalize (object);
}

static void
cv_channel_class_init (CvChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_channel_finalize;
  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", CV_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", CV_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                         2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
cv_channel_init (CvChannel *self)
{
  self->fd = -1;
  self->requests = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) request_free);
  cv_inbox_init (&self->inbox);
}

CvChannel *
cv_channel_new (int fd, CvClock *clock)
{
  CvChannel *self;

  g_return_val_if_fail (fd >= 0, NULL);
  g_return_val_if_fail (CV_IS_CLOCK (clock), NULL);

  self = g_object_new (CV_TYPE_CHANNEL, NULL);
  self->fd = fd;
  self->clock = g_object_ref (clock);
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  fcntl (fd, F_SETFD, FD_CLOEXEC);
  self->in = watch (self, G_IO_IN, on_readable);
  return self;
}
