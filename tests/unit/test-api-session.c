/* Signing in with a key, an account or a code, and out again. */
#include "signalling/api-session.h"

#include "base/usage.h"
#include "lib/api.h"
#include "lib/log.h"
#include "signalling/bounds.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define SESSION "/api/v1/session"
#define PRODUCER "{\"role\":\"producer\",\"name\":\"Zoë\",\"expires\":1700043200000,\"user\":null,\"recordings\":[]}"

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
  assert_answer (f, "GET " SESSION, "", 200,
                 "{\"role\":\"admin\",\"name\":null,\"expires\":0,\"user\":null,\"recordings\":[]}");
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
  cv_test_api_expect_refused (CV_LIMIT_WRONG_KEYS_A_MINUTE);
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
  cv_test_api_expect_refused (CV_LIMIT_WRONG_KEYS_A_MINUTE);
  g_autofree char *answer = cv_test_api_ask (f, "GET /api/v1/recordings", "");
  g_assert_nonnull (strstr (answer, "\r\nWWW-Authenticate: Bearer\r\n"));
  for (guint i = 1; i < CV_LIMIT_WRONG_KEYS_A_MINUTE; i++)
    assert_problem (f, "GET /api/v1/recordings", "", CV_PROBLEM_NO_SESSION);
  assert_problem (f, "GET /api/v1/recordings", "", CV_PROBLEM_RATE_LIMITED);
}

/* ---- accounts ---- */

#define TEA "{\"login\":\" ANN \",\"password\":\"tea at caf\303\251\"}"
#define HOST(expires)                                                                                                  \
  "{\"role\":\"host\",\"name\":\"Ann\",\"expires\":" expires ",\"user\":{\"id\":\"u????????????\",\"login\":\"ann\","  \
  "\"name\":\"Ann\"},\"recordings\":[]}"

/* Ann, a host with a password; nobody is signed in. Returns: (transfer full), the id. */
static char *
add_ann (CvTestApi *f)
{
  char *id = cv_test_api_add_user (f, "{\"login\":\"ann\",\"name\":\"Ann\",\"role\":\"host\"}");
  g_autofree char *path = g_strconcat ("PATCH /api/v1/users/", id, NULL);
  f->admin = TRUE;
  assert_answer (f, path, "{\"password\":\"tea at cafe\314\201\"}", 200, "*");
  cv_test_api_become (f, "");
  return id;
}

static void
test_account (CvTestApi *f, gconstpointer data)
{
  g_autofree char *id = add_ann (f);
  assert_answer (f, "POST " SESSION, TEA, 200, HOST ("1702592000000"));
  assert_answer (f, "GET " SESSION, "", 200, HOST ("1702592000000"));
  assert_problem (f, "GET /api/v1/users", "", CV_PROBLEM_NOT_ALLOWED);
  cv_clock_advance (f->rooms.clock, 3600 * 1000);
  assert_answer (f, "GET " SESSION, "", 200, HOST ("1702595600000"));
  g_autofree char *cookie = g_strdup (f->headers);
  assert_answer (f, "DELETE " SESSION, "", 204, "");
  cv_test_api_become (f, cookie);
  assert_problem (f, "GET " SESSION, "", CV_PROBLEM_NO_SESSION);
  g_autofree char *left = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM sign_in");
  g_assert_cmpstr (left, ==, "0;");
}

/* One browser is one of them. */
static void
test_account_or_key (CvTestApi *f, gconstpointer data)
{
  g_autofree char *id = add_ann (f), *key = make_body ('k');
  cv_test_api_add_key (f, 'k');
  assert_answer (f, "POST " SESSION, key, 200, "{\"role\":\"producer\",*");
  assert_answer (f, "POST " SESSION, TEA, 200, "{\"role\":\"host\",*");
  assert_answer (f, "POST " SESSION, TEA, 200, "{\"role\":\"host\",*");
  g_autofree char *one = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM sign_in");
  g_assert_cmpstr (one, ==, "1;");
  assert_answer (f, "POST " SESSION, key, 200, "{\"role\":\"producer\",*");
  assert_answer (f, "GET " SESSION, "", 200, "{\"role\":\"producer\",*");
  g_autofree char *none = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM sign_in");
  g_assert_cmpstr (none, ==, "0;");
  assert_answer (f, "POST " SESSION, TEA, 200, "{\"role\":\"host\",*");
  g_autofree char *headers = g_strdup (f->headers);
  assert_answer (f, "DELETE " SESSION, "", 204, "");
  cv_test_api_become (f, headers);
  assert_problem (f, "GET " SESSION, "", CV_PROBLEM_NO_SESSION);
}

static void
test_account_refused (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "{\"login\":\"ann\"}",
                                     "{\"password\":\"x\"}",
                                     "{\"login\":\"ann\",\"password\":\"\"}",
                                     "{\"login\":\"ann\",\"password\":\"x\",\"key\":\"x\"}",
                                     "{\"login\":\"\",\"password\":\"x\"}",
                                     "{\"code\":\"\"}" };
  static const char *const wrong[] = { "{\"login\":\"ann\",\"password\":\"Tea at five\"}",
                                       "{\"login\":\"nobody\",\"password\":\"tea at caf\303\251\"}",
                                       "{\"login\":\"ben\",\"password\":\"x\"}" };
  g_autofree char *id = add_ann (f);
  g_autofree char *ben = cv_test_api_add_user (f, "{\"login\":\"ben\",\"role\":\"host\"}"); /* has no password */
  g_autofree char *disable = g_strconcat ("PATCH /api/v1/users/", id, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " SESSION, bad[i], CV_PROBLEM_BAD_MESSAGE);
  cv_test_api_expect_refused (G_N_ELEMENTS (wrong) + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_problem (f, "POST " SESSION, wrong[i], CV_PROBLEM_BAD_LOGIN);
  assert_answer (f, "POST " SESSION, TEA, 200, "*");
  assert_problem (f, "POST " SESSION, TEA, CV_PROBLEM_RATE_LIMITED);
  g_autofree char *cookie = g_strdup (f->headers);
  f->admin = TRUE;
  assert_answer (f, disable, "{\"disabled\":true}", 200, "*");
  cv_test_api_become (f, cookie);
  assert_problem (f, "GET " SESSION, "", CV_PROBLEM_NO_SESSION);
  cv_clock_advance (f->rooms.clock, 60 * 1000);
  assert_problem (f, "POST " SESSION, TEA, CV_PROBLEM_BAD_LOGIN);
  cv_test_log_assert_all ();
}

/* How long a refusal takes does not tell who has an account. */
static void
test_same_time (CvTestApi *f, gconstpointer data)
{
  static const char *const bodies[] = { "{\"login\":\"ann\",\"password\":\"x\"}",
                                        "{\"login\":\"nobody\",\"password\":\"x\"}" };
  gint64 least[] = { G_MAXINT64, G_MAXINT64 };
  g_autofree char *id = add_ann (f);
  cv_passwords_set_cost (f->api.passwords, 14);
  for (guint i = 0; i < 8; i++) {
    gint64 before = cv_usage_get_cpu ();
    cv_test_api_expect_refused (1);
    assert_problem (f, "POST " SESSION, bodies[i % 2], CV_PROBLEM_BAD_LOGIN);
    least[i % 2] = MIN (least[i % 2], cv_usage_get_cpu () - before);
    cv_clock_advance (f->rooms.clock, 60 * 1000);
  }
  /* of the processor, which others beside us do not lengthen; without a password to compare it is a thousandth */
  if (least[0] > 4 * least[1] || least[1] > 4 * least[0])
    g_error ("%" G_GINT64_FORMAT " µs for who is there, %" G_GINT64_FORMAT " for nobody", least[0], least[1]);
}

static void
test_code (CvTestApi *f, gconstpointer data)
{
  g_autofree char *id = add_ann (f);
  g_autofree char *path = g_strdup_printf ("POST /api/v1/users/%s/code", id);
  f->admin = TRUE;
  g_autofree char *answer = cv_test_api_ask (f, path, "");
  g_autofree char *code = g_strndup (strstr (answer, "\"code\":\"") + 8, 43);
  g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\"}", code);
  cv_test_api_become (f, "");
  cv_test_api_expect_refused (1);
  assert_problem (f, "POST " SESSION, "{\"code\":\"no code at all\"}", CV_PROBLEM_GONE);
  assert_answer (f, "POST " SESSION, body, 200, "{\"role\":\"host\",*");
  /* the old password is not asked for, once */
  assert_answer (f, "POST /api/v1/account/password", "{\"password\":\"tea at nine\"}", 204, "");
  cv_test_api_become (f, "");
  cv_test_api_expect_refused (1);
  assert_problem (f, "POST " SESSION, body, CV_PROBLEM_GONE);
  assert_answer (f, "POST " SESSION, "{\"login\":\"ann\",\"password\":\"tea at nine\"}", 200, "*");
  assert_problem (f, "POST /api/v1/account/password", "{\"password\":\"tea at ten\"}", CV_PROBLEM_WRONG_PASSWORD);
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
  ADD ("/api-session/account", test_account);
  ADD ("/api-session/account-or-key", test_account_or_key);
  ADD ("/api-session/account-refused", test_account_refused);
  ADD ("/api-session/same-time", test_same_time);
  ADD ("/api-session/code", test_code);
  return g_test_run ();
}
