/* One WebSocket over a socket pair: messages, pace, silence, a client that does not read, and its end. */
#include "signalling/connection.h"

#include "lib/log.h"
#include "lib/peer.h"
#include "lib/wait.h"
#include "signalling/bounds.h"

#include <string.h>

typedef struct {
  CvTestPeer peer;
  CvClock *clock;
  CvConnection *connection;
  GString *heard;
  guint closed;
} Fixture;

static void
on_message (CvConnection *connection, const char *text, gsize length, gpointer user_data)
{
  Fixture *f = user_data;
  g_string_append_len (f->heard, text, (gssize) length);
  g_string_append_c (f->heard, ' ');
}

static void
on_closed (CvConnection *connection, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_false (cv_connection_is_open (connection));
  f->closed++;
}

static const CvConnectionFuncs funcs = { on_message, on_closed };

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_peer_init (&f->peer);
  f->clock = cv_clock_new_fake (0);
  f->heard = g_string_new (NULL);
  CvConnectionOptions options = {
    .websocket = f->peer.server,
    .guard = f->peer.guard,
    .address = "192.0.2.1",
    .host = "meet.example",
    .account = "uaaaaaaaaaaaa",
    .clock = f->clock,
    .messages_per_second = 50,
  };
  f->connection = cv_connection_new (&options, &funcs, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->connection);
  cv_test_peer_clear (&f->peer);
  g_assert_finalize_object (f->clock);
  g_string_free (f->heard, TRUE);
}

static void
assert_heard (Fixture *f, const char *expected)
{
  cv_test_wait_until (f->heard->len >= strlen (expected));
  g_assert_cmpstr (f->heard->str, ==, expected);
  g_string_truncate (f->heard, 0);
}

static void
advance (Fixture *f, guint ms)
{
  cv_clock_advance (f->clock, ms);
  cv_connection_sweep (f->connection);
}

static void
send_text (Fixture *f, const char *text)
{
  cv_connection_send (f->connection, text, strlen (text));
}

static void
test_talk (Fixture *f, gconstpointer data)
{
  g_assert_cmpstr (cv_connection_get_address (f->connection), ==, "192.0.2.1");
  g_assert_cmpstr (cv_connection_get_host (f->connection), ==, "meet.example");
  g_assert_cmpstr (cv_connection_get_account (f->connection), ==, "uaaaaaaaaaaaa");
  g_assert_null (cv_connection_get_session (f->connection));
  g_assert_true (cv_connection_is_open (f->connection));
  cv_test_peer_send (&f->peer, "one");
  cv_test_peer_send (&f->peer, "two");
  assert_heard (f, "one two ");
  send_text (f, "three");
  cv_test_peer_expect (&f->peer, "three");
}

static void
test_closed_by_client (Fixture *f, gconstpointer data)
{
  soup_websocket_connection_close (f->peer.client, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  cv_test_wait_until (f->closed > 0);
  send_text (f, "too late");
  cv_connection_close (f->connection, 1000);
  cv_test_settle ();
  g_assert_cmpuint (f->closed, ==, 1);
}

static void
test_cut_by_client (Fixture *f, gconstpointer data)
{
  g_io_stream_close (G_IO_STREAM (f->peer.theirs), NULL, NULL);
  cv_test_wait_until (f->closed > 0);
  g_assert_cmpuint (f->closed, ==, 1);
}

static void
test_close (Fixture *f, gconstpointer data)
{
  send_text (f, "last");
  cv_connection_close (f->connection, 4001);
  cv_connection_close (f->connection, 1000);
  g_assert_false (cv_connection_is_open (f->connection));
  send_text (f, "too late");
  cv_test_peer_send (&f->peer, "unheard");
  cv_test_peer_expect (&f->peer, "last");
  cv_test_peer_expect_close (&f->peer, 4001);
  cv_test_wait_until (f->closed == 1);
  assert_heard (f, "");
}

static void
test_fail (Fixture *f, gconstpointer data)
{
  cv_connection_fail (f->connection, CV_PROBLEM_WRONG_KEY);
  cv_test_peer_expect (&f->peer, "{\"type\":\"error\",\"error\":\"wrong-key\",\"text\":\"*\"}");
  cv_test_peer_expect_close (&f->peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

static void
test_binary (Fixture *f, gconstpointer data)
{
  soup_websocket_connection_send_binary (f->peer.client, "x", 1);
  cv_test_peer_expect (&f->peer, "*\"bad-message\"*");
  cv_test_peer_expect_close (&f->peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  assert_heard (f, "");
}

static void
test_too_fast (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < CV_LIMIT_MESSAGE_BURST; i++)
    cv_test_peer_send (&f->peer, "x");
  cv_test_wait_until (f->heard->len == 2 * CV_LIMIT_MESSAGE_BURST);
  /* a second later 50 more */
  cv_clock_advance (f->clock, 1000);
  for (guint i = 0; i < 50; i++)
    cv_test_peer_send (&f->peer, "x");
  cv_test_wait_until (f->heard->len == 2 * (CV_LIMIT_MESSAGE_BURST + 50));
  g_assert_true (cv_connection_is_open (f->connection));
  cv_test_peer_send (&f->peer, "x");
  cv_test_peer_expect (&f->peer, "*\"rate-limited\"*");
  cv_test_peer_expect_close (&f->peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

static void
test_charge (Fixture *f, gconstpointer data)
{
  g_assert_true (cv_connection_charge (f->connection, 0));
  g_assert_true (cv_connection_charge (f->connection, CV_LIMIT_MESSAGE_BURST));
  g_assert_false (cv_connection_charge (f->connection, 1));
  cv_clock_advance (f->clock, 1000);
  g_assert_true (cv_connection_charge (f->connection, 50));
  g_assert_false (cv_connection_charge (f->connection, 1));
}

static void
test_no_join (Fixture *f, gconstpointer data)
{
  advance (f, CV_LIMIT_JOIN_MS);
  g_assert_true (cv_connection_is_open (f->connection));
  advance (f, 1);
  cv_test_peer_expect_close (&f->peer, 4002);
}

static void
test_slow_join (Fixture *f, gconstpointer data)
{
  cv_connection_set_joining (f->connection, TRUE);
  g_assert_true (cv_connection_is_joining (f->connection));
  advance (f, CV_LIMIT_JOIN_MS + 1);
  g_assert_true (cv_connection_is_open (f->connection));
  cv_connection_set_joining (f->connection, FALSE);
  cv_connection_set_session (f->connection, f);
  g_assert_true (cv_connection_get_session (f->connection) == f);
  advance (f, 1);
  g_assert_true (cv_connection_is_open (f->connection));
}

static void
test_silence (Fixture *f, gconstpointer data)
{
  cv_connection_set_session (f->connection, f);
  advance (f, CV_LIMIT_PING_MS);
  advance (f, 1);
  cv_test_peer_expect (&f->peer, "{\"type\":\"ping\"}");
  advance (f, 1); /* asked once */
  cv_test_peer_send (&f->peer, "here");
  assert_heard (f, "here ");
  advance (f, CV_LIMIT_PING_MS + 1);
  cv_test_peer_expect (&f->peer, "{\"type\":\"ping\"}");
  advance (f, CV_LIMIT_SILENCE_MS - CV_LIMIT_PING_MS - 1);
  g_assert_true (cv_connection_is_open (f->connection));
  advance (f, 1);
  cv_test_peer_expect_close (&f->peer, 4003);
}

/* A client that does not answer the close is cut off. */
static void
test_no_goodbye (Fixture *f, gconstpointer data)
{
  cv_connection_close (f->connection, 1000);
  advance (f, 5000);
  g_assert_false (g_io_stream_is_closed (G_IO_STREAM (f->peer.guard)));
  advance (f, 1);
  g_assert_true (g_io_stream_is_closed (G_IO_STREAM (f->peer.guard)));
  cv_test_wait_until (f->peer.code != 0);
}

static void
test_does_not_read (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (64 * 1024, 'x');
  /* nothing is written while the main context does not run */
  guint fit = 0;
  while (cv_connection_is_open (f->connection) && fit < 1000) {
    send_text (f, text);
    fit++;
  }
  g_assert_false (cv_connection_is_open (f->connection));
  g_assert_cmpuint (fit, >=, CV_LIMIT_QUEUE_BYTES / (64 * 1024));
  g_assert_cmpuint (fit, <=, CV_LIMIT_QUEUE_BYTES / (64 * 1024) + 8); /* and what the socket takes at once */
  cv_test_wait_until (f->peer.code != 0);
  g_assert_cmpuint (f->peer.code, ==, 4004);
  g_ptr_array_set_size (f->peer.texts, 0);
}

/* Whoever reads may get any amount. */
static void
test_reads (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (64 * 1024, 'x');
  for (guint i = 0; i < 4 * CV_LIMIT_QUEUE_BYTES / (64 * 1024); i++) {
    send_text (f, text);
    cv_test_peer_expect (&f->peer, "x*");
    cv_test_settle ();
  }
  g_assert_true (cv_connection_is_open (f->connection));
}

static void
test_too_large (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (CV_LIMIT_MESSAGE_BYTES + 1, 'x');
  g_autofree char *fits = g_strndup (text, CV_LIMIT_MESSAGE_BYTES);
  cv_test_peer_send (&f->peer, fits);
  cv_test_wait_until (f->heard->len == CV_LIMIT_MESSAGE_BYTES + 1);
  cv_test_peer_send (&f->peer, text);
  cv_test_peer_expect_close (&f->peer, SOUP_WEBSOCKET_CLOSE_TOO_BIG);
  g_assert_cmpuint (f->heard->len, ==, CV_LIMIT_MESSAGE_BYTES + 1);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/connection/talk", test_talk);
  ADD ("/connection/closed-by-client", test_closed_by_client);
  ADD ("/connection/cut-by-client", test_cut_by_client);
  ADD ("/connection/close", test_close);
  ADD ("/connection/fail", test_fail);
  ADD ("/connection/binary", test_binary);
  ADD ("/connection/too-fast", test_too_fast);
  ADD ("/connection/charge", test_charge);
  ADD ("/connection/no-join", test_no_join);
  ADD ("/connection/slow-join", test_slow_join);
  ADD ("/connection/silence", test_silence);
  ADD ("/connection/no-goodbye", test_no_goodbye);
  ADD ("/connection/does-not-read", test_does_not_read);
  ADD ("/connection/reads", test_reads);
  ADD ("/connection/too-large", test_too_large);
  return g_test_run ();
}
