/* Webhooks against a receiver that answers as told: signature, retries over two lives, giving up, silence, redirects. */
#include "library/hooks.h"

#include "lib/http.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/wait.h"
#include "store/deliveries.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000)
#define SECRET "tea and biscuits"

typedef struct {
  CvStore *store;
  CvClock *clock;
  CvHooks *hooks;
  CvTestHttp http;
  guint statuses[16]; /* its answers; 0: none at all */
  guint calls;
  char *id; /* of the last call */
  char *signature;
  char *body;
} Fixture;

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  guint status = f->statuses[f->calls];

  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  g_assert_cmpstr (path, ==, "/hook");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Type"), ==, "application/json");
  g_assert_cmpuint (f->calls, <, G_N_ELEMENTS (f->statuses));
  f->calls++;
  g_free (f->id);
  g_free (f->signature);
  g_free (f->body);
  f->id = g_strdup (soup_message_headers_get_one (headers, "Conclave-Delivery"));
  f->signature = g_strdup (soup_message_headers_get_one (headers, "Conclave-Signature"));
  f->body = g_strndup (body->data, (gsize) body->length);
  if (status == 0) {
    soup_server_message_pause (message);
    return;
  }
  if (status == 302)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", "/elsewhere");
  soup_server_message_set_status (message, status, NULL);
}

static void
open_hooks (Fixture *f)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/hook", f->http.port);
  f->hooks = cv_hooks_new (f->store, f->clock, url, SECRET);
}

static void
close_hooks (Fixture *f)
{
  cv_hooks_stop (f->hooks);
  cv_test_wait_gone (g_steal_pointer (&f->hooks));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->store = cv_test_recordings_open ();
  f->clock = cv_clock_new_fake (NOW);
  cv_test_http_init (&f->http, on_request, f);
  for (guint i = 0; i < G_N_ELEMENTS (f->statuses); i++)
    f->statuses[i] = 204;
  open_hooks (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_hooks (f);
  cv_test_http_clear (&f->http);
  cv_test_recordings_close (f->store);
  cv_test_wait_gone (f->clock);
  g_free (f->id);
  g_free (f->signature);
  g_free (f->body);
  cv_test_log_assert_all ();
}

/* `files`: how many it has. */
static void
post (Fixture *f, const char *event, guint files)
{
  CvEntry entry = {
    .row = cv_recording_row_copy (&(CvRecordingRow){ .id = (char *) CV_TEST_RECORDING,
                                                     .room = (char *) "abcdefghijkm",
                                                     .meeting = (char *) "mabcdefghijkm",
                                                     .title = (char *) "Tee 😀",
                                                     .status = CV_RECORDING_READY }),
    .files = g_ptr_array_new (),
    .renders = g_ptr_array_new (),
  };
  CvRecordingFileRow file = { .name = (char *) "meeting.mp4",
                              .kind = (char *) "video",
                              .sha256 = (char *) "",
                              .person = (char *) "",
                              .source = (char *) "" };
  for (guint i = 0; i < files; i++)
    g_ptr_array_add (entry.files, &file);
  cv_hooks_post_entry (f->hooks, event, &entry);
  cv_recording_row_free (entry.row);
  g_ptr_array_unref (entry.files);
  g_ptr_array_unref (entry.renders);
}

static void
wait_calls (Fixture *f, guint n)
{
  cv_test_wait_until (f->calls >= n);
  g_assert_cmpuint (f->calls, ==, n);
}

/* attempts, seconds from now to the next, error */
static void
assert_rows (Fixture *f, const char *expected)
{
  g_autofree char *sql = g_strdup_printf ("SELECT attempts, (next_at - %" G_GINT64_FORMAT ") / 1000, error FROM "
                                          "delivery ORDER BY rowid",
                                          cv_clock_wall (f->clock));
  for (;;) {
    g_autofree char *text = cv_test_recordings_dump (f->store, sql);
    if (g_str_equal (text, expected))
      return;
    g_test_message ("%s", text);
    cv_test_pause (10);
  }
}

static void
test_call (Fixture *f, gconstpointer data)
{
  post (f, "recording.ready", 1);
  wait_calls (f, 1);
  assert_rows (f, "");
  g_autofree char *pattern = g_strdup_printf (
    "{\"id\":\"%s\",\"event\":\"recording.ready\",\"at\":1700000000000,\"recording\":{\"id\":\"" CV_TEST_RECORDING
    "\",*\"title\":\"Tee 😀\",*\"files\":[{\"name\":\"meeting.mp4\",*}]}}",
    f->id);
  if (!g_pattern_match_simple (pattern, f->body))
    g_error ("%s", f->body);
  /* as a receiver would, by another library's hand */
  g_autofree char *signed_text = g_strconcat ("1700000000.", f->body, NULL);
  g_autofree char *hmac =
    g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guint8 *) SECRET, strlen (SECRET), signed_text, -1);
  g_autofree char *expected = g_strconcat ("t=1700000000,v1=", hmac, NULL);
  g_assert_cmpstr (f->signature, ==, expected);
}

/* Twice it does not go well; the same id, a new signature. */
static void
test_fails_twice (Fixture *f, gconstpointer data)
{
  f->statuses[0] = 500;
  f->statuses[1] = 404;
  post (f, "recording.started", 0);
  wait_calls (f, 1);
  assert_rows (f, "1 10 status 500;");
  g_autofree char *id = g_strdup (f->id);
  g_autofree char *body = g_strdup (f->body);
  cv_test_settle ();
  cv_clock_advance (f->clock, 9999);
  cv_test_pause (50);
  g_assert_cmpuint (f->calls, ==, 1);
  cv_clock_advance (f->clock, 1);
  wait_calls (f, 2);
  assert_rows (f, "2 60 status 404;");
  g_assert_true (g_str_has_prefix (f->signature, "t=1700000010,v1="));
  cv_test_pause (20);
  cv_clock_advance (f->clock, 60000);
  wait_calls (f, 3);
  assert_rows (f, "");
  g_assert_cmpstr (f->id, ==, id);
  g_assert_cmpstr (f->body, ==, body);
}

/* What waits is called in the next life, in its order. */
static void
test_another_life (Fixture *f, gconstpointer data)
{
  f->statuses[0] = 503;
  post (f, "recording.started", 0);
  wait_calls (f, 1);
  assert_rows (f, "1 10 status 503;");
  g_autofree char *id = g_strdup (f->id);
  close_hooks (f);
  cv_clock_advance (f->clock, 60000);
  open_hooks (f);
  wait_calls (f, 2);
  g_assert_cmpstr (f->id, ==, id);
  assert_rows (f, "");
}

static void
test_given_up (Fixture *f, gconstpointer data)
{
  static const guint waits[] = { 10, 60, 300, 900, 3600, 10800, 21600 };
  for (guint i = 0; i < G_N_ELEMENTS (f->statuses); i++)
    f->statuses[i] = 500;
  post (f, "recording.started", 0);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++) {
    g_autofree char *row = g_strdup_printf ("%u %u status 500;", i + 1, waits[i]);
    wait_calls (f, i + 1);
    assert_rows (f, row);
    cv_test_pause (20);
    cv_clock_advance (f->clock, waits[i] * 1000);
  }
  wait_calls (f, CV_HOOKS_MAX_ATTEMPTS);
  assert_rows (f, "8 NULL status 500;");
  /* others do not wait for it */
  f->statuses[8] = 200;
  post (f, "recording.stopped", 0);
  wait_calls (f, 9);
  assert_rows (f, "8 NULL status 500;");
}

/* Who says nothing is not waited for, and who sends us elsewhere is not followed. */
static void
test_silence_and_redirects (Fixture *f, gconstpointer data)
{
  f->statuses[0] = 0;
  f->statuses[1] = 302;
  post (f, "recording.started", 0);
  wait_calls (f, 1);
  cv_clock_advance (f->clock, CV_HOOKS_ANSWER_MS - 1);
  cv_test_pause (50);
  g_assert_cmpuint (f->calls, ==, 1);
  cv_clock_advance (f->clock, 1);
  assert_rows (f, "1 10 no answer in time;");
  cv_test_pause (20);
  cv_clock_advance (f->clock, 10000);
  wait_calls (f, 2);
  assert_rows (f, "2 60 status 302;");
}

static void
test_nobody_there (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  post (f, "recording.started", 0);
  cv_test_wait_until (({
    g_autofree char *text = cv_test_recordings_dump (f->store, "SELECT attempts FROM delivery");
    g_str_equal (text, "1;");
  }));
  cv_test_http_init (&f->http, on_request, f);
}

static void
test_many_files (Fixture *f, gconstpointer data)
{
  post (f, "recording.ready", 2000);
  wait_calls (f, 1);
  g_assert_cmpuint (strlen (f->body), <, 1000);
  g_assert_null (strstr (f->body, "files"));
}

/* One after the other, none twice. */
static void
test_many (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    post (f, "recording.started", 0);
  wait_calls (f, 10);
  assert_rows (f, "");
  cv_test_pause (50);
  g_assert_cmpuint (f->calls, ==, 10);
}

static void
post_of (Fixture *f, const char *event, const char *room)
{
  g_autoptr (JsonNode) object = json_node_new (JSON_NODE_OBJECT);
  JsonObject *members = json_object_new ();
  json_object_set_string_member (members, "id", room);
  json_node_take_object (object, members);
  cv_hooks_post (f->hooks, event, room, object);
}

/* About anything; those of a room come one after the other, though the receiver fails twice, and another room's do not wait. */
static void
test_order_of_a_room (Fixture *f, gconstpointer data)
{
  f->statuses[0] = 500;
  f->statuses[2] = 500;
  post_of (f, "room.created", "aaaaaaaaaaaa");
  wait_calls (f, 1);
  assert_rows (f, "1 10 status 500;");
  g_autofree char *id = g_strdup (f->id);
  post_of (f, "participant.joined", "aaaaaaaaaaaa");
  post_of (f, "room.created", "bbbbbbbbbbbb");
  wait_calls (f, 2);
  g_assert_nonnull (
    strstr (f->body, ",\"event\":\"room.created\",\"at\":1700000000000,\"room\":{\"id\":\"bbbbbbbbbbbb\"}}"));
  assert_rows (f, "1 10 status 500;0 0 ;");
  cv_test_pause (20);
  cv_clock_advance (f->clock, 10000);
  wait_calls (f, 3);
  g_assert_cmpstr (f->id, ==, id);
  assert_rows (f, "2 60 status 500;0 -10 ;");
  cv_test_pause (20);
  cv_clock_advance (f->clock, 59999);
  cv_test_pause (50);
  g_assert_cmpuint (f->calls, ==, 3);
  cv_clock_advance (f->clock, 1);
  wait_calls (f, 5);
  g_assert_nonnull (strstr (f->body, "\"participant\":{\"id\":\"aaaaaaaaaaaa\"}}"));
  assert_rows (f, "");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/hooks/call", test_call);
  ADD ("/hooks/fails-twice", test_fails_twice);
  ADD ("/hooks/another-life", test_another_life);
  ADD ("/hooks/given-up", test_given_up);
  ADD ("/hooks/silence-and-redirects", test_silence_and_redirects);
  ADD ("/hooks/nobody-there", test_nobody_there);
  ADD ("/hooks/order-of-a-room", test_order_of_a_room);
  ADD ("/hooks/many-files", test_many_files);
  ADD ("/hooks/many", test_many);
  return g_test_run ();
}
