/* See api.h. */
#include "lib/api.h"

#include "signalling/http.h"

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  CvTestApi *f = user_data;
  cv_http_set_headers (message);
  cv_api_handle (&f->api, message, path, f->authority, "192.0.2.1");
}

static guint
count_sockets (gpointer user_data)
{
  return 7;
}

void
cv_test_api_set_up (CvTestApi *f, gconstpointer data)
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
    .checks = cv_buckets_new (1, CV_TEST_API_CHECKS, 10),
    .creations = cv_buckets_new (1, CV_TEST_API_CREATIONS, 10),
    .url = (char *) "https://meet.example",
    .count_sockets = count_sockets,
  };
  cv_test_http_init (&f->http, on_request, f);
}

void
cv_test_api_tear_down (CvTestApi *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  cv_streams_free (f->api.streams);
  cv_buckets_free (f->api.checks);
  cv_buckets_free (f->api.creations);
  cv_test_rooms_clear (&f->rooms);
}

void
cv_test_api_assert (CvTestApi *f, const char *head, const char *body, guint status, const char *pattern)
{
  g_autofree char *answer = cv_test_http_ask (&f->http, head, CV_TEST_API_JSON, body);
  g_autofree char *start = g_strdup_printf ("HTTP/1.1 %u ", status);
  if (!g_str_has_prefix (answer, start) || !g_pattern_match_simple (pattern, cv_test_http_body (answer)))
    g_error ("%s %s: %s", head, body, answer);
}

void
cv_test_api_assert_problem (CvTestApi *f, const char *head, const char *body, CvProblem problem)
{
  g_autofree char *pattern = g_strdup_printf ("{\"error\":\"%s\",\"text\":\"*\"}", cv_problem_get_id (problem));
  cv_test_api_assert (f, head, body, cv_problem_get_status (problem), pattern);
}
