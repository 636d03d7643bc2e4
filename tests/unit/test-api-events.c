/* Events over REST: planned, changed, cancelled, listed by days; whose they are. */
#include "signalling/api-events.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/recordings.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define ROOM_EVENTS "/api/v1/rooms/" CV_TEST_ROOM "/events"
#define ONCE "\"start\":\"2026-11-26T09:00\",\"zone\":\"Europe/Zurich\",\"minutes\":30"

#define EVENT(title, start, repeat, cancelled, sequence)                                                               \
  "{\"id\":\"e????????????\",\"room\":\"" CV_TEST_ROOM "\",\"title\":\"" title "\",\"start\":\"" start                 \
  "\",\"zone\":\"Europe/Zurich\",\"minutes\":30,\"repeat\":" repeat ",\"cancelled\":" cancelled                        \
  ",\"sequence\":" sequence ",\"owner\":null}"

/* Its path. Returns: (transfer full). */
static char *
plan (CvTestApi *f, const char *body)
{
  g_autofree char *answer = cv_test_api_ask (f, "POST " ROOM_EVENTS, body);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 201 "));
  g_autofree char *id = g_strndup (strstr (answer, "\"id\":\"") + 6, 13);
  return g_strconcat ("/api/v1/events/", id, NULL);
}

static void
test_life (CvTestApi *f, gconstpointer data)
{
#define DAILY "{\"every\":\"day\",\"interval\":1}"
  assert_answer (f, "GET " ROOM_EVENTS, "", 200, "{\"events\":[]}");
  g_autofree char *path = plan (f, "{" ONCE ",\"title\":\"Zoë\"}");
  g_autofree char *patch = g_strconcat ("PATCH ", path, NULL);
  g_autofree char *cancel = g_strconcat ("POST ", path, "/cancel", NULL);
  g_autofree char *delete = g_strconcat ("DELETE ", path, NULL);
  assert_answer (f, "GET " ROOM_EVENTS, "", 200,
                 "{\"events\":[" EVENT ("Zoë", "2026-11-26T09:00", "null", "[]", "0") "]}");
  assert_answer (f, patch, "{\"repeat\":" DAILY "}", 200, EVENT ("Zoë", "2026-11-26T09:00", DAILY, "[]", "1"));
  assert_answer (f, cancel, "{\"date\":\"2026-11-27\"}", 200,
                 EVENT ("Zoë", "2026-11-26T09:00", DAILY, "[\"2026-11-27\"]", "2"));
  assert_answer (f, patch, "{\"start\":\"2026-11-28T10:00\",\"title\":\"Tea\"}", 200,
                 EVENT ("Tea", "2026-11-28T10:00", DAILY, "[]", "3"));
  assert_answer (f, delete, "", 204, "");
  assert_problem (f, delete, "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, patch, "{}", CV_PROBLEM_NOT_FOUND);
  assert_answer (f, "GET " ROOM_EVENTS, "", 200, "{\"events\":[]}");
  /* without a title it is the room's */
  g_free (plan (f, "{" ONCE "}"));
  assert_answer (f, "GET " ROOM_EVENTS, "", 200,
                 "{\"events\":[" EVENT ("Tea", "2026-11-26T09:00", "null", "[]", "0") "]}");
}

static void
test_bad (CvTestApi *f, gconstpointer data)
{
  static const char *const BAD[] = { "",
                                     "{}",
                                     "{" ONCE ",\"title\":\" \"}",
                                     "{" ONCE ",\"title\":\"a\\u0007\"}",
                                     "{" ONCE ",\"more\":1}",
                                     "{" ONCE ",\"repeat\":{\"every\":\"second\",\"interval\":1}}",
                                     "{\"start\":\"2026-11-26T09:00\",\"zone\":\"../../etc/passwd\",\"minutes\":30}",
                                     "{\"start\":\"tomorrow\",\"zone\":\"UTC\",\"minutes\":30}" };
  static const char *const BAD_DATES[] = { "", "{}", "{\"date\":1}", "{\"date\":\"tomorrow\"}",
                                           "{\"date\":\"2026-11-26\",\"x\":1}" };
  static const char *const BAD_QUERIES[] = { "from=x",
                                             "from=-1",
                                             "to=1",
                                             "limit=0",
                                             "limit=501",
                                             "more=1",
                                             "from=99999999999999999999",
                                             "from=0&to=34646400001",
                                             "from=7258118400001" };
  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++)
    assert_problem (f, "POST " ROOM_EVENTS, BAD[i], CV_PROBLEM_BAD_MESSAGE);
  g_autofree char *path = plan (f, "{" ONCE "}");
  g_autofree char *patch = g_strconcat ("PATCH ", path, NULL);
  g_autofree char *cancel = g_strconcat ("POST ", path, "/cancel", NULL);
  assert_problem (f, patch, "{\"title\":\" \"}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, patch, "{\"minutes\":0}", CV_PROBLEM_BAD_MESSAGE);
  for (gsize i = 0; i < G_N_ELEMENTS (BAD_DATES); i++)
    assert_problem (f, cancel, BAD_DATES[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, cancel, "{\"date\":\"2026-11-27\"}", CV_PROBLEM_NOT_FOUND);
  for (gsize i = 0; i < G_N_ELEMENTS (BAD_QUERIES); i++) {
    g_autofree char *head = g_strconcat ("GET /api/v1/events?", BAD_QUERIES[i], NULL);
    assert_problem (f, head, "", CV_PROBLEM_BAD_MESSAGE);
  }
  assert_problem (f, "POST /api/v1/rooms/bbbbbbbbbbbb/events", "{" ONCE "}", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "GET /api/v1/rooms/bbbbbbbbbbbb/events", "", CV_PROBLEM_UNKNOWN_ROOM);
}

/* By time, whatever event they are of, as many as are asked for. */
static void
test_days (CvTestApi *f, gconstpointer data)
{
#define DAY(title, date, start)                                                                                        \
  "{\"event\":\"e????????????\",\"room\":\"" CV_TEST_ROOM "\",\"title\":\"" title "\",\"date\":\"" date                \
  "\",\"start\":" start ",\"end\":*,\"zone\":\"Europe/Zurich\",\"minutes\":30,\"repeat\":*}"
  g_free (plan (f, "{" ONCE ",\"title\":\"A\",\"repeat\":{\"every\":\"day\",\"interval\":2}}"));
  g_free (plan (f, "{\"start\":\"2026-11-27T12:00\",\"zone\":\"Europe/Zurich\",\"minutes\":30,\"title\":\"B\"}"));
  assert_answer (f, "GET /api/v1/events?from=1795600000000&limit=3", "", 200,
                 "{\"events\":[" DAY ("A", "2026-11-26", "1795680000000") "," DAY (
                   "B", "2026-11-27", "1795777200000") "," DAY ("A", "2026-11-28", "1795852800000") "]}");
  /* what goes on is in it, what begins at the end is not */
  assert_answer (f, "GET /api/v1/events?from=1795681799999&to=1795777200000", "", 200,
                 "{\"events\":[" DAY ("A", "2026-11-26", "1795680000000") "]}");
  assert_answer (f, "GET /api/v1/events?from=1795681800000&to=1795777200000", "", 200, "{\"events\":[]}");
  /* from now on there is nothing for years: two months are looked at */
  assert_answer (f, "GET /api/v1/events", "", 200, "{\"events\":[]}");
}

static void
become (CvTestApi *f, char letter, CvAccountRole role)
{
  g_autofree char *key = cv_test_api_key (letter);
  g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  cv_test_api_add_key_of (f, letter, role);
  cv_test_api_become (f, headers);
}

/* Others' are not there. */
static void
test_whose (CvTestApi *f, gconstpointer data)
{
  g_autofree char *path = plan (f, "{" ONCE "}");
  g_autofree char *patch = g_strconcat ("PATCH ", path, NULL);
  g_autofree char *cancel = g_strconcat ("POST ", path, "/cancel", NULL);
  g_autofree char *delete = g_strconcat ("DELETE ", path, NULL);
  become (f, 'h', CV_ACCOUNT_HOST);
  assert_problem (f, "GET " ROOM_EVENTS, "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "POST " ROOM_EVENTS, "{" ONCE "}", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, patch, "{}", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, cancel, "{\"date\":\"2026-11-26\"}", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, delete, "", CV_PROBLEM_NOT_FOUND);
  assert_answer (f, "GET /api/v1/events?from=1795600000000", "", 200, "{\"events\":[]}");
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET owner = 'khhhhhhhhhhhh'");
  assert_answer (f, patch, "{}", 200, "*\"sequence\":1,*");
  assert_answer (f, "GET /api/v1/events?from=1795600000000", "", 200, "{\"events\":[{*}]}");
  become (f, 'p', CV_ACCOUNT_PRODUCER);
  assert_problem (f, "GET /api/v1/events", "", CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, delete, "", CV_PROBLEM_NOT_ALLOWED);
  cv_test_api_become (f, "");
  assert_problem (f, "GET /api/v1/events", "", CV_PROBLEM_NO_SESSION);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-events/life", test_life);
  ADD ("/api-events/bad", test_bad);
  ADD ("/api-events/days", test_days);
  ADD ("/api-events/whose", test_whose);
  return g_test_run ();
}
