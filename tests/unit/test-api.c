/* The REST interface: who may ask what, what comes back, and what is refused. */
#include "signalling/api.h"

#include "base/ids.h"
#include "lib/http.h"
#include "lib/log.h"
#include "lib/rooms.h"
#include "signalling/http.h"

#include <string.h>

#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define CHECKS 5
#define CREATIONS 3

typedef struct {
  CvTestRooms rooms;
  CvApi api;
  CvAuthority authority;
  CvTestHttp http;
} Fixture;

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  cv_http_set_headers (message);
  cv_api_handle (&f->api, message, path, f->authority, "192.0.2.1");
}

static guint
count_sockets (gpointer user_data)
{
  return 7;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const without_media[] = { "classroom", NULL };
  cv_test_rooms_init (&f->rooms, without_media);
  cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, "standard", NULL);
  f->authority = CV_AUTHORITY_ADMIN;
  f->api = (CvApi){
    .registry = f->rooms.registry,
    .store = f->rooms.store,
    .streams = cv_streams_new (f->rooms.registry, f->rooms.clock),
    .clock = f->rooms.clock,
    .checks = cv_buckets_new (1, CHECKS, 10),
    .creations = cv_buckets_new (1, CREATIONS, 10),
    .url = (char *) "https://meet.example",
    .count_sockets = count_sockets,
  };
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  cv_streams_free (f->api.streams);
  cv_buckets_free (f->api.checks);
  cv_buckets_free (f->api.creations);
  cv_test_rooms_clear (&f->rooms);
}

#define JSON "Host: a\r\nContent-Type: application/json\r\n"

/* The answer to `head` is `status` with a body that fits `pattern`. */
static void
assert_answer (Fixture *f, const char *head, const char *body, guint status, const char *pattern)
{
  g_autofree char *answer = cv_test_http_ask (&f->http, head, JSON, body);
  g_autofree char *start = g_strdup_printf ("HTTP/1.1 %u ", status);
  if (!g_str_has_prefix (answer, start) || !g_pattern_match_simple (pattern, cv_test_http_body (answer)))
    g_error ("%s %s: %s", head, body, answer);
}

static void
assert_problem (Fixture *f, const char *head, const char *body, CvProblem problem)
{
  g_autofree char *pattern = g_strdup_printf ("{\"error\":\"%s\",\"text\":\"*\"}", cv_problem_get_id (problem));
  assert_answer (f, head, body, cv_problem_get_status (problem), pattern);
}

#define NEW_ROOM(id, kind, title)                                                                                      \
  "{\"id\":\"" id "\",\"kind\":\"" kind "\",\"title\":\"" title "\",\"join_verifier\":\"" KEY                          \
  "\",\"host_verifier\":\"" KEY "\"}"

static void
test_create (Fixture *f, gconstpointer data)
{
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201,
                 "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"standard\",\"title\":\"Cake\",\"created\":1700000000000,"
                 "\"available\":true,\"people\":0,\"meeting\":null}");
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), CV_PROBLEM_ID_TAKEN);
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "otr", "Cake"), CV_PROBLEM_NOT_AVAILABLE);
}

static void
test_create_bad (Fixture *f, gconstpointer data)
{
  static const char *const bodies[] = {
    "",
    "{}",
    "[]",
    "{\"id\":",
    NEW_ROOM ("bbbbbbbbbbb", "standard", "Cake"),
    NEW_ROOM ("bbbbbbbbbbbl", "standard", "Cake"),
    NEW_ROOM ("bbbbbbbbbbbb", "seance", "Cake"),
    NEW_ROOM ("bbbbbbbbbbbb", "standard", ""),
    NEW_ROOM ("bbbbbbbbbbbb", "standard", "a\\nb"),
    NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake\",\"more\":\"x"),
    "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"standard\",\"title\":\"Cake\",\"join_verifier\":\"" KEY "\"}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    assert_problem (f, "POST /api/v1/rooms", bodies[i], CV_PROBLEM_BAD_MESSAGE);
  /* a form of another site cannot send JSON */
  g_autofree char *answer = cv_test_http_ask (&f->http, "POST /api/v1/rooms", "Host: a\r\nContent-Type: text/plain\r\n",
                                              NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"));
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400 "));
}

static void
test_create_by_anyone (Fixture *f, gconstpointer data)
{
  f->authority = CV_AUTHORITY_PUBLIC;
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), CV_PROBLEM_NOT_ALLOWED);
  f->api.anyone_may_create = TRUE;
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201, "*");
  for (guint i = 1; i < CREATIONS; i++)
    assert_problem (f, "POST /api/v1/rooms", "{}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "standard", "Cake"), CV_PROBLEM_RATE_LIMITED);
  f->authority = CV_AUTHORITY_ADMIN;
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "standard", "Cake"), 201, "*");
}

static void
test_check (Fixture *f, gconstpointer data)
{
  f->authority = CV_AUTHORITY_PUBLIC;
  g_autofree char *key = cv_base64url_encode (cv_test_join_key, CV_KEY_BYTES);
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\"}", key);
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, 200,
                 "{\"id\":\"" CV_TEST_ROOM
                 "\",\"kind\":\"standard\",\"title\":\"Tea\",\"available\":true,\"people\":0,\"max_people\":8}");
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "{\"key\":\"" KEY "\"}", CV_PROBLEM_WRONG_KEY);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/check", body, CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "{}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, CV_PROBLEM_RATE_LIMITED);
  cv_clock_advance (f->rooms.clock, 1000);
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, 200, "*");
}

static void
test_list_and_show (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  assert_answer (f, "GET /api/v1/rooms", "", 200,
                 "{\"rooms\":[{\"id\":\"" CV_TEST_ROOM "\",*\"people\":1,\"meeting\":\"m*\"}]}");
  assert_answer (f, "GET /api/v1/rooms/" CV_TEST_ROOM, "", 200, "{\"id\":\"" CV_TEST_ROOM "\",*\"people\":1,*}");
  assert_problem (f, "GET /api/v1/rooms/mmmmmmmmmmmm", "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "GET /api/v1/rooms/MMMMMMMMMMMM", "", CV_PROBLEM_UNKNOWN_ROOM);
}

static void
test_end (Fixture *f, gconstpointer data)
{
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/end", "", 200,
                 "{\"id\":\"" CV_TEST_ROOM "\",\"meeting\":null}");
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/end", "", 200,
                 "{\"id\":\"" CV_TEST_ROOM "\",\"meeting\":\"m*\"}");
  g_assert_cmpuint (cv_registry_count_meetings (f->rooms.registry), ==, 0);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/end", "", CV_PROBLEM_UNKNOWN_ROOM);
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  assert_answer (f, "DELETE /api/v1/rooms/" CV_TEST_ROOM, "", 204, "");
  assert_problem (f, "DELETE /api/v1/rooms/" CV_TEST_ROOM, "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_answer (f, "GET /api/v1/rooms", "", 200, "{\"rooms\":[]}");
}

static void
test_status_and_health (Fixture *f, gconstpointer data)
{
  cv_clock_advance (f->rooms.clock, 1500);
  assert_answer (f, "GET /api/v1/status", "", 200,
                 "{\"version\":\"*\",\"url\":\"https://meet.example\",\"uptime_ms\":1500,*\"meetings\":0,\"people\":0,"
                 "\"sockets\":7}");
  f->authority = CV_AUTHORITY_PUBLIC;
  assert_answer (f, "GET /health", "", 200, "{\"status\":\"ok\"}");
}

static void
test_store_fails (Fixture *f, gconstpointer data)
{
  cv_store_close (f->rooms.store);
  assert_answer (f, "GET /health", "", 503, "{\"status\":\"failing\"}");
  static const char *const heads[] = { "GET /api/v1/rooms", "GET /api/v1/rooms/" CV_TEST_ROOM,
                                       "DELETE /api/v1/rooms/" CV_TEST_ROOM,
                                       "POST /api/v1/rooms/" CV_TEST_ROOM "/end" };
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++) {
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "a request failed: *");
    assert_problem (f, heads[i], "", CV_PROBLEM_STORE_FAILED);
  }
  cv_test_log_assert_all ();
}

/* What is for administrators is not there for others; what is nowhere is for nobody. */
static void
test_routes (Fixture *f, gconstpointer data)
{
  static const char *const admin_only[] = { "GET /api/v1/status", "GET /api/v1/rooms",
                                            "GET /api/v1/rooms/" CV_TEST_ROOM, "DELETE /api/v1/rooms/" CV_TEST_ROOM,
                                            "POST /api/v1/rooms/" CV_TEST_ROOM "/end" };
  static const char *const nowhere[] = { "GET /",
                                         "GET /api/v1/",
                                         "GET /api/v1/rooms/",
                                         "GET /api/v2/rooms",
                                         "PUT /api/v1/rooms",
                                         "POST /api/v1/status",
                                         "GET /api/v1/rooms/" CV_TEST_ROOM "/check",
                                         "POST /api/v1/rooms/" CV_TEST_ROOM "/check/",
                                         "POST /api/v1/rooms/" CV_TEST_ROOM "/checks",
                                         "GET /health/",
                                         "GET /healthy" };
  for (gsize i = 0; i < G_N_ELEMENTS (nowhere); i++) {
    g_autofree char *answer = cv_test_http_ask (&f->http, nowhere[i], JSON, "");
    if (!g_str_has_prefix (answer, "HTTP/1.1 404 "))
      g_error ("%s: %s", nowhere[i], answer);
  }
  f->authority = CV_AUTHORITY_PUBLIC;
  for (gsize i = 0; i < G_N_ELEMENTS (admin_only); i++)
    assert_problem (f, admin_only[i], "", CV_PROBLEM_NOT_FOUND);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  g_assert_nonnull (room);
}

#define TOKENS "/api/v1/rooms/cccccccccccc/tokens"

static void
test_tokens (Fixture *f, gconstpointer data)
{
  cv_test_rooms_create (&f->rooms, "cccccccccccc", "classroom", NULL);
  assert_answer (f, "GET " TOKENS, "", 200, "{\"tokens\":[]}");
  const char *good = "{\"kind\":\"publish\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":2}";
#define CAMERA(revoked)                                                                                                \
  "{\"id\":\"t????????????\",\"room\":\"cccccccccccc\",\"kind\":\"publish\",\"name\":\"Camera\","                      \
  "\"created\":1700000000000,\"expires\":1700007200000,\"revoked\":" revoked "}"
  assert_answer (f, "POST " TOKENS, good, 201, CAMERA ("0"));
  assert_problem (f, "POST " TOKENS, good, CV_PROBLEM_ID_TAKEN); /* the same token once more */
  g_autofree char *listed = cv_test_http_ask (&f->http, "GET " TOKENS, JSON, "");
  g_assert_true (g_pattern_match_simple ("{\"tokens\":[" CAMERA ("0") "]}", cv_test_http_body (listed)));

  g_autofree char *id = g_strndup (strstr (listed, "\"id\":\"") + 6, 13);
  g_autofree char *revoke = g_strconcat ("DELETE /api/v1/tokens/", id, NULL);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, "cccccccccccc", NULL);
  CvTokenRow token = { .id = id, .room = (char *) "cccccccccccc", .publishes = TRUE, .name = (char *) "Camera" };
  g_autofree char *secret = NULL;
  g_assert_nonnull (cv_streams_open (f->api.streams, room, &token, &secret, NULL));
  assert_answer (f, revoke, "", 204, "");
  g_assert_cmpuint (cv_streams_count (f->api.streams), ==, 0);
  assert_answer (f, "GET " TOKENS, "", 200, "{\"tokens\":[" CAMERA ("1700000000000") "]}");
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_ADMIN);
}

static void
test_tokens_refused (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = {
    "{\"kind\":\"stream\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":2}",
    "{\"kind\":\"watch\",\"name\":\" \",\"hash\":\"" KEY "\",\"hours\":2}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"x\",\"hours\":2}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":-1}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":99999999}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\"}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":2,\"more\":1}",
  };
  const char *good = "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":0}";
  cv_test_rooms_create (&f->rooms, "cccccccccccc", "classroom", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " TOKENS, bad[i], CV_PROBLEM_BAD_MESSAGE);
  /* whose media do not come here */
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/tokens", good, CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/tokens", good, CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "GET /api/v1/rooms/mmmmmmmmmmmm/tokens", "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "DELETE /api/v1/tokens/tmmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "DELETE /api/v1/tokens/mmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  f->authority = CV_AUTHORITY_PUBLIC;
  assert_problem (f, "POST " TOKENS, good, CV_PROBLEM_NOT_FOUND);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api/create", test_create);
  ADD ("/api/create-bad", test_create_bad);
  ADD ("/api/create-by-anyone", test_create_by_anyone);
  ADD ("/api/check", test_check);
  ADD ("/api/list-and-show", test_list_and_show);
  ADD ("/api/end", test_end);
  ADD ("/api/delete", test_delete);
  ADD ("/api/status-and-health", test_status_and_health);
  ADD ("/api/store-fails", test_store_fails);
  ADD ("/api/tokens", test_tokens);
  ADD ("/api/tokens-refused", test_tokens_refused);
  ADD ("/api/routes", test_routes);
  return g_test_run ();
}
