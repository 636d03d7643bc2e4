/* Links to one recording: made, opened, withdrawn, expired; passwords. */
#include "signalling/api-shares.h"

#include "lib/api.h"
#include "lib/log.h"
#include "signalling/bounds.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define ONE "/api/v1/recordings/" CV_TEST_RECORDING
#define SHARES ONE "/shares"

typedef struct {
  char *id;
  char *secret;
  char *open;   /* the request */
  char *remove; /* the same */
} Share;

static void
share_clear (Share *self)
{
  g_free (self->id);
  g_free (self->secret);
  g_free (self->open);
  g_free (self->remove);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Share, share_clear)

static void
set_up (CvTestApi *f, gconstpointer data)
{
  cv_test_api_set_up (f, data);
  cv_test_api_add_recording (f);
}

static void
make_share (CvTestApi *f, const char *body, Share *share)
{
  f->admin = TRUE;
  g_autofree char *answer = cv_test_api_ask (f, "POST " SHARES, body);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 201 "));
  share->id = g_strndup (strstr (answer, "\"id\":\"") + 6, 13);
  share->secret = g_strndup (strstr (answer, "\"secret\":\"") + 10, 43);
  share->open = g_strdup_printf ("POST /api/v1/shares/%s/open", share->id);
  share->remove = g_strdup_printf ("DELETE /api/v1/shares/%s", share->id);
  cv_test_api_become (f, "");
}

/* What to open it with; `password` may be NULL. */
static char *
make_body (const Share *share, const char *password)
{
  if (password == NULL)
    return g_strdup_printf ("{\"secret\":\"%s\"}", share->secret);
  return g_strdup_printf ("{\"secret\":\"%s\",\"password\":\"%s\"}", share->secret, password);
}

static void
test_life (CvTestApi *f, gconstpointer data)
{
  g_auto (Share) share = { NULL };
#define ROW                                                                                                            \
  "{\"id\":\"s????????????\",\"recording\":\"" CV_TEST_RECORDING "\",\"created\":1700000000000,"                       \
  "\"expires\":1700003600000,\"downloads\":true,\"password\":false"
  assert_answer (f, "POST " SHARES, "{\"hours\":1,\"downloads\":true}", 201,
                 ROW ",\"secret\":\"*\",\"url\":\"https://meet.example/s/s????????????#*\"}");
  make_share (f, "{\"hours\":1,\"downloads\":true}", &share);
  g_autofree char *body = make_body (&share, NULL), *ignored = make_body (&share, "tea");
  assert_answer (f, share.open, body, 200,
                 "{\"recording\":\"" CV_TEST_RECORDING "\",\"downloads\":true,\"expires\":1700003600000}");
  assert_answer (
    f, "GET /api/v1/session", "", 200,
    "{\"role\":\"guest\",\"name\":null,\"expires\":0,\"user\":null,\"recordings\":[{\"id\":\"" CV_TEST_RECORDING
    "\",\"downloads\":true,\"expires\":1700003600000}]}");
  assert_answer (f, share.open, ignored, 200, "*");
  assert_answer (f, "GET " ONE, "", 200, "*\"downloads\":true}");
  f->admin = TRUE;
  assert_answer (f, "GET " ONE, "", 200, "*\"shares\":[" ROW "}," ROW "}]}");
  /* who has it open is out at once */
  assert_answer (f, share.remove, "", 204, "");
  assert_problem (f, share.remove, "", CV_PROBLEM_NOT_FOUND);
  f->admin = FALSE;
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NO_SESSION);
  cv_test_api_expect_refused (1);
  assert_problem (f, share.open, body, CV_PROBLEM_GONE);
}

static void
test_expired (CvTestApi *f, gconstpointer data)
{
  g_auto (Share) share = { NULL };
  make_share (f, "{\"hours\":1,\"downloads\":false}", &share);
  g_autofree char *body = make_body (&share, NULL);
  cv_clock_advance (f->rooms.clock, 3600 * 1000 - 1);
  assert_answer (f, share.open, body, 200, "*");
  assert_answer (f, "GET " ONE, "", 200, "*");
  cv_clock_advance (f->rooms.clock, 1);
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NO_SESSION);
  assert_problem (f, share.open, body, CV_PROBLEM_GONE);
}

static void
test_password (CvTestApi *f, gconstpointer data)
{
  g_auto (Share) share = { NULL };
  make_share (f, "{\"hours\":0,\"downloads\":false,\"password\":\"tea at fünf\"}", &share);
  g_autofree char *none = make_body (&share, NULL), *empty = make_body (&share, "");
  g_autofree char *wrong = make_body (&share, "Tea at fünf"), *good = make_body (&share, "tea at fünf");
  assert_problem (f, share.open, none, CV_PROBLEM_WRONG_PASSWORD);
  assert_problem (f, share.open, empty, CV_PROBLEM_WRONG_PASSWORD);
  cv_test_api_expect_refused (1);
  assert_problem (f, share.open, wrong, CV_PROBLEM_WRONG_PASSWORD);
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NO_SESSION);
  g_assert_cmpstr (f->headers, ==, "");
  assert_answer (f, share.open, good, 200, "*");
  assert_answer (f, "GET " ONE, "", 200, "*");
  g_autofree char *kept = cv_test_recordings_dump (
    f->rooms.store, "SELECT length (password_salt), length (password_hash), "
                    "instr (password_hash, 'tea') + instr (password_salt, 'tea') + instr (hash, 'tea') FROM share");
  g_assert_cmpstr (kept, ==, "16 32 0;");
}

static void
test_tries (CvTestApi *f, gconstpointer data)
{
  g_auto (Share) share = { NULL };
  make_share (f, "{\"hours\":0,\"downloads\":false,\"password\":\"tea\"}", &share);
  g_autofree char *wrong = make_body (&share, "coffee"), *good = make_body (&share, "tea");
  cv_test_api_expect_refused (CV_LIMIT_PASSWORDS_A_MINUTE);
  for (guint i = 0; i < CV_LIMIT_PASSWORDS_A_MINUTE; i++)
    assert_problem (f, share.open, wrong, CV_PROBLEM_WRONG_PASSWORD);
  assert_problem (f, share.open, good, CV_PROBLEM_RATE_LIMITED);
  cv_clock_advance (f->rooms.clock, 60 * 1000);
  assert_answer (f, share.open, good, 200, "*");
}

/* Who does not have the link learns nothing, not even whether there is one. */
static void
test_other_secrets (CvTestApi *f, gconstpointer data)
{
  g_auto (Share) share = { NULL };
  make_share (f, "{\"hours\":0,\"downloads\":false,\"password\":\"tea\"}", &share);
  cv_test_api_expect_refused (CV_LIMIT_WRONG_KEYS_A_MINUTE);
  for (guint i = 0; i < CV_LIMIT_WRONG_KEYS_A_MINUTE; i++)
    assert_problem (f, i % 2 == 0 ? share.open : "POST /api/v1/shares/smmmmmmmmmmmm/open",
                    "{\"secret\":\"" CV_TEST_API_KEY "\"}", CV_PROBLEM_GONE);
  assert_problem (f, share.open, "{\"secret\":\"" CV_TEST_API_KEY "\"}", CV_PROBLEM_RATE_LIMITED);
}

static void
test_bad (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "",
                                     "{}",
                                     "{\"hours\":1}",
                                     "{\"hours\":-1,\"downloads\":true}",
                                     "{\"hours\":999999,\"downloads\":true}",
                                     "{\"hours\":1,\"downloads\":1}",
                                     "{\"hours\":1,\"downloads\":true,\"password\":1}",
                                     "{\"hours\":1,\"downloads\":true,\"x\":1}" };
  static const char *const bad_opens[] = { "",
                                           "{}",
                                           "{\"secret\":\"x\"}",
                                           "{\"secret\":1}",
                                           "{\"secret\":\"" CV_TEST_API_KEY "\",\"x\":1}",
                                           "{\"secret\":\"" CV_TEST_API_KEY "\",\"password\":null}" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " SHARES, bad[i], CV_PROBLEM_BAD_MESSAGE);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_opens); i++)
    assert_problem (f, "POST /api/v1/shares/smmmmmmmmmmmm/open", bad_opens[i], CV_PROBLEM_BAD_MESSAGE);
  g_autofree char *endless = g_strnfill (201, 'x');
  g_autofree char *body = g_strdup_printf ("{\"hours\":1,\"downloads\":true,\"password\":\"%s\"}", endless);
  assert_problem (f, "POST " SHARES, body, CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/recordings/rmmmmmmmmmmmm/shares", "{\"hours\":1,\"downloads\":true}",
                  CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "DELETE /api/v1/shares/smmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-shares/life", test_life);
  ADD ("/api-shares/expired", test_expired);
  ADD ("/api-shares/password", test_password);
  ADD ("/api-shares/tries", test_tries);
  ADD ("/api-shares/other-secrets", test_other_secrets);
  ADD ("/api-shares/bad", test_bad);
  return g_test_run ();
}
