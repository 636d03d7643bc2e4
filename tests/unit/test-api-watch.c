/* Whether the server lives and is ready, and who may see its numbers. */
#include "signalling/api-watch.h"

#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

#define OK "{\"status\":\"ok\"}"
#define FAILING "{\"status\":\"failing\"}"

static void
test_health (CvTestApi *f, gconstpointer data)
{
  static const char *const heads[] = { "GET /health", "GET /health/live", "GET /health/ready" };
  for (guint door = 0; door < 2; door++, f->admin = FALSE)
    for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
      cv_test_api_assert (f, heads[i], "", 200, OK);
  g_autofree char *answer = cv_test_http_ask (&f->http, "GET /health/ready", "Host: a\r\n", "");
  g_assert_nonnull (strstr (answer, "\r\nCache-Control: no-store\r\n"));
}

static void
test_without_store (CvTestApi *f, gconstpointer data)
{
  cv_store_close (f->rooms.store);
  cv_test_api_assert (f, "GET /health", "", 503, FAILING);
  cv_test_api_assert (f, "GET /health/live", "", 200, OK);
  cv_test_api_assert (f, "GET /health/ready", "", 503, FAILING);
}

static void
collect_async (gpointer user_data, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  g_task_return_pointer (task, g_strdup (user_data), g_free);
}

static char *
collect_finish (gpointer source, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* The fixture's requests come from 192.0.2.1. */
static void
test_metrics (CvTestApi *f, gconstpointer data)
{
  static const char *const near[] = { "198.51.100.0/24", "192.0.2.0/24", NULL }, *const far[] = { "127.0.0.1", NULL };
  const CvMetricsSource metrics = { collect_async, collect_finish, (gpointer) "a 1\n" };
  g_autofree char *key = cv_test_api_key ('a');
  g_autofree char *administrator = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  cv_test_api_assert_problem (f, "GET /metrics", "", CV_PROBLEM_NOT_FOUND);
  f->api.metrics = &metrics;
  cv_test_api_assert (f, "GET /metrics", "", 200, "a 1\n");
  f->api.metrics_from = near;
  f->admin = FALSE;
  cv_test_api_assert (f, "GET /metrics", "", 200, "a 1\n");
  g_autofree char *answer = cv_test_http_ask (&f->http, "GET /metrics", "Host: a\r\n", "");
  g_assert_nonnull (strstr (answer, "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  cv_test_api_assert_problem (f, "POST /metrics", "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_assert_problem (f, "GET /metrics/", "", CV_PROBLEM_NOT_FOUND);
  f->api.metrics_from = far;
  cv_test_api_assert_problem (f, "GET /metrics", "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_add_key_of (f, 'a', CV_ACCOUNT_ADMINISTRATOR);
  cv_test_api_become (f, administrator);
  cv_test_api_assert_problem (f, "GET /metrics", "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_become (f, "Authorization: Bearer wrong\r\n");
  cv_test_api_assert_problem (f, "GET /metrics", "", CV_PROBLEM_NOT_FOUND);
  f->api.metrics_from = NULL;
  cv_test_api_assert_problem (f, "GET /metrics", "", CV_PROBLEM_NOT_FOUND);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-watch/health", test_health);
  ADD ("/api-watch/without-store", test_without_store);
  ADD ("/api-watch/metrics", test_metrics);
  return g_test_run ();
}
