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
test_create (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201,
                 "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"standard\",\"title\":\"Cake\",\"created\":1700000000000,"
                 "\"available\":true,\"people\":0,\"meeting\":null,\"lobby\":false,\"recording\":false,\"consent\":"
                 "\"announce\",\"keep_"
                 "days\":null}");
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), CV_PROBLEM_ID_TAKEN);
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "otr", "Cake"), CV_PROBLEM_NOT_AVAILABLE);
}

static void
test_create_bad (CvTestApi *f, gconstpointer data)
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

#define MORE(id, kind, more)                                                                                           \
  "{\"id\":\"" id "\",\"kind\":\"" kind "\",\"title\":\"Cake\",\"join_verifier\":\"" KEY "\",\"host_verifier\":\"" KEY \
  "\"," more "}"

static void
test_create_recorded (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "\"recording\":1", "\"consent\":\"ask\"", "\"keep_days\":-1",
                                     "\"keep_days\":36501", "\"lobby\":\"on\"" };
  assert_answer (f, "POST /api/v1/rooms",
                 MORE ("bbbbbbbbbbbb", "classroom", "\"recording\":true,\"consent\":\"require\",\"keep_days\":7"), 201,
                 "*,\"recording\":true,\"consent\":\"require\",\"keep_days\":7}");
  assert_answer (f, "GET /api/v1/rooms/bbbbbbbbbbbb", "", 200,
                 "*,\"recording\":true,\"consent\":\"require\",\"keep_days\":7}");
  assert_answer (f, "POST /api/v1/rooms", MORE ("cccccccccccc", "classroom", "\"keep_days\":null"), 201,
                 "*,\"recording\":false,\"consent\":\"announce\",\"keep_days\":null}");
  assert_answer (f, "POST /api/v1/rooms", MORE ("mmmmmmmmmmmm", "standard", "\"lobby\":true"), 201,
                 "*,\"lobby\":true,\"recording\":false,*");
  assert_problem (f, "POST /api/v1/rooms", MORE ("dddddddddddd", "standard", "\"recording\":true"),
                  CV_PROBLEM_NOT_ALLOWED);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *body = g_strdup_printf (MORE ("eeeeeeeeeeee", "classroom", "%s"), bad[i]);
    assert_problem (f, "POST /api/v1/rooms", body, CV_PROBLEM_BAD_MESSAGE);
  }
  f->admin = FALSE;
  f->api.anyone_may_create = TRUE;
  assert_problem (f, "POST /api/v1/rooms", MORE ("ffffffffffff", "classroom", "\"recording\":true"),
                  CV_PROBLEM_NOT_ALLOWED);
}

static void
test_create_by_anyone (CvTestApi *f, gconstpointer data)
{
  f->admin = FALSE;
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), CV_PROBLEM_NOT_ALLOWED);
  f->api.anyone_may_create = TRUE;
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201, "*");
  for (guint i = 1; i < CV_TEST_API_CREATIONS; i++)
    assert_problem (f, "POST /api/v1/rooms", "{}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "standard", "Cake"), CV_PROBLEM_RATE_LIMITED);
  f->admin = TRUE;
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "standard", "Cake"), 201, "*");
}

static void
test_check (CvTestApi *f, gconstpointer data)
{
  f->admin = FALSE;
  g_autofree char *key = cv_base64url_encode (cv_test_join_key, CV_KEY_BYTES);
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\"}", key);
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, 200,
                 "{\"id\":\"" CV_TEST_ROOM
                 "\",\"kind\":\"standard\",\"title\":\"Tea\",\"available\":true,\"people\":0,\"max_people\":8,"
                 "\"recording\":false,\"consent\":\"announce\"}");
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "{\"key\":\"" KEY "\"}", CV_PROBLEM_WRONG_KEY);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/check", body, CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "{}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, CV_PROBLEM_RATE_LIMITED);
  cv_clock_advance (f->rooms.clock, 1000);
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, 200, "*");
}

static void
test_list_and_show (CvTestApi *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  assert_answer (f, "GET /api/v1/rooms", "", 200,
                 "{\"rooms\":[{\"id\":\"" CV_TEST_ROOM "\",*\"people\":1,\"meeting\":\"m*\",*}]}");
  assert_answer (f, "GET /api/v1/rooms/" CV_TEST_ROOM, "", 200, "{\"id\":\"" CV_TEST_ROOM "\",*\"people\":1,*}");
  assert_problem (f, "GET /api/v1/rooms/mmmmmmmmmmmm", "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "GET /api/v1/rooms/MMMMMMMMMMMM", "", CV_PROBLEM_UNKNOWN_ROOM);
}

static void
test_end (CvTestApi *f, gconstpointer data)
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
test_delete (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "DELETE /api/v1/rooms/" CV_TEST_ROOM, "", 204, "");
  assert_problem (f, "DELETE /api/v1/rooms/" CV_TEST_ROOM, "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_answer (f, "GET /api/v1/rooms", "", 200, "{\"rooms\":[]}");
}

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
  assert_answer (f, "GET /api/v1/rooms", "", 200, "{\"rooms\":[{*}]}");
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
  ADD ("/api/create", test_create);
  ADD ("/api/create-bad", test_create_bad);
  ADD ("/api/create-recorded", test_create_recorded);
  ADD ("/api/create-by-anyone", test_create_by_anyone);
  ADD ("/api/check", test_check);
  ADD ("/api/list-and-show", test_list_and_show);
  ADD ("/api/end", test_end);
  ADD ("/api/delete", test_delete);
  ADD ("/api/status-and-health", test_status_and_health);
  ADD ("/api/store-fails", test_store_fails);
  ADD ("/api/routes", test_routes);
  ADD ("/api/administrator", test_administrator);
  return g_test_run ();
}
