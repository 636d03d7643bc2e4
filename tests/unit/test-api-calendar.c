/* Calendars over REST: files of events with the link that the server knows, feeds at secret addresses. */
#include "signalling/api-calendar.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/recordings.h"

#include <string.h>

#define assert_problem cv_test_api_assert_problem
#define FEED "/api/v1/account/feed"

static void
add_event (CvTestApi *f, const char *id, const char *room)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO event (id, room, title, start, zone, minutes, created, changed) VALUES "
                     "('%s', '%s', 'Tea', '2026-11-26T09:00', 'Europe/Zurich', 30, 1700000000000, 1700000000000)",
                     id, room);
  cv_test_recordings_run (f->rooms.store, sql);
}

/* A Classroom with a link that the server knows, and an event in each room. */
static void
add_rooms (CvTestApi *f)
{
  cv_test_rooms_create (&f->rooms, "cccccccccccc", "classroom", NULL);
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET secret = zeroblob (32) WHERE kind = 'classroom'");
  add_event (f, "ecccccccccccc", "cccccccccccc");
  add_event (f, "eaaaaaaaaaaaa", CV_TEST_ROOM);
}

static void
test_event (CvTestApi *f, gconstpointer data)
{
  add_rooms (f);
  g_autofree char *known = cv_test_api_ask (f, "GET /api/v1/events/ecccccccccccc/calendar.ics", "");
  g_assert_true (g_str_has_prefix (known, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (known, "Content-Type: text/calendar; charset=utf-8\r\n"));
  g_assert_nonnull (strstr (known, "Content-Disposition: attachment; filename=\"ecccccccccccc.ics\"\r\n"));
  g_assert_nonnull (strstr (known, "\r\nUID:ecccccccccccc@meet.example\r\n"));
  g_assert_nonnull (strstr (known, "\r\nURL:https://meet.example/r/cccccccccccc#AAAAAAAAAAAAAA"));
  g_autofree char *unknown = cv_test_api_ask (f, "GET /api/v1/events/eaaaaaaaaaaaa/calendar.ics", "");
  g_assert_nonnull (strstr (unknown, "\r\nSUMMARY:Tea\r\n"));
  g_assert_null (strstr (unknown, "URL:"));
  assert_problem (f, "GET /api/v1/events/ebbbbbbbbbbbb/calendar.ics", "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_become (f, "");
  assert_problem (f, "GET /api/v1/events/ecccccccccccc/calendar.ics", "", CV_PROBLEM_NO_SESSION);
}

/* What to dial, where the room is called by phone and the server can be; never how one is a host. */
static void
test_phones (CvTestApi *f, gconstpointer data)
{
  static const char *const NUMBERS[] = { "+49 30 1234", NULL };
  add_rooms (f);
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET dial_in = 1 WHERE kind = 'classroom'");
  cv_test_recordings_run (f->rooms.store, "INSERT INTO pin VALUES ('4821937056', 'cccccccccccc', 'person'), "
                                          "('7390154682', 'cccccccccccc', 'host')");
  g_autofree char *before = cv_test_api_ask (f, "GET /api/v1/events/ecccccccccccc/calendar.ics", "");
  g_assert_null (strstr (before, "482"));
  cv_registry_set_numbers (f->rooms.registry, NUMBERS);
  g_autofree char *after = cv_test_api_ask (f, "GET /api/v1/events/ecccccccccccc/calendar.ics", "");
  g_auto (GStrv) unfolded = g_strsplit (after, "\r\n ", -1);
  g_autofree char *text = g_strjoinv ("", unfolded);
  g_assert_nonnull (strstr (text, "\\n☎ +49 30 1234\\, PIN 482 193 7056#\r\n"));
  g_assert_null (strstr (text, "739"));
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET dial_in = 0");
  g_autofree char *off = cv_test_api_ask (f, "GET /api/v1/events/ecccccccccccc/calendar.ics", "");
  g_assert_null (strstr (off, "482"));
}

/* A zone that is gone since. */
static void
test_passed_over (CvTestApi *f, gconstpointer data)
{
  add_event (f, "eaaaaaaaaaaaa", CV_TEST_ROOM);
  cv_test_recordings_run (f->rooms.store, "UPDATE event SET zone = 'Mars/Olympus'");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "event eaaaaaaaaaaaa is passed over: *");
  assert_problem (f, "GET /api/v1/events/eaaaaaaaaaaaa/calendar.ics", "", CV_PROBLEM_INTERNAL);
  cv_test_log_assert_all ();
}

/* The path of a new one. Returns: (transfer full). */
static char *
make_feed (CvTestApi *f)
{
  static const char start[] = "{\"url\":\"https://meet.example/calendar/";
  g_autofree char *answer = cv_test_api_ask (f, "POST " FEED, "");
  const char *body = cv_test_http_body (answer);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 201 ") && g_str_has_prefix (body, start));
  return g_strdup_printf ("GET /calendar/%.47s", body + strlen (start));
}

/* Of rooms that are theirs; the link is theirs alone. */
static void
test_feed (CvTestApi *f, gconstpointer data)
{
  g_autofree char *user = cv_test_api_add_user (f, "{\"login\":\"zoe\",\"role\":\"host\"}");
  g_autofree char *patch = g_strconcat ("PATCH /api/v1/users/", user, NULL);
  g_autofree char *own = g_strdup_printf ("UPDATE room SET owner = '%s'", user);
  add_rooms (f);
  cv_test_recordings_run (f->rooms.store, own);
  cv_test_api_assert (f, patch, "{\"password\":\"correct horse\"}", 200, "*");
  cv_test_api_become (f, "");
  cv_test_api_assert (f, "POST /api/v1/session", "{\"login\":\"zoe\",\"password\":\"correct horse\"}", 200, "*");
  g_autofree char *old = make_feed (f);
  g_autofree char *feed = make_feed (f);
  g_autofree char *cookie = g_strdup (f->headers);
  cv_test_api_become (f, "");
  cv_test_api_expect_refused (1);
  assert_problem (f, old, "", CV_PROBLEM_NOT_FOUND);
  g_autofree char *answer = cv_test_api_ask (f, feed, "");
  g_assert_nonnull (strstr (answer, "Content-Type: text/calendar; charset=utf-8\r\n"));
  g_assert_nonnull (strstr (answer, "\r\nUID:ecccccccccccc@meet.example\r\n"));
  g_assert_nonnull (strstr (answer, "\r\nURL:https://meet.example/r/cccccccccccc#AAAAAAAAAAAAAA"));
  g_assert_null (strstr (answer, "UID:eaaaaaaaaaaaa"));
  g_assert_nonnull (strstr (answer, "\r\nX-WR-CALNAME:Conclave\r\n"));
  const CvBrandingOptions options = { .name = "Zoë’s, Inc.; \\n" };
  cv_branding_free (f->api.branding);
  f->api.branding = cv_branding_new (&options);
  g_autofree char *branded = cv_test_api_ask (f, feed, "");
  g_assert_nonnull (strstr (branded, "\r\nX-WR-CALNAME:Zoë’s, Inc.; \\\\n\r\n"));

  /* somebody else's room by now, where they planned something */
  cv_test_recordings_run (f->rooms.store, "UPDATE event SET owner = (SELECT id FROM user)");
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET owner = NULL");
  g_autofree char *less = cv_test_api_ask (f, feed, "");
  g_assert_nonnull (strstr (less, "\r\nUID:ecccccccccccc@meet.example\r\n"));
  g_assert_null (strstr (less, "URL:"));

  cv_test_api_become (f, cookie);
  cv_test_api_assert (f, "DELETE " FEED, "", 204, "");
  cv_test_api_expect_refused (1);
  assert_problem (f, feed, "", CV_PROBLEM_NOT_FOUND);
}

static void
test_feed_refused (CvTestApi *f, gconstpointer data)
{
  static const char *const WRONG[] = { "GET /calendar/", "GET /calendar/.ics", "GET /calendar/x.ics",
                                       "GET /calendar/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" };
  /* the admin socket and keys have none */
  assert_problem (f, "POST " FEED, "", CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "DELETE " FEED, "", CV_PROBLEM_NOT_ALLOWED);
  cv_test_api_become (f, "");
  assert_problem (f, "POST " FEED, "", CV_PROBLEM_NO_SESSION);
  for (gsize i = 0; i < G_N_ELEMENTS (WRONG); i++)
    assert_problem (f, WRONG[i], "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_expect_refused (1);
  assert_problem (f, "GET /calendar/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.ics", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "GET /calendar/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.ics", "", CV_PROBLEM_RATE_LIMITED);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-calendar/event", test_event);
  ADD ("/api-calendar/phones", test_phones);
  ADD ("/api-calendar/passed-over", test_passed_over);
  ADD ("/api-calendar/feed", test_feed);
  ADD ("/api-calendar/feed-refused", test_feed_refused);
  return g_test_run ();
}
