/* Signing in with a key, and out again. */
#include "signalling/api-session.h"

#include "lib/api.h"
#include "lib/log.h"
#include "signalling/bounds.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define SESSION "/api/v1/session"
#define PRODUCER "{\"role\":\"producer\",\"name\":\"Zoë\",\"expires\":1700043200000,\"recordings\":[]}"

static char *
make_body (char letter)
{
  g_autofree char *key = cv_test_api_key (letter);
  return g_strdup_printf ("{\"key\":\"%s\"}", key);
}

static void
test_life (CvTestApi *f, gconstpointer data)
{
  g_autofree char *body = make_body ('k');
  cv_test_api_add_key (f, 'k');
  cv_test_api_become (f, "");
  assert_problem (f, "GET " SESSION, "", CV_PROBLEM_NO_SESSION);
  assert_answer (f, "POST " SESSION, body, 200, PRODUCER);
  assert_answer (f, "GET " SESSION, "", 200, PRODUCER);
  assert_answer (f, "GET /api/v1/recordings", "", 200, "{\"recordings\":[],\"next\":null}");
  assert_answer (f, "DELETE " SESSION, "", 204, "");
  assert_problem (f, "GET " SESSION, "", CV_PROBLEM_NO_SESSION);
  assert_answer (f, "DELETE " SESSION, "", 204, "");
}

static void
test_admin (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "GET " SESSION, "", 200, "{\"role\":\"admin\",\"name\":null,\"expires\":0,\"recordings\":[]}");
}

static void
test_refused (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "", "{}", "{\"key\":1}", "{\"key\":\"\"}", "{\"key\":\"a\",\"more\":1}" };
  g_autofree char *good = make_body ('k'), *wrong = make_body ('w');
  cv_test_api_add_key (f, 'k');
  cv_test_api_become (f, "");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " SESSION, bad[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST " SESSION, "{\"key\":\"no key at all\"}", CV_PROBLEM_BAD_KEY);
  g_assert_cmpstr (f->headers, ==, "");
  for (guint i = 1; i < CV_LIMIT_WRONG_KEYS_A_MINUTE; i++)
    assert_problem (f, "POST " SESSION, wrong, CV_PROBLEM_BAD_KEY);
  /* now not even a good one */
  assert_problem (f, "POST " SESSION, good, CV_PROBLEM_RATE_LIMITED);
  cv_clock_advance (f->rooms.clock, 60 * 1000);
  assert_answer (f, "POST " SESSION, good, 200, "{\"role\":\"producer\",*");
}

/* Programs send the key itself, each time. */
static void
test_bearer (CvTestApi *f, gconstpointer data)
{
  g_autofree char *key = cv_test_api_key ('k'), *other = cv_test_api_key ('w');
  g_autofree char *good = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  g_autofree char *wrong = g_strdup_printf ("Authorization: Bearer %s\r\n", other);
  cv_test_api_add_key (f, 'k');
  cv_test_api_add_recording (f);
  cv_test_api_become (f, good);
  assert_answer (f, "GET /api/v1/recordings?room=mmmmmmmmmmmm", "", 200, "{\"recordings\":[],\"next\":null}");
  assert_answer (f, "GET /api/v1/recordings/" CV_TEST_RECORDING "/files/meeting.mp4", "", 200, "meeting.mp4");
  assert_answer (f, "PATCH /api/v1/recordings/" CV_TEST_RECORDING, "{}", 400, "*bad-message*");
  cv_test_api_become (f, wrong);
  g_autofree char *answer = cv_test_api_ask (f, "GET /api/v1/recordings", "");
  g_assert_nonnull (strstr (answer, "\r\nWWW-Authenticate: Bearer\r\n"));
  for (guint i = 1; i < CV_LIMIT_WRONG_KEYS_A_MINUTE; i++)
    assert_problem (f, "GET /api/v1/recordings", "", CV_PROBLEM_NO_SESSION);
  assert_problem (f, "GET /api/v1/recordings", "", CV_PROBLEM_RATE_LIMITED);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-session/life", test_life);
  ADD ("/api-session/admin", test_admin);
  ADD ("/api-session/refused", test_refused);
  ADD ("/api-session/bearer", test_bearer);
  return g_test_run ();
}
