/* The first message of a child: what is taken, and how each other one is named. */
#include "ipc/hello.h"

#include "lib/wait.h"

#include <string.h>
#include <sys/socket.h>

static void
assert_check (const char *line, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvParcel) message = cv_parcel_parse (line, strlen (line), &error);

  g_assert_no_error (error);
  g_assert_true (cv_hello_check (message, "conclave-media", &error) == (code < 0));
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, CV_HELLO_ERROR, code);
}

static void
test_check (void)
{
  assert_check ("{\"type\":\"hello\",\"version\":1,\"program\":\"conclave-media\"}", -1);
  assert_check ("{\"type\":\"hello\",\"version\":2,\"program\":\"conclave-media\"}", CV_HELLO_ERROR_VERSION);
  assert_check ("{\"type\":\"hello\",\"version\":2,\"program\":\"conclave-media\",\"new\":1}", CV_HELLO_ERROR_VERSION);
  assert_check ("{\"type\":\"hello\",\"version\":1,\"program\":\"conclave-sip\"}", CV_HELLO_ERROR_INVALID);
  assert_check ("{\"type\":\"hello\",\"version\":1,\"program\":\"conclave-media\",\"new\":1}", CV_HELLO_ERROR_INVALID);
  assert_check ("{\"type\":\"hello\",\"version\":0,\"program\":\"conclave-media\"}", CV_HELLO_ERROR_INVALID);
  assert_check ("{\"type\":\"hello\",\"version\":1}", CV_HELLO_ERROR_INVALID);
  assert_check ("{\"type\":\"hello\",\"id\":1,\"version\":1,\"program\":\"conclave-media\"}", CV_HELLO_ERROR_INVALID);
  assert_check ("{\"type\":\"alive\"}", CV_HELLO_ERROR_INVALID);
  assert_check ("{\"re\":1,\"version\":1,\"program\":\"conclave-media\"}", CV_HELLO_ERROR_INVALID);
}

typedef struct {
  guint n;
  gboolean good;
} Seen;

static void
on_message (CvChannel *channel, CvParcel *message, gpointer user_data)
{
  Seen *seen = user_data;

  if (seen->n++ == 0)
    seen->good = cv_hello_check (message, "conclave-media", NULL);
  else
    g_assert_cmpstr (message->type, ==, "alive");
}

static void
test_sent (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (0);
  int fds[2];
  Seen seen = { 0 };

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_autoptr (CvChannel) parent = cv_channel_new (fds[0], clock);
  g_autoptr (CvChannel) child = cv_channel_new (fds[1], clock);
  g_signal_connect (parent, "message", G_CALLBACK (on_message), &seen);
  cv_hello_send (child, "conclave-media");
  guint alive = cv_hello_keep_alive (child);
  cv_test_wait_until (seen.n == 3);
  g_source_remove (alive);
  g_assert_true (seen.good);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hello/check", test_check);
  g_test_add_func ("/hello/sent", test_sent);
  return g_test_run ();
}
