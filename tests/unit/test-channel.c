/* Both ends of the socket between the daemon and a child: messages, requests, descriptors, and every way to break it. */
#define _GNU_SOURCE /* pipe2 */
#include "ipc/channel.h"

#include "lib/processes.h"
#include "lib/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  CvClock *clock;
  CvChannel *channel; /* under test */
  CvChannel *other;   /* NULL where the test writes bytes itself */
  int peer;           /* then: its end; else -1 */
  GPtrArray *types;   /* of what the channel got */
  gint64 asked;       /* the last message's id */
  int fd;             /* a descriptor that came, taken */
  int end;            /* -1: not closed */
  char *why;
} Fixture;

static void
on_message (CvChannel *channel, CvParcel *message, gpointer user_data)
{
  Fixture *f = user_data;

  g_ptr_array_add (f->types, g_strdup (message->type));
  f->asked = message->id;
  if (g_str_equal (message->type, "take"))
    f->fd = cv_parcel_take_fd (message, 0);
  if (g_str_equal (message->type, "close"))
    cv_channel_close (channel);
}

static void
on_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpint (f->end, ==, -1);
  g_assert_true (cv_channel_is_closed (channel));
  f->end = (int) why;
  f->why = g_strdup (text);
}

static void
set_up (Fixture *f, gconstpointer raw)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  f->clock = cv_clock_new_fake (0);
  f->channel = cv_channel_new (fds[0], f->clock);
  f->peer = raw != NULL ? fds[1] : -1;
  f->other = raw != NULL ? NULL : cv_channel_new (fds[1], f->clock);
  f->types = g_ptr_array_new_with_free_func (g_free);
  f->fd = -1;
  f->end = -1;
  g_signal_connect (f->channel, "message", G_CALLBACK (on_message), f);
  g_signal_connect (f->channel, "closed", G_CALLBACK (on_closed), f);
}

static void
tear_down (Fixture *f, gconstpointer raw)
{
  cv_channel_close (f->channel);
  cv_test_settle ();
  cv_test_wait_gone (f->channel);
  g_clear_object (&f->other);
  if (f->peer >= 0)
    close (f->peer);
  if (f->fd >= 0)
    close (f->fd);
  g_ptr_array_unref (f->types);
  g_free (f->why);
  cv_test_wait_gone (f->clock);
}

static void
put (Fixture *f, const char *text)
{
  g_assert_cmpint (write (f->peer, text, strlen (text)), ==, (gssize) strlen (text));
}

static void
put_fds (Fixture *f, const char *text, guint n)
{
  char control[CMSG_SPACE (64 * sizeof (int))] = { 0 };
  int fds[64];
  struct iovec vector = { (char *) text, strlen (text) };
  struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control };
  struct cmsghdr *part;

  for (guint i = 0; i < n; i++)
    fds[i] = f->peer;
  header.msg_controllen = CMSG_SPACE (n * sizeof (int));
  part = CMSG_FIRSTHDR (&header);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN (n * sizeof (int));
  memcpy (CMSG_DATA (part), fds, n * sizeof (int));
  g_assert_cmpint (sendmsg (f->peer, &header, MSG_NOSIGNAL), ==, (gssize) strlen (text));
}

static void
assert_ends (Fixture *f, CvChannelEnd end, const char *pattern)
{
  cv_test_wait_until (f->end >= 0);
  g_assert_cmpint (f->end, ==, end);
  if (!g_pattern_match_simple (pattern, f->why))
    g_error ("%s, not %s", f->why, pattern);
  g_assert_false (cv_channel_send (f->channel, cv_parcel_build ("late"), NULL, 0));
}

static void
request (Fixture *f, GAsyncResult **slot)
{
  cv_channel_request_async (f->channel, cv_parcel_build ("ask"), NULL, 0, 1000, cv_test_on_ready, slot);
}

static JsonObject *
finish (Fixture *f, GAsyncResult **slot, GError **error)
{
  g_autoptr (GAsyncResult) result = cv_test_wait_for (slot);

  return cv_channel_request_finish (f->channel, result, error);
}

static void
assert_fails (Fixture *f, GAsyncResult **slot, CvChannelError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (finish (f, slot, &error));
  g_assert_error (error, CV_CHANNEL_ERROR, (int) code);
  g_assert_null (cv_channel_error_get_id (error));
}

/* ---- Between two channels ---- */

static void
test_messages (Fixture *f, gconstpointer raw)
{
  for (guint i = 0; i < 3; i++)
    g_assert_true (cv_channel_send (f->other, cv_parcel_build (i == 1 ? "b" : "a"), NULL, 0));
  cv_test_wait_until (f->types->len == 3);
  g_assert_cmpstr (f->types->pdata[1], ==, "b");
  g_assert_true (cv_channel_is_drained (f->other));
  cv_channel_close (f->other);
  assert_ends (f, CV_CHANNEL_END_EOF, "end of file");
}

static void
on_ask (CvChannel *other, CvParcel *message, gpointer user_data)
{
  JsonBuilder *answer;

  if (message->id == 1) {
    answer = cv_parcel_build_answer (message->id);
    cv_json_add_text (answer, "answer", "v=0");
    cv_channel_send (other, answer, NULL, 0);
  } else {
    cv_channel_send_error (other, message->id, "no-codec", "No codec of ours.");
  }
}

static void
test_requests (Fixture *f, gconstpointer raw)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  g_autoptr (JsonObject) object = NULL;
  GAsyncResult *first = NULL, *second = NULL;

  g_signal_connect (f->other, "message", G_CALLBACK (on_ask), NULL);
  request (f, &first);
  request (f, &second);
  object = finish (f, &first, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_object_get_size (object), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (object, "answer"), ==, "v=0");
  g_assert_null (finish (f, &second, &error));
  g_assert_error (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_ANSWER);
  copy = g_error_copy (error);
  g_assert_cmpstr (cv_channel_error_get_id (copy), ==, "no-codec");
  g_assert_cmpstr (copy->message, ==, "No codec of ours.");
}

/* The same open file comes out, and nothing is left behind. */
static void
test_fds (Fixture *f, gconstpointer raw)
{
  guint before = cv_test_count_descriptors ();
  int pipes[2];
  char byte = 0;

  g_assert_cmpint (pipe2 (pipes, O_CLOEXEC), ==, 0);
  g_assert_true (cv_channel_send (f->other, cv_parcel_build ("take"), pipes, 2));
  cv_test_wait_until (f->types->len == 1);
  g_assert_cmpint (f->fd, >=, 0);
  g_assert_cmpint (fcntl (f->fd, F_GETFD), ==, FD_CLOEXEC);
  g_assert_cmpint (write (pipes[1], "x", 1), ==, 1);
  close (pipes[0]);
  close (pipes[1]);
  g_assert_cmpint (read (f->fd, &byte, 1), ==, 1);
  g_assert_cmpint (byte, ==, 'x');
  g_assert_cmpuint (cv_test_count_descriptors (), ==, before + 1);
}

/* Megabytes in lines with descriptors among them, through a socket that takes a part at a time. */
static void
test_large (Fixture *f, gconstpointer raw)
{
  g_autofree char *fill = g_strnfill (100 * 1024, 'x');
  guint before = cv_test_count_descriptors ();
  int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  for (guint i = 0; i < 30; i++) {
    JsonBuilder *message = cv_parcel_build (i % 3 == 0 ? "with" : "without");

    cv_json_add_text (message, "fill", fill);
    g_assert_true (cv_channel_send (f->other, message, &null, i % 3 == 0 ? 1 : 0));
  }
  g_assert_false (cv_channel_is_drained (f->other));
  cv_test_wait_until (f->types->len == 30);
  cv_test_settle ();
  g_assert_true (cv_channel_is_drained (f->other));
  g_assert_cmpint (f->end, ==, -1);
  close (null);
  g_assert_cmpuint (cv_test_count_descriptors (), ==, before);
}

static void
test_too_long (Fixture *f, gconstpointer raw)
{
  g_autofree char *fill = g_strnfill (CV_PARCEL_MAX_BYTES, 'x');
  JsonBuilder *message = cv_parcel_build ("long");
  GAsyncResult *slot = NULL;

  cv_json_add_text (message, "fill", fill);
  g_assert_false (cv_channel_send (f->channel, g_object_ref (message), NULL, 0));
  g_object_unref (message);
  message = cv_parcel_build ("long");
  cv_json_add_text (message, "fill", fill);
  cv_channel_request_async (f->channel, message, NULL, 0, 1000, cv_test_on_ready, &slot);
  assert_fails (f, &slot, CV_CHANNEL_ERROR_TOO_LONG);
  g_assert_false (cv_channel_is_closed (f->channel));
}

/* ---- Against bytes ---- */

static void
test_timeout (Fixture *f, gconstpointer raw)
{
  GAsyncResult *slot = NULL;

  request (f, &slot);
  cv_clock_advance (f->clock, 999);
  cv_test_settle ();
  g_assert_null (slot);
  cv_clock_advance (f->clock, 1);
  assert_fails (f, &slot, CV_CHANNEL_ERROR_TIMEOUT);
  put (f, "{\"re\":1}\n{\"type\":\"alive\"}\n"); /* late, which is no crime; twice is one */
  cv_test_wait_until (f->types->len == 1);
  put (f, "{\"re\":1}\n");
  assert_ends (f, CV_CHANNEL_END_INVALID, "an answer to nothing");
}

static void
test_bytewise (Fixture *f, gconstpointer raw)
{
  const char *text = "{\"type\":\"a\"}\n{\"id\":9,\"type\":\"b\"}\n";

  for (const char *at = text; *at != '\0'; at++) {
    char byte[2] = { *at };

    put (f, byte);
    cv_test_settle ();
  }
  g_assert_cmpuint (f->types->len, ==, 2);
  g_assert_cmpint (f->asked, ==, 9);
}

static void
test_garbage (Fixture *f, gconstpointer raw)
{
  GAsyncResult *slot = NULL;

  request (f, &slot);
  put (f, "{\"type\":\"a\"}\n\xff\xfe\n{\"type\":\"b\"}\n");
  assert_ends (f, CV_CHANNEL_END_INVALID, "*");
  assert_fails (f, &slot, CV_CHANNEL_ERROR_CLOSED);
  g_assert_cmpuint (f->types->len, ==, 1);
}

static void
test_endless_line (Fixture *f, gconstpointer raw)
{
  g_autofree char *fill = g_strnfill (16 * 1024, ' ');

  for (guint i = 0; i < 9 && f->end < 0; i++) {
    put (f, fill);
    cv_test_settle ();
  }
  assert_ends (f, CV_CHANNEL_END_INVALID, "line without an end");
}

static void
test_stray_fds (Fixture *f, gconstpointer raw)
{
  guint before = cv_test_count_descriptors ();

  put_fds (f, "{\"type\":\"a\"}\n", 1);
  assert_ends (f, CV_CHANNEL_END_INVALID, "descriptors of no message");
  g_assert_cmpuint (f->types->len, ==, 1);
  g_assert_cmpuint (cv_test_count_descriptors (), <=, before); /* its own is closed, one waits to be */
}

static void
test_many_fds (Fixture *f, gconstpointer raw)
{
  put_fds (f, "{\"type\":\"a\",\"fds\":8}\n", 9);
  assert_ends (f, CV_CHANNEL_END_INVALID, "too many descriptors");
  g_assert_cmpuint (f->types->len, ==, 0);
}

/* Whatever is sent with each byte, the descriptors that wait stay few. */
static void
test_fds_flood (Fixture *f, gconstpointer raw)
{
  guint before = cv_test_count_descriptors ();

  for (guint i = 0; i < 4 && f->end < 0; i++) {
    put_fds (f, "{", 4);
    cv_test_settle ();
    g_assert_cmpuint (cv_test_count_descriptors (), <=, before + CV_PARCEL_MAX_FDS);
  }
  assert_ends (f, CV_CHANNEL_END_INVALID, "too many descriptors");
}

static void
test_eof (Fixture *f, gconstpointer raw)
{
  GAsyncResult *slot = NULL;

  put (f, "{\"type\":\"last\"}\n{\"type\":");
  close (f->peer);
  f->peer = -1;
  /* what it said is heard, though nothing can be sent any more; who waits learns of the end */
  request (f, &slot);
  assert_ends (f, CV_CHANNEL_END_EOF, "*");
  g_assert_cmpuint (f->types->len, ==, 1);
  assert_fails (f, &slot, CV_CHANNEL_ERROR_CLOSED);
  request (f, &slot);
  g_assert_null (slot);
  assert_fails (f, &slot, CV_CHANNEL_ERROR_CLOSED);
}

static void
test_does_not_read (Fixture *f, gconstpointer raw)
{
  g_autofree char *fill = g_strnfill (64 * 1024, 'x');
  guint before = cv_test_count_descriptors ();
  guint sent = 0;

  while (!cv_channel_is_closed (f->channel) && sent++ < 1000) {
    JsonBuilder *message = cv_parcel_build ("fill");

    cv_json_add_text (message, "fill", fill);
    g_assert_true (cv_channel_send (f->channel, message, &f->peer, 1));
  }
  g_assert_cmpint (f->end, ==, -1); /* not from within the call */
  g_assert_cmpuint (sent, >, CV_CHANNEL_MAX_QUEUE / (65 * 1024));
  g_assert_cmpuint (sent, <, 100);
  assert_ends (f, CV_CHANNEL_END_STALLED, "it does not read");
  g_assert_cmpuint (cv_test_count_descriptors (), ==, before - 1);
}

static void
test_does_not_answer (Fixture *f, gconstpointer raw)
{
  GAsyncResult *slots[CV_CHANNEL_MAX_REQUESTS + 1] = { NULL };
  char bytes[4096];

  for (guint i = 0; i <= CV_CHANNEL_MAX_REQUESTS; i++) {
    g_assert_false (cv_channel_is_closed (f->channel));
    request (f, &slots[i]);
    if (i % 64 == 0)
      g_assert_cmpint (read (f->peer, bytes, sizeof bytes), >, 0);
  }
  assert_ends (f, CV_CHANNEL_END_STALLED, "it does not answer");
  for (guint i = 0; i <= CV_CHANNEL_MAX_REQUESTS; i++)
    assert_fails (f, &slots[i], CV_CHANNEL_ERROR_CLOSED);
}

/* Who closes in the midst of messages hears no more of them, nor of the end. */
static void
test_closed_within (Fixture *f, gconstpointer raw)
{
  GAsyncResult *slot = NULL;

  request (f, &slot);
  put (f, "{\"type\":\"close\"}\n{\"type\":\"b\"}\n");
  assert_fails (f, &slot, CV_CHANNEL_ERROR_CLOSED);
  cv_test_settle ();
  g_assert_cmpuint (f->types->len, ==, 1);
  g_assert_cmpint (f->end, ==, -1);
}

/* A peer that never stops talking leaves others their turn. */
static void
test_flood (Fixture *f, gconstpointer raw)
{
  GString *lines = g_string_new (NULL);
  guint turns = 0;

  while (lines->len < 100 * 1024)
    g_string_append (lines, "{\"type\":\"alive\"}\n");
  g_assert_cmpint (fcntl (f->peer, F_SETFL, O_NONBLOCK), ==, 0);
  while (f->types->len < 50000) {
    gssize n = write (f->peer, lines->str, lines->len);
    if (n > 0)
      g_string_erase (g_string_append_len (lines, lines->str, n), 0, n);
    g_main_context_iteration (NULL, FALSE);
    turns++;
  }
  g_assert_cmpuint (turns, >=, 10);
  g_assert_cmpint (f->end, ==, -1);
  g_string_free (lines, TRUE);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    gboolean raw;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/channel/messages", FALSE, test_messages },
    { "/channel/requests", FALSE, test_requests },
    { "/channel/fds", FALSE, test_fds },
    { "/channel/large", FALSE, test_large },
    { "/channel/too-long", FALSE, test_too_long },
    { "/channel/timeout", TRUE, test_timeout },
    { "/channel/bytewise", TRUE, test_bytewise },
    { "/channel/garbage", TRUE, test_garbage },
    { "/channel/endless-line", TRUE, test_endless_line },
    { "/channel/stray-fds", TRUE, test_stray_fds },
    { "/channel/many-fds", TRUE, test_many_fds },
    { "/channel/fds-flood", TRUE, test_fds_flood },
    { "/channel/eof", TRUE, test_eof },
    { "/channel/does-not-read", TRUE, test_does_not_read },
    { "/channel/does-not-answer", TRUE, test_does_not_answer },
    { "/channel/closed-within", TRUE, test_closed_within },
    { "/channel/flood", TRUE, test_flood },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].raw), set_up, tests[i].test, tear_down);
  return g_test_run ();
}
