/* WHIP and WHEP: what each request answers, over HTTP, with media that the test plays. */
#include "signalling/whip.h"

#include "base/ids.h"
#include "lib/http.h"
#include "lib/log.h"
#include "lib/media.h"
#include "lib/rooms.h"
#include "lib/wait.h"
#include "signalling/http.h"
#include "signalling/secret.h"

#include <string.h>

/* base64url of 32 times 'a', and 'b' */
#define PUBLISH "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE"
#define WATCH "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI"
#define BEARER(token) "Authorization: Bearer " token "\r\n"
#define SDP "Content-Type: application/sdp\r\n"
#define FRAGMENT "Content-Type: application/trickle-ice-sdpfrag\r\n"
#define OFFERS 10
/* the first token's id */
#define PUBLISHER "t000000000097"

typedef struct {
  CvTestRooms rooms;
  CvTestMediaPool *pool;
  CvTurn turn;
  CvWhip whip;
  CvTestHttp http;
  gboolean refuses; /* the media */
  gboolean revokes; /* somebody revokes the publisher's token right behind a request */
} Fixture;

/* As the REST interface does it. */
static void
on_revoked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_true (cv_tokens_revoke_finish (CV_STORE (source), result, NULL));
  cv_streams_end_token (f->whip.streams, PUBLISHER);
}

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  cv_http_set_headers (message);
  cv_whip_set_headers (message);
  cv_whip_handle (&f->whip, message, path, "192.0.2.1");
  if (f->revokes)
    cv_tokens_revoke_async (f->rooms.store, PUBLISHER, CV_TEST_NOW, on_revoked, f);
}

static void
add_token (Fixture *f, char letter, gboolean publishes, gint64 expires)
{
  guint8 token[CV_SECRET_BYTES];
  g_autofree char *id = g_strdup_printf ("t%012d", letter);
  CvTokenRow row = {
    .id = id, .room = (char *) CV_TEST_ROOM, .publishes = publishes, .name = (char *) "Camera", .expires = expires
  };
  GAsyncResult *slot = NULL;
  memset (token, letter, sizeof token);
  cv_hash (token, sizeof token, row.hash);
  cv_tokens_insert_async (f->rooms.store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_tokens_insert_finish (f->rooms.store, result, NULL));
}

static char *servers[] = { (char *) "turn:%h:3478?transport=udp", (char *) "turns:turn.example:443", NULL };

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_rooms_init (&f->rooms, NULL);
  f->pool = cv_test_media_pool_new ();
  cv_registry_set_media_pool (f->rooms.registry, CV_MEDIA_POOL (f->pool));
  cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, "classroom", NULL);
  f->turn = (CvTurn){ .servers = servers, .secret = "north", .lifetime = 3600 };
  f->whip = (CvWhip){
    .registry = f->rooms.registry,
    .store = f->rooms.store,
    .streams = cv_streams_new (f->rooms.registry, f->rooms.clock),
    .clock = f->rooms.clock,
    .turn = &f->turn,
    .offers = cv_buckets_new (1, OFFERS, 10),
    .changes = cv_buckets_new (1, 2 * OFFERS, 10),
  };
  add_token (f, 'a', TRUE, 0);
  add_token (f, 'b', FALSE, CV_TEST_NOW + 1000);
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  CvRoom *live = cv_registry_peek (f->rooms.registry, CV_TEST_ROOM);
  if (live != NULL)
    cv_meeting_end (cv_room_get_meeting (live), CV_ENDING_ADMIN);
  cv_test_settle ();
  cv_test_http_clear (&f->http);
  g_assert_cmpuint (cv_streams_count (f->whip.streams), ==, 0);
  cv_streams_free (f->whip.streams);
  cv_buckets_free (f->whip.offers);
  cv_buckets_free (f->whip.changes);
  cv_registry_set_media_pool (f->rooms.registry, NULL);
  cv_test_rooms_clear (&f->rooms);
  g_assert_finalize_object (f->pool);
}

/* The media answer as soon as they are asked. */
static gboolean
on_tick (gpointer user_data)
{
  Fixture *f = user_data;
  CvTestMedia *media = cv_test_media_pool_get_last (f->pool);
  if (media != NULL && !cv_media_is_ready (CV_MEDIA (media)))
    cv_test_media_set_ready (media, TRUE);
  g_autofree char *asked = media != NULL ? cv_test_media_take_asked (media) : NULL;
  if (asked == NULL || strstr (asked, "join(") == NULL)
    return G_SOURCE_CONTINUE;
  if (f->refuses)
    cv_test_media_refuse (media, CV_MEDIA_ERROR_NO_CODEC);
  else
    cv_test_media_answer (media, "v=1\r\n");
  return G_SOURCE_CONTINUE;
}

static char *
ask (Fixture *f, const char *head, const char *headers, const char *body)
{
  g_autofree char *all = g_strconcat ("Host: meet.example:8443\r\n", headers, NULL);
  guint tick = g_timeout_add (1, on_tick, f);
  char *answer = cv_test_http_ask (&f->http, head, all, body);
  g_source_remove (tick);
  return answer;
}

static void
assert_answer (Fixture *f, const char *head, const char *headers, const char *body, const char *pattern)
{
  g_autofree char *answer = ask (f, head, headers, body);
  if (!g_pattern_match_simple (pattern, answer))
    g_error ("%s: %s is not %s", head, answer, pattern);
}

/* And the log has the line that fail2ban reads. */
static void
assert_refused (Fixture *f, const char *head, const char *headers, const char *body)
{
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "sign-in refused from 192.0.2.1");
  assert_answer (f, head, headers, body,
                 "HTTP/1.1 401 *WWW-Authenticate: Bearer error=\"invalid_token\"*\"bad-token\"*");
  cv_test_log_assert_all ();
}

/* The value of a header of an answer. Returns: (transfer full). */
static char *
get_header (const char *answer, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
  const char *found = strstr (answer, start);
  if (found == NULL)
    g_error ("no %s in %s", name, answer);
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\r"));
}

#define POST "POST /whip/" CV_TEST_ROOM

/* Publishes; the address of the session. Returns: (transfer full). */
static char *
publish (Fixture *f, char **etag)
{
  g_autofree char *answer = ask (f, POST, BEARER (PUBLISH) SDP, "v=0\r\n");
  if (!g_str_has_prefix (answer, "HTTP/1.1 201 "))
    g_error ("%s", answer);
  if (etag != NULL)
    *etag = get_header (answer, "ETag");
  return get_header (answer, "Location");
}

static void
test_publish (Fixture *f, gconstpointer data)
{
  g_autofree char *answer = ask (f, POST, BEARER (PUBLISH) SDP, "v=0\r\n");
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 201 "));
  g_assert_cmpstr (cv_test_http_body (answer), ==, "v=1\r\n");
  g_autofree char *type = get_header (answer, "Content-Type");
  g_autofree char *location = get_header (answer, "Location");
  g_autofree char *etag = get_header (answer, "ETag");
  g_autofree char *origin = get_header (answer, "Access-Control-Allow-Origin");
  g_assert_cmpstr (type, ==, "application/sdp");
  g_assert_true (
    g_pattern_match_simple ("/whip/" CV_TEST_ROOM "/???????????????????????????????????????????", location));
  g_assert_true (g_pattern_match_simple ("\"????????????????\"", etag));
  g_assert_cmpstr (origin, ==, "*");
  g_assert_nonnull (
    strstr (answer, "<turn:meet.example:3478?transport=udp>; rel=\"ice-server\"; username=\"1700003600:p"));
  g_assert_nonnull (strstr (answer, "<turns:turn.example:443>; rel=\"ice-server\"; username=\"1700003600:p"));
  g_assert_nonnull (strstr (answer, "; credential-type=\"password\""));
  CvMeeting *meeting = cv_room_get_meeting (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM));
  const CvParticipant *camera = g_ptr_array_index (cv_meeting_get_participants (meeting), 0);
  g_assert_true (camera->role == CV_ROLE_PERSON && camera->sending.camera);
}

static void
test_watch (Fixture *f, gconstpointer data)
{
  f->turn.secret = NULL;
  g_autofree char *answer = ask (f, "POST /whep/" CV_TEST_ROOM, BEARER (WATCH) SDP, "v=0\r\n");
  g_autofree char *location = get_header (answer, "Location");
  g_assert_true (g_str_has_prefix (location, "/whep/" CV_TEST_ROOM "/"));
  g_assert_nonnull (strstr (answer, "<turns:turn.example:443>; rel=\"ice-server\"\r\n"));
  CvMeeting *meeting = cv_room_get_meeting (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM));
  g_assert_cmpuint (cv_meeting_count_viewers (meeting), ==, 1);
}

static void
test_tokens (Fixture *f, gconstpointer data)
{
  assert_answer (f, POST, SDP, "v=0", "HTTP/1.1 401 *WWW-Authenticate: Bearer\r\n*\"bad-token\"*");
  assert_refused (f, POST, SDP "Authorization: Basic YTph\r\n", "v=0");
  assert_refused (f, POST, SDP BEARER ("x"), "v=0");
  assert_refused (f, POST, SDP BEARER ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"), "v=0");
  assert_refused (f, POST, SDP BEARER (WATCH), "v=0");
  assert_refused (f, "POST /whep/" CV_TEST_ROOM, SDP BEARER (PUBLISH), "v=0");
  assert_refused (f, "POST /whip/mmmmmmmmmmmm", SDP BEARER (PUBLISH), "v=0");
  cv_clock_advance (f->rooms.clock, 1000);
  assert_refused (f, "POST /whep/" CV_TEST_ROOM, SDP BEARER (WATCH), "v=0");
  g_assert_cmpuint (cv_registry_count_meetings (f->rooms.registry), ==, 0);
}

static void
test_revoked (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autofree char *id = g_strdup_printf ("t%012d", 'a');
  cv_tokens_revoke_async (f->rooms.store, id, CV_TEST_NOW, cv_test_on_ready, &slot);
  GAsyncResult *result = cv_test_wait_for (&slot);
  g_assert_true (cv_tokens_revoke_finish (f->rooms.store, result, NULL));
  g_object_unref (result);
  assert_refused (f, POST, SDP BEARER (PUBLISH), "v=0");
}

static void
test_revoked_meanwhile (Fixture *f, gconstpointer data)
{
  f->revokes = TRUE;
  assert_refused (f, POST, SDP BEARER (PUBLISH), "v=0");
  g_assert_cmpuint (cv_streams_count (f->whip.streams), ==, 0);
}

static void
test_offers_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *long_offer = g_strnfill (60 * 1024 + 1, 'x');
  assert_answer (f, POST, BEARER (PUBLISH) "Content-Type: text/plain\r\n", "v=0", "HTTP/1.1 415 *");
  assert_answer (f, POST, BEARER (PUBLISH), "v=0", "HTTP/1.1 415 *");
  assert_answer (f, POST, BEARER (PUBLISH) SDP, "", "HTTP/1.1 400 *\"bad-sdp\"*");
  assert_answer (f, POST, BEARER (PUBLISH) SDP, "v=\xc3\xa4", "HTTP/1.1 400 *\"bad-sdp\"*");
  assert_answer (f, POST, BEARER (PUBLISH) SDP, long_offer, "HTTP/1.1 400 *\"bad-sdp\"*");
  f->refuses = TRUE;
  assert_answer (f, POST, BEARER (PUBLISH) SDP, "v=0", "HTTP/1.1 406 *\"no-codec\"*");
  g_assert_cmpuint (cv_streams_count (f->whip.streams), ==, 0);
  for (guint i = 0; i < OFFERS - 6; i++)
    assert_answer (f, POST, SDP, "v=0", "HTTP/1.1 401 *");
  assert_answer (f, POST, BEARER (PUBLISH) SDP, "v=0", "HTTP/1.1 429 *\"rate-limited\"*");
}

static void
test_full (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  for (guint i = 0; i < cv_policy_classroom.max_people; i++)
    cv_test_rooms_enter (&f->rooms, room, "Ann");
  assert_answer (f, POST, BEARER (PUBLISH) SDP, "v=0", "HTTP/1.1 409 *\"room-full\"*");
}

static void
test_methods (Fixture *f, gconstpointer data)
{
  assert_answer (f, "GET /whip/" CV_TEST_ROOM, "", "", "HTTP/1.1 405 *Allow: OPTIONS, POST\r\n*\"bad-method\"*");
  assert_answer (f, "HEAD /whep/" CV_TEST_ROOM, "", "", "HTTP/1.1 405 *");
  assert_answer (f, "PUT /whip/" CV_TEST_ROOM, SDP, "v=0", "HTTP/1.1 405 *");
  assert_answer (f, "DELETE /whip/" CV_TEST_ROOM, "", "", "HTTP/1.1 405 *");
  assert_answer (f, "POST /whip/" CV_TEST_ROOM "/x", SDP, "v=0", "HTTP/1.1 405 *Allow: OPTIONS, PATCH, DELETE\r\n*");
  g_autofree char *options = ask (f, "OPTIONS /whip/" CV_TEST_ROOM, "", "");
  g_assert_true (g_str_has_prefix (options, "HTTP/1.1 204 "));
  g_assert_nonnull (strstr (options, "\r\nAccept-Post: application/sdp\r\n"));
  g_assert_nonnull (strstr (options, "\r\nAccess-Control-Allow-Methods: OPTIONS, POST\r\n"));
  g_assert_nonnull (strstr (options, "\r\nAccess-Control-Allow-Headers: Authorization, Content-Type, If-Match\r\n"));
  assert_answer (f, "OPTIONS /whip/" CV_TEST_ROOM "/x", "", "",
                 "HTTP/1.1 204 *Access-Control-Allow-Methods: OPTIONS, PATCH, DELETE\r\n*");
  static const char *const nowhere[] = { "POST /whip/", "POST /whip/ABC", "DELETE /whip/" CV_TEST_ROOM "/x/y",
                                         "DELETE /whip/" CV_TEST_ROOM "/x" };
  for (gsize i = 0; i < G_N_ELEMENTS (nowhere); i++)
    assert_answer (f, nowhere[i], SDP, "", "HTTP/1.1 404 *\"not-found\"*");
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  g_autofree char *location = publish (f, NULL);
  g_autofree char *head = g_strconcat ("DELETE ", location, NULL);
  assert_refused (f, head, BEARER (WATCH), "");
  assert_refused (f, head, BEARER ("x"), "");
  g_assert_cmpuint (cv_streams_count (f->whip.streams), ==, 1);
  assert_answer (f, head, BEARER (PUBLISH), "", "HTTP/1.1 200 *");
  g_assert_cmpuint (cv_streams_count (f->whip.streams), ==, 0);
  assert_answer (f, head, BEARER (PUBLISH), "", "HTTP/1.1 404 *");
  /* who knows the address needs no token */
  g_autofree char *another = publish (f, NULL);
  g_autofree char *other_head = g_strconcat ("DELETE ", another, NULL);
  g_assert_cmpstr (location, !=, another);
  assert_answer (f, other_head, "", "", "HTTP/1.1 200 *");
}

static void
test_patch (Fixture *f, gconstpointer data)
{
  g_autofree char *etag = NULL;
  g_autofree char *location = publish (f, &etag);
  g_autofree char *head = g_strconcat ("PATCH ", location, NULL);
  g_autofree char *match = g_strconcat (FRAGMENT "If-Match: ", etag, "\r\n", NULL);
  assert_answer (f, head, match, "a=end-of-candidates\r\n", "HTTP/1.1 204 *");
  assert_answer (f, head, FRAGMENT "If-Match: \"other\"\r\n", "a=x", "HTTP/1.1 412 *\"old-etag\"*");
  assert_answer (f, head, FRAGMENT, "a=x", "HTTP/1.1 428 *\"no-etag\"*");
  assert_answer (f, head, FRAGMENT "If-Match: *\r\n", "a=x", "HTTP/1.1 422 *\"no-restart\"*");
  assert_answer (f, head, SDP "If-Match: *\r\n", "a=x", "HTTP/1.1 415 *\"bad-type\"*");
  for (guint i = 5; i < 2 * OFFERS; i++)
    assert_answer (f, head, match, "a=x", "HTTP/1.1 204 *");
  assert_answer (f, head, match, "a=x", "HTTP/1.1 429 *");
}

/* The client goes while its offer is worked on: nothing is left of it but the stream, until its patience ends. */
static void
test_client_goes (Fixture *f, gconstpointer data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", f->http.port, NULL, NULL);
  const char *request = POST " HTTP/1.1\r\nHost: a\r\n" BEARER (PUBLISH) SDP "Content-Length: 3\r\n\r\nv=0";
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request, strlen (request), NULL,
                             NULL, NULL);
  cv_test_wait_until (cv_streams_count (f->whip.streams) == 1);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  cv_test_settle ();
  cv_test_media_set_ready (cv_test_media_pool_get_last (f->pool), TRUE);
  cv_test_media_answer (cv_test_media_pool_get_last (f->pool), "v=1");
  cv_test_settle ();
  cv_clock_advance (f->rooms.clock, CV_STREAM_PATIENCE_MS);
  g_assert_cmpuint (cv_streams_count (f->whip.streams), ==, 0);
}

/* The meeting ends before the answer is there. */
static void
test_meeting_ends (Fixture *f, gconstpointer data)
{
  g_autofree char *location = publish (f, NULL);
  cv_meeting_end (cv_room_get_meeting (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM)), CV_ENDING_HOST);
  g_autofree char *head = g_strconcat ("DELETE ", location, NULL);
  assert_answer (f, head, "", "", "HTTP/1.1 404 *");
}

static void
test_is_path (void)
{
  g_assert_true (cv_whip_is_path ("/whip/x"));
  g_assert_true (cv_whip_is_path ("/whep/"));
  g_assert_false (cv_whip_is_path ("/whip"));
  g_assert_false (cv_whip_is_path ("/api/whip/"));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/whip/publish", test_publish);
  ADD ("/whip/watch", test_watch);
  ADD ("/whip/tokens", test_tokens);
  ADD ("/whip/revoked", test_revoked);
  ADD ("/whip/revoked-meanwhile", test_revoked_meanwhile);
  ADD ("/whip/offers-refused", test_offers_refused);
  ADD ("/whip/full", test_full);
  ADD ("/whip/methods", test_methods);
  ADD ("/whip/delete", test_delete);
  ADD ("/whip/patch", test_patch);
  ADD ("/whip/client-goes", test_client_goes);
  ADD ("/whip/meeting-ends", test_meeting_ends);
  g_test_add_func ("/whip/is-path", test_is_path);
  return g_test_run ();
}
