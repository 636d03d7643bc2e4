/* Idempotency-Key: the same answer, done once; another request; two at once; a client that went; what the disk has of it. */
#include "signalling/once.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/wait.h"
#include "store/repeats.h"

#include <string.h>

#define CAKE "{\"kind\":\"classroom\",\"title\":\"Cake\"}"

static void
set_key (CvTestApi *f, const char *key)
{
  g_free (f->headers);
  f->headers = g_strdup_printf ("Idempotency-Key: %s\r\n", key);
}

static void
assert_rooms (CvTestApi *f, const char *count)
{
  g_autofree char *text = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM room WHERE title = 'Cake'");
  g_assert_cmpstr (text, ==, count);
}

static void
test_again (CvTestApi *f, gconstpointer data)
{
  set_key (f, "8e03978e-40d5-43dd-bc93-6894a57f9324");
  g_autofree char *first = cv_test_api_ask (f, "POST /api/v1/rooms", CAKE);
  g_autofree char *again = cv_test_api_ask (f, "POST /api/v1/rooms", CAKE);
  g_assert_true (g_str_has_prefix (first, "HTTP/1.1 201 ") && g_str_has_prefix (again, "HTTP/1.1 201 "));
  g_assert_cmpstr (cv_test_http_body (first), ==, cv_test_http_body (again));
  assert_rooms (f, "1;");
  /* for something else it is none */
  cv_test_api_assert_problem (f, "POST /api/v1/rooms", "{\"kind\":\"classroom\",\"title\":\"Pie\"}",
                              CV_PROBLEM_KEY_REUSED);
  cv_test_api_assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/end", CAKE, CV_PROBLEM_KEY_REUSED);
  /* nor is it for another GET than it always was */
  cv_test_api_assert (f, "GET /api/v1/rooms/" CV_TEST_ROOM, "", 200, "*");
  cv_clock_advance (f->rooms.clock, CV_REPEATS_KEEP_MS);
  cv_test_api_assert (f, "POST /api/v1/rooms", CAKE, 201, "*");
  assert_rooms (f, "2;");
}

/* A refusal is an answer too; what cannot be read is not done, and may be sent anew. */
static void
test_refused (CvTestApi *f, gconstpointer data)
{
  set_key (f, "k");
  cv_test_api_assert_problem (f, "POST /api/v1/rooms", "{\"kind\":\"otr\"}", CV_PROBLEM_BAD_MESSAGE);
  cv_test_api_assert (f, "POST /api/v1/rooms", "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"classroom\",\"title\":\"Cake\"}",
                      201, "*");
  set_key (f, "l");
  cv_test_api_assert_problem (f, "POST /api/v1/rooms",
                              "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"classroom\",\"title\":\"Cake\"}",
                              CV_PROBLEM_ID_TAKEN);
  g_free (f->headers);
  f->headers = g_strdup ("");
  cv_test_api_assert (f, "DELETE /api/v1/rooms/bbbbbbbbbbbb", "", 204, "");
  set_key (f, "l");
  cv_test_api_assert_problem (f, "POST /api/v1/rooms",
                              "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"classroom\",\"title\":\"Cake\"}",
                              CV_PROBLEM_ID_TAKEN);
}

static void
test_bad_keys (CvTestApi *f, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (CV_ONCE_MAX_KEY, 'x');
  g_autofree char *longer = g_strnfill (CV_ONCE_MAX_KEY + 1, 'x');
  const char *const bad[] = { "", "a b", "\xc3\xa9", longer };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    set_key (f, bad[i]);
    cv_test_api_assert_problem (f, "POST /api/v1/rooms", CAKE, CV_PROBLEM_BAD_MESSAGE);
  }
  set_key (f, longest);
  cv_test_api_assert (f, "POST /api/v1/rooms", CAKE, 201, "*");
}

/* Who is not signed in has nobody to keep an answer for; two actors do not meet. */
static void
test_actors (CvTestApi *f, gconstpointer data)
{
  g_autofree char *key = cv_test_api_key ('a');
  g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\nIdempotency-Key: k\r\n", key);
  f->api.anyone_may_create = TRUE;
  cv_test_api_become (f, "Idempotency-Key: k\r\n");
  cv_test_api_assert (f, "POST /api/v1/rooms", CAKE, 201, "*\"owner\":null,*");
  cv_test_api_assert (f, "POST /api/v1/rooms", CAKE, 201, "*");
  cv_test_api_add_key_of (f, 'a', CV_ACCOUNT_HOST);
  cv_test_api_become (f, headers);
  cv_test_api_assert (f, "POST /api/v1/rooms", CAKE, 201, "*\"owner\":\"kaaaaaaaaaaaa\",*");
  assert_rooms (f, "3;");
}

/* Neither what was answered nor the key can be read from the database. */
static void
test_sealed (CvTestApi *f, gconstpointer data)
{
  set_key (f, "guess-me-if-you-can");
  g_autofree char *answer = cv_test_api_ask (f, "POST /api/v1/rooms", CAKE);
  g_autofree char *kept = cv_test_recordings_dump (f->rooms.store, "SELECT actor, key, status, body FROM idempotency");
  g_assert_true (g_str_has_prefix (kept, "admin "));
  g_assert_nonnull (strstr (answer, "host_link"));
  g_assert_null (strstr (kept, "host_link"));
  g_assert_null (strstr (kept, "guess"));
  cv_test_recordings_run (f->rooms.store, "UPDATE idempotency SET body = 'A' || substr (body, 2)");
  cv_test_recordings_run (f->rooms.store, "UPDATE idempotency SET body = 'B' || substr (body, 2)");
  cv_test_api_assert (f, "POST /api/v1/rooms", CAKE, 201, "");
}

/* Sends, and does not wait. */
static GSocketConnection *
send_only (CvTestApi *f)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autofree char *text =
    g_strdup_printf ("POST /api/v1/rooms HTTP/1.1\r\n" CV_TEST_API_JSON "%sContent-Length: %u\r\n\r\n" CAKE, f->headers,
                     (guint) strlen (CAKE));
  GSocketConnection *connection = g_socket_client_connect_to_host (client, "127.0.0.1", f->http.port, NULL, NULL);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                                            strlen (text), NULL, NULL, NULL));
  return connection;
}

/* Those that come while the first is worked on get its answer. */
static void
test_at_once (CvTestApi *f, gconstpointer data)
{
  set_key (f, "k");
  g_autoptr (GSocketConnection) first = send_only (f);
  g_autoptr (GSocketConnection) second = send_only (f);
  g_autofree char *third = cv_test_api_ask (f, "POST /api/v1/rooms", CAKE);
  g_assert_true (g_str_has_prefix (third, "HTTP/1.1 201 "));
  assert_rooms (f, "1;");
}

/* What somebody asked for and did not wait for is done once, and they find the answer later. */
static void
test_gone (CvTestApi *f, gconstpointer data)
{
  set_key (f, "k");
  g_clear_object (&(GSocketConnection *){ send_only (f) });
  cv_test_wait_until (({
    g_autofree char *text = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM idempotency");
    g_str_equal (text, "1;");
  }));
  cv_test_api_assert (f, "POST /api/v1/rooms", CAKE, 201, "*host_link*");
  assert_rooms (f, "1;");
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/once/again", test_again);
  ADD ("/once/refused", test_refused);
  ADD ("/once/bad-keys", test_bad_keys);
  ADD ("/once/actors", test_actors);
  ADD ("/once/sealed", test_sealed);
  ADD ("/once/at-once", test_at_once);
  ADD ("/once/gone", test_gone);
  return g_test_run ();
}
