/* Bytes of documents over a small HTTP server: what begins, what is refused. All else is protocol/documents.test.mjs's. */
#include "signalling/intake.h"

#include "documents/vault.h"
#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

typedef struct {
  CvTestApi api;
  CvIntake *intake;
  CvMeeting *meeting;
  const char *badge;
  char *document;
} Fixture;

static void
on_early (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Fixture *f = user_data;
  if (cv_intake_is_upload (soup_server_message_get_method (message), path))
    cv_intake_begin (f->intake, message, path);
}

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  g_assert_true (cv_intake_finish (((Fixture *) user_data)->intake, message));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_api_set_up (&f->api, data);
  cv_test_http_clear (&f->api.http);
  cv_test_http_init (&f->api.http, on_request, f);
  soup_server_add_early_handler (f->api.http.server, NULL, on_early, f, NULL);
  f->intake = cv_intake_new (f->api.rooms.store, f->api.rooms.clock, f->api.api.cabinet, f->api.api.badges);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->api.rooms, CV_TEST_ROOM, NULL);
  CvParticipant *ann = cv_test_rooms_enter (&f->api.rooms, room, "Ann");
  f->meeting = cv_room_get_meeting (room);
  f->badge = cv_badges_issue (f->api.api.badges, CV_TEST_ROOM, f->meeting, ann);
  f->document = g_strdup ("faaaaaaaaaaaa");
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) "
                     "VALUES ('%s', '%s', '%s', 'Ann', 'a', '', 5, 'uploading', 1)",
                     f->document, cv_meeting_get_id (f->meeting), ann->id);
  cv_test_recordings_run (f->api.rooms.store, sql);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_intake_free (f->intake);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  g_free (f->document);
  cv_test_api_tear_down (&f->api, data);
}

static void
assert_sent (Fixture *f, const char *document, const char *badge, const char *offset, const char *body,
             const char *pattern)
{
  g_autofree char *head = g_strconcat ("PATCH /api/v1/documents/", document, NULL);
  g_autofree char *headers =
    g_strdup_printf ("Host: a\r\nAuthorization: Bearer %s\r\nUpload-Offset: %s\r\n", badge, offset);
  g_autofree char *answer = cv_test_http_ask (&f->api.http, head, headers, body);
  if (!g_pattern_match_simple (pattern, answer))
    g_error ("%s is not %s", answer, pattern);
}

static void
test_pieces (Fixture *f, gconstpointer data)
{
  assert_sent (f, f->document, f->badge, "0", "hel",
               "HTTP/1.1 200 *\"offset\":3,\"bytes\":5,\"status\":\"uploading\"}");
  assert_sent (f, f->document, f->badge, "0", "hel", "HTTP/1.1 409 *\"wrong-offset\"*");
  assert_sent (f, f->document, f->badge, "3", "lo!", "HTTP/1.1 413 *\"too-large\"*");
  assert_sent (f, f->document, f->badge, "3", "lo", "HTTP/1.1 200 *\"status\":\"ready\",\"sha256\":\"2cf24dba*");
  assert_sent (f, f->document, f->badge, "5", "", "HTTP/1.1 409 *\"wrong-offset\"*");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "", "x", "faaaaaaaaaaaa/", "faaaaaaaaaaa0" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_sent (f, names[i], f->badge, "0", "x", "HTTP/1.1 404 *");
  assert_sent (f, "fbbbbbbbbbbbb", f->badge, "0", "x", "HTTP/1.1 404 *");
  assert_sent (f, f->document, CV_TEST_API_KEY, "0", "x", "HTTP/1.1 401 *");
  assert_sent (f, f->document, f->badge, "x", "x", "HTTP/1.1 400 *");
  assert_sent (f, f->document, f->badge, "-1", "x", "HTTP/1.1 400 *");
  g_assert_false (cv_intake_is_upload ("POST", "/api/v1/documents/x"));
  g_assert_false (cv_intake_is_upload ("PATCH", "/api/v1/rooms/x"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/intake/pieces", Fixture, NULL, set_up, test_pieces, tear_down);
  g_test_add ("/intake/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
