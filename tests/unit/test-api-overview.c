/* The figures for administrators: who gets them, and from which row on. */
#include "signalling/api-overview.h"

#include "lib/api.h"
#include "lib/log.h"

static char *
show (gpointer user_data, guint after)
{
  return g_strdup_printf ("{\"after\":%u}", after);
}

static void
test_query (CvTestApi *f, gconstpointer data)
{
  const CvOverviewSource overview = { .show = show };
  cv_test_api_assert_problem (f, "GET /api/v1/overview", "", CV_PROBLEM_NOT_FOUND);
  f->api.overview = &overview;
  cv_test_api_assert (f, "GET /api/v1/overview", "", 200, "{\"after\":0}");
  cv_test_api_assert (f, "GET /api/v1/overview?after=17", "", 200, "{\"after\":17}");
  static const char *const bad[] = { "after=-1", "after=x", "after=99999999999", "before=1" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *head = g_strconcat ("GET /api/v1/overview?", bad[i], NULL);
    cv_test_api_assert_problem (f, head, "", CV_PROBLEM_BAD_MESSAGE);
  }
}

static void
test_who (CvTestApi *f, gconstpointer data)
{
  static const CvAccountRole others[] = { CV_ACCOUNT_HOST, CV_ACCOUNT_PRODUCER };
  static const char *const names[] = { "b", "c" };
  const CvOverviewSource overview = { .show = show };
  f->api.overview = &overview;
  cv_test_api_add_key_of (f, 'a', CV_ACCOUNT_ADMINISTRATOR);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autofree char *key = cv_test_api_key (*names[i]);
    g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
    f->admin = TRUE;
    cv_test_api_add_key_of (f, *names[i], others[i]);
    cv_test_api_become (f, headers);
    cv_test_api_assert_problem (f, "GET /api/v1/overview", "", CV_PROBLEM_NOT_ALLOWED);
  }
  cv_test_api_become (f, "");
  cv_test_api_assert_problem (f, "GET /api/v1/overview", "", CV_PROBLEM_NO_SESSION);
  g_autofree char *key = cv_test_api_key ('a');
  g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  cv_test_api_become (f, headers);
  cv_test_api_assert (f, "GET /api/v1/overview", "", 200, "{\"after\":0}");
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-overview/query", test_query);
  ADD ("/api-overview/who", test_who);
  return g_test_run ();
}
