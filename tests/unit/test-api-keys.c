/* Keys of producers over the REST interface: made, listed, revoked, refused. */
#include "signalling/api-keys.h"

#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

#define KEY CV_TEST_API_KEY
#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define KEYS "/api/v1/keys"

static void
test_life (CvTestApi *f, gconstpointer data)
{
  const char *good = "{\"role\":\"producer\",\"name\":\"Zoë\",\"hash\":\"" KEY "\",\"days\":2}";
#define ROW(revoked)                                                                                                   \
  "{\"id\":\"k????????????\",\"role\":\"producer\",\"name\":\"Zoë\",\"created\":1700000000000,"                       \
  "\"expires\":1700172800000,\"revoked\":" revoked "}"
  assert_answer (f, "GET " KEYS, "", 200, "{\"keys\":[]}");
  assert_answer (f, "POST " KEYS, good, 201, ROW ("0"));
  assert_problem (f, "POST " KEYS, good, CV_PROBLEM_ID_TAKEN); /* the same key once more */
  g_autofree char *listed = cv_test_api_ask (f, "GET " KEYS, "");
  g_assert_true (g_pattern_match_simple ("{\"keys\":[" ROW ("0") "]}", cv_test_http_body (listed)));
  g_autofree char *id = g_strndup (strstr (listed, "\"id\":\"") + 6, 13);
  g_autofree char *path = g_strconcat ("DELETE " KEYS "/", id, NULL);
  assert_answer (f, path, "", 204, "");
  assert_answer (f, "GET " KEYS, "", 200, "{\"keys\":[" ROW ("1700000000000") "]}");
}

/* Who is in with it is out at once. */
static void
test_revoked (CvTestApi *f, gconstpointer data)
{
  g_autofree char *key = cv_test_api_key ('k');
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\"}", key);
  cv_test_api_add_key (f, 'k');
  cv_test_api_become (f, "");
  assert_answer (f, "POST /api/v1/session", body, 200, "*");
  f->admin = TRUE;
  assert_answer (f, "DELETE " KEYS "/kkkkkkkkkkkkk", "", 204, "");
  f->admin = FALSE;
  assert_problem (f, "GET /api/v1/session", "", CV_PROBLEM_NO_SESSION);
  cv_test_api_expect_refused (1);
  assert_problem (f, "POST /api/v1/session", body, CV_PROBLEM_BAD_KEY);
}

static void
test_refused (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = {
    "{\"role\":\"admin\",\"name\":\"Zoë\",\"hash\":\"" KEY "\",\"days\":2}",
    "{\"role\":\"producer\",\"name\":\" \",\"hash\":\"" KEY "\",\"days\":2}",
    "{\"role\":\"producer\",\"name\":\"Zoë\",\"hash\":\"x\",\"days\":2}",
    "{\"role\":\"producer\",\"name\":\"Zoë\",\"hash\":\"" KEY "\",\"days\":-1}",
    "{\"role\":\"producer\",\"name\":\"Zoë\",\"hash\":\"" KEY "\",\"days\":99999}",
    "{\"role\":\"producer\",\"name\":\"Zoë\",\"hash\":\"" KEY "\"}",
    "{\"role\":\"producer\",\"name\":\"Zoë\",\"hash\":\"" KEY "\",\"days\":2,\"more\":1}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " KEYS, bad[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "DELETE " KEYS "/kmmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "DELETE " KEYS "/tmmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  f->admin = FALSE;
  assert_problem (f, "GET " KEYS, "", CV_PROBLEM_NO_SESSION);
  assert_problem (f, "POST " KEYS, bad[0], CV_PROBLEM_NO_SESSION);
}

/* Keys of each role: who may make more of them. */
static void
test_roles (CvTestApi *f, gconstpointer data)
{
  for (guint role = CV_ACCOUNT_PRODUCER; role <= CV_ACCOUNT_ADMINISTRATOR; role++) {
    g_autofree char *key = cv_test_api_key ((char) ('a' + role));
    g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
    g_autofree char *row = g_strdup_printf ("*\"role\":\"%s\"*", cv_account_role_get_name (role));
    cv_test_api_add_key_of (f, (char) ('a' + role), role);
    cv_test_api_become (f, headers);
    if (role == CV_ACCOUNT_ADMINISTRATOR)
      assert_answer (f, "GET " KEYS, "", 200, row);
    else
      assert_problem (f, "GET " KEYS, "", CV_PROBLEM_NOT_ALLOWED);
  }
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-keys/life", test_life);
  ADD ("/api-keys/revoked", test_revoked);
  ADD ("/api-keys/refused", test_refused);
  ADD ("/api-keys/roles", test_roles);
  return g_test_run ();
}
