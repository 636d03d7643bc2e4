/* What a user may do with their own account. */
#include "signalling/api-account.h"

#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define SESSION "/api/v1/session"
#define PASSWORD "/api/v1/account/password"
#define SIGN_INS "/api/v1/sign-ins"
#define LOGIN(password) "{\"login\":\"ann\",\"password\":\"" password "\"}"

/* Ann, a host, whose password is "tea at five"; nobody is signed in. */
static void
set_up (CvTestApi *f, gconstpointer data)
{
  cv_test_api_set_up (f, data);
  g_autofree char *id = cv_test_api_add_user (f, "{\"login\":\"ann\",\"name\":\"Ann\",\"role\":\"host\"}");
  g_autofree char *path = g_strconcat ("PATCH /api/v1/users/", id, NULL);
  assert_answer (f, path, "{\"password\":\"tea at five\"}", 200, "*");
  cv_test_api_become (f, "");
}

/* One more browser. Returns: (transfer full), its cookies. */
static char *
sign_in (CvTestApi *f)
{
  cv_test_api_become (f, "");
  assert_answer (f, "POST " SESSION, LOGIN ("tea at five"), 200, "{\"role\":\"host\",*");
  return g_strdup (f->headers);
}

static char *
get_id (CvTestApi *f, const char *behind)
{
  g_autofree char *answer = cv_test_api_ask (f, "GET " SIGN_INS, "");
  const char *at = strstr (answer, behind);
  g_assert_nonnull (at);
  while (!g_str_has_prefix (at, "\"id\":\""))
    at--;
  return g_strndup (at + 6, 13);
}

static void
test_name (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "", "{}", "{\"name\":\"\"}", "{\"name\":\" \"}",
                                     "{\"name\":\"a\",\"role\":\"host\"}" };
  g_autofree char *cookie = sign_in (f);
  assert_answer (f, "PATCH /api/v1/account", "{\"name\":\"Änne\"}", 200, "*\"name\":\"Änne\",\"role\":\"host\"*");
  assert_answer (f, "GET " SESSION, "", 200, "{\"role\":\"host\",\"name\":\"Änne\",*");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "PATCH /api/v1/account", bad[i], CV_PROBLEM_BAD_MESSAGE);
}

static void
test_password (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "", "{}", "{\"password\":\"too short\"}", "{\"password\":1}",
                                     "{\"password\":\"long enough\",\"more\":1}" };
  g_autofree char *other = sign_in (f), *mine = sign_in (f);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " PASSWORD, bad[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST " PASSWORD, "{\"password\":\"tea at six\"}", CV_PROBLEM_WRONG_PASSWORD);
  cv_test_api_expect_refused (1);
  assert_problem (f, "POST " PASSWORD, "{\"password\":\"tea at six\",\"old\":\"tea at four\"}",
                  CV_PROBLEM_WRONG_PASSWORD);
  assert_answer (f, "POST " PASSWORD, "{\"password\":\"tea at six\",\"old\":\"tea at five\"}", 204, "");
  assert_answer (f, "GET " SESSION, "", 200, "*");
  cv_test_api_become (f, other);
  assert_problem (f, "GET " SESSION, "", CV_PROBLEM_NO_SESSION); /* the others are out */
  cv_clock_advance (f->rooms.clock, 60 * 1000);
  cv_test_api_become (f, "");
  cv_test_api_expect_refused (1);
  assert_problem (f, "POST " SESSION, LOGIN ("tea at five"), CV_PROBLEM_BAD_LOGIN);
  assert_answer (f, "POST " SESSION, LOGIN ("tea at six"), 200, "*");
}

/* The old one is guessed at no faster here than elsewhere. */
static void
test_tries (CvTestApi *f, gconstpointer data)
{
  g_autofree char *mine = sign_in (f);
  cv_test_api_expect_refused (CV_TEST_API_SIGN_INS - 1);
  for (guint i = 1; i < CV_TEST_API_SIGN_INS; i++)
    assert_problem (f, "POST " PASSWORD, "{\"password\":\"tea at six\",\"old\":\"x\"}", CV_PROBLEM_WRONG_PASSWORD);
  assert_problem (f, "POST " PASSWORD, "{\"password\":\"tea at six\",\"old\":\"tea at five\"}",
                  CV_PROBLEM_RATE_LIMITED);
}

static void
test_sign_ins (CvTestApi *f, gconstpointer data)
{
#define ROW(current)                                                                                                   \
  "{\"id\":\"n????????????\",\"created\":1700000000000,\"seen\":1700000000000,\"expires\":1702592000000,"              \
  "\"agent\":\"\",\"current\":" current "}"
  g_autofree char *first = sign_in (f), *second = sign_in (f), *third = sign_in (f);
  assert_answer (f, "GET " SIGN_INS, "", 200, "{\"sign_ins\":[" ROW ("true") "," ROW ("false") "," ROW ("false") "]}");
  g_autofree char *theirs = get_id (f, "\"current\":false");
  g_autofree char *end = g_strconcat ("DELETE " SIGN_INS "/", theirs, NULL);
  assert_answer (f, end, "", 204, "");
  assert_problem (f, end, "", CV_PROBLEM_NOT_FOUND);
  assert_answer (f, "GET " SIGN_INS, "", 200, "{\"sign_ins\":[" ROW ("true") "," ROW ("false") "]}");
  assert_answer (f, "DELETE " SIGN_INS, "", 204, "");
  assert_answer (f, "GET " SIGN_INS, "", 200, "{\"sign_ins\":[" ROW ("true") "]}");
  g_autofree char *mine = get_id (f, "\"current\":true");
  g_autofree char *out = g_strconcat ("DELETE " SIGN_INS "/", mine, NULL);
  assert_answer (f, out, "", 204, "");
  g_assert_cmpstr (f->headers, ==, "Cookie: __Host-conclave-account=\r\n");
  const char *const all[] = { first, second, third };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    cv_test_api_become (f, all[i]);
    assert_problem (f, "GET " SIGN_INS, "", CV_PROBLEM_NO_SESSION);
  }
}

/* Keys have no account, and neither has the admin socket. */
static void
test_without (CvTestApi *f, gconstpointer data)
{
  static const char *const requests[] = { "PATCH /api/v1/account", "POST " PASSWORD, "GET " SIGN_INS,
                                          "DELETE " SIGN_INS, "DELETE " SIGN_INS "/nmmmmmmmmmmmm" };
  g_autofree char *key = cv_test_api_key ('k');
  g_autofree char *bearer = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  cv_test_api_add_key_of (f, 'k', CV_ACCOUNT_ADMINISTRATOR);
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++) {
    cv_test_api_become (f, bearer);
    assert_problem (f, requests[i], "", CV_PROBLEM_NOT_ALLOWED);
    cv_test_api_become (f, "");
    assert_problem (f, requests[i], "", CV_PROBLEM_NO_SESSION);
    f->admin = TRUE;
    assert_problem (f, requests[i], "", CV_PROBLEM_NOT_ALLOWED);
  }
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-account/name", test_name);
  ADD ("/api-account/password", test_password);
  ADD ("/api-account/tries", test_tries);
  ADD ("/api-account/sign-ins", test_sign_ins);
  ADD ("/api-account/without", test_without);
  return g_test_run ();
}
