/* Summaries over the REST interface: what is asked, by whom, and what is not taken. */
#include "signalling/api-summaries.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/wait.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define MEETING "mabcdefghijkm"
#define ONE "/api/v1/meetings/" MEETING "/summary"
#define BODY                                                                                                           \
  "{\"meeting\":\"" MEETING "\",\"room\":\"" CV_TEST_ROOM "\",\"kind\":\"standard\",\"title\":\"Tea\",\"reason\":"     \
  "\"host\",\"started\":1,\"ended\":2,\"attendance\":[],\"agenda\":[],\"minutes\":[],\"polls\":[],\"chat\":[],"        \
  "\"captions\":[],\"documents\":[],\"recordings\":[]}"

static void
add_meeting (CvTestApi *f, const char *columns, const char *values)
{
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO meeting (id, room, started%s) VALUES ('" MEETING "', '" CV_TEST_ROOM "', 1%s)", columns, values);
  cv_test_recordings_run (f->rooms.store, sql);
}

static void
set_up (CvTestApi *f, gconstpointer data)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (CvWords) words = cv_words_new (".", "en", utc);
  cv_test_api_set_up (f, data);
  f->api.press = cv_press_new (words);
  const CvScribeOptions scribe = { .store = f->rooms.store, .clock = f->rooms.clock, .cabinet = f->api.cabinet };
  f->api.scribe = cv_scribe_new (&scribe);
}

static void
tear_down (CvTestApi *f, gconstpointer data)
{
  cv_scribe_stop (f->api.scribe);
  cv_test_wait_gone (g_steal_pointer (&f->api.scribe));
  cv_press_free (f->api.press);
  cv_test_api_tear_down (f, data);
}

static void
add_summary (CvTestApi *f)
{
  add_meeting (f, ", ended, reason, title, secret", ", 2, 'host', 'Tea', randomblob (32)");
  cv_test_recordings_run (f->rooms.store, "INSERT INTO summary VALUES ('" MEETING "', 1, 5, 'server', '" BODY "')");
}

static void
test_shown (CvTestApi *f, gconstpointer data)
{
  add_summary (f);
  assert_answer (f, "GET " ONE, "", 200,
                 "{\"status\":\"ready\",\"meeting\":\"" MEETING "\",\"issue\":1,\"made\":5,\"actor\":\"server\",*"
                 "\"editable\":true,\"mail\":false,\"body\":" BODY "}");
  assert_answer (f, "GET " ONE "?format=md", "", 200, "*Tea*");
  g_autofree char *page = cv_test_api_ask (f, "GET " ONE "?format=html", "");
  g_assert_nonnull (strstr (page, "\r\nContent-Disposition: inline; filename=\"Tea.html\""));
  g_assert_nonnull (strstr (page, "\r\nX-Content-Type-Options: nosniff\r\n"));
  g_assert_nonnull (strstr (page, "\r\nCache-Control: no-store\r\n"));
  g_autofree char *file = cv_test_api_ask (f, "GET " ONE "?format=pdf&download=1", "");
  g_assert_nonnull (strstr (file, "\r\nContent-Disposition: attachment; filename=\"Tea.pdf\""));
  assert_problem (f, "GET " ONE "?format=docx", "", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "GET " ONE "?download=2", "", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "GET " ONE "?page=2", "", CV_PROBLEM_BAD_MESSAGE);
}

static void
test_pending (CvTestApi *f, gconstpointer data)
{
  add_meeting (f, ", title, secret", ", 'Tea', randomblob (32)");
  assert_answer (f, "GET " ONE, "", 202, "{\"status\":\"pending\",\"waits_for\":\"end\"}");
  assert_problem (f, "DELETE /api/v1/meetings/" MEETING, "", CV_PROBLEM_MEETING_RUNS);
  cv_test_recordings_run (f->rooms.store, "UPDATE meeting SET ended = 2, reason = 'host'");
  assert_answer (f, "GET " ONE "?format=pdf", "", 202, "{\"status\":\"pending\",\"waits_for\":\"making\"}");
  cv_test_recordings_run (f->rooms.store, "UPDATE meeting SET secret = NULL");
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "GET /api/v1/meetings/mbbbbbbbbbbbb/summary", "", CV_PROBLEM_NOT_FOUND);
}

static void
test_reissued (CvTestApi *f, gconstpointer data)
{
  add_summary (f);
  assert_answer (f, "PUT " ONE, "{\"issue\":1,\"title\":\"Coffee\"}", 200,
                 "*\"issue\":2,*\"actor\":\"admin\",*Coffee*");
  assert_problem (f, "PUT " ONE, "{\"issue\":1,\"title\":\"Late\"}", CV_PROBLEM_OUTDATED);
  assert_problem (f, "PUT " ONE, "{\"issue\":2,\"started\":7}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "PUT " ONE, "nonsense", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "PUT /api/v1/meetings/mbbbbbbbbbbbb/summary", "{\"issue\":1}", CV_PROBLEM_NOT_FOUND);
}

static void
test_accounts (CvTestApi *f, gconstpointer data)
{
  g_autofree char *key = cv_test_api_key ('q');
  g_autofree char *bearer = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  add_summary (f);
  cv_test_api_add_key_of (f, 'q', CV_ACCOUNT_HOST);
  cv_test_api_become (f, bearer);
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NOT_FOUND); /* others' meetings are not there */
  assert_problem (f, "PUT " ONE, "{\"issue\":1}", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "DELETE /api/v1/meetings/" MEETING, "", CV_PROBLEM_NOT_FOUND);
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET owner = 'kqqqqqqqqqqqq'");
  assert_answer (f, "GET " ONE, "", 200, "*\"editable\":true*");
  assert_answer (f, "PUT " ONE, "{\"issue\":1}", 200, "*\"actor\":\"kqqqqqqqqqqqq\"*");
  cv_test_api_become (f, "");
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NO_SESSION);
  cv_test_api_become (f, bearer);
  assert_answer (f, "DELETE /api/v1/meetings/" MEETING, "", 204, "");
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NOT_FOUND);
}

static void
test_no_mail (CvTestApi *f, gconstpointer data)
{
  add_summary (f);
  assert_problem (f, "POST " ONE "/mail", "{\"to\":[\"a@b.c\"]}", CV_PROBLEM_NOT_AVAILABLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
#define CASE(name, test) g_test_add ("/api-summaries/" name, CvTestApi, NULL, set_up, test, tear_down)
  CASE ("shown", test_shown);
  CASE ("pending", test_pending);
  CASE ("reissued", test_reissued);
  CASE ("accounts", test_accounts);
  CASE ("no-mail", test_no_mail);
  return g_test_run ();
}
