/* The REST interface: who may ask what, what comes back, and what is refused. */
#include "signalling/api.h"

#include "base/ids.h"
#include "lib/api.h"
#include "lib/log.h"

#define KEY CV_TEST_API_KEY
#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem

#define NEW_ROOM(id, kind, title)                                                                                      \
  "{\"id\":\"" id "\",\"kind\":\"" kind "\",\"title\":\"" title "\",\"join_verifier\":\"" KEY                          \
  "\",\"host_verifier\":\"" KEY "\"}"

static void
test_status_and_health (CvTestApi *f, gconstpointer data)
{
  cv_clock_advance (f->rooms.clock, 1500);
  assert_answer (f, "GET /api/v1/status", "", 200,
                 "{\"version\":\"*\",\"url\":\"https://meet.example\",\"uptime_ms\":1500,*\"meetings\":0,\"people\":0,"
                 "\"sockets\":7,\"backup\":0}");
  f->admin = FALSE;
  assert_answer (f, "GET /health", "", 200, "{\"status\":\"ok\"}");
}

static void
test_store_fails (CvTestApi *f, gconstpointer data)
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

/* What is for administrators is for nobody else; what is nowhere is for nobody. */
static void
test_routes (CvTestApi *f, gconstpointer data)
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
    g_autofree char *answer = cv_test_http_ask (&f->http, nowhere[i], CV_TEST_API_JSON, "");
    if (!g_str_has_prefix (answer, "HTTP/1.1 404 "))
      g_error ("%s: %s", nowhere[i], answer);
  }
  f->admin = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (admin_only); i++)
    assert_problem (f, admin_only[i], "", CV_PROBLEM_NO_SESSION);
  g_autofree char *key = cv_test_api_key ('p');
  g_autofree char *producer = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  cv_test_api_add_key (f, 'p');
  cv_test_api_become (f, producer);
  for (gsize i = 0; i < G_N_ELEMENTS (admin_only); i++)
    assert_problem (f, admin_only[i], "", CV_PROBLEM_NOT_ALLOWED);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  g_assert_nonnull (room);
}

/* An administrator's key opens over the network what the admin socket does. A wrong one opens not even what is for all. */
static void
test_administrator (CvTestApi *f, gconstpointer data)
{
  g_autofree char *key = cv_test_api_key ('a'), *other = cv_test_api_key ('w');
  g_autofree char *good = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  g_autofree char *wrong = g_strdup_printf ("Authorization: Bearer %s\r\n", other);
  cv_test_api_add_key_of (f, 'a', CV_ACCOUNT_ADMINISTRATOR);
  cv_test_api_become (f, good);
  assert_answer (f, "GET /api/v1/status", "", 200, "{\"version\":*");
  assert_answer (f, "GET /api/v1/rooms", "", 200, "{\"rooms\":[{*}],*}");
  assert_answer (f, "GET /api/v1/recordings", "", 200, "{\"recordings\":[],*");
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201, "*");
  cv_test_api_become (f, wrong);
  cv_test_api_expect_refused (1);
  assert_problem (f, "GET /health", "", CV_PROBLEM_NO_SESSION);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api/status-and-health", test_status_and_health);
  ADD ("/api/store-fails", test_store_fails);
  ADD ("/api/routes", test_routes);
  ADD ("/api/administrator", test_administrator);
  return g_test_run ();
}
