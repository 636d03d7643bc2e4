/* Recordings over the REST interface, and who may see what of them. */
#include "signalling/api-recordings.h"

#include "lib/audit.h"
#include "lib/api.h"
#include "lib/folder.h"
#include "lib/log.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define ALL "/api/v1/recordings"
#define ONE ALL "/" CV_TEST_RECORDING
#define ROW(title)                                                                                                     \
  "{\"id\":\"" CV_TEST_RECORDING "\",\"room\":\"abcdefghijkm\",\"meeting\":\"mabcdefghijkm\",\"title\":\"" title       \
  "\",\"started\":1700000000000,\"ended\":1700000060000,\"status\":\"ready\",\"error\":null,*"
#define FILES                                                                                                          \
  "*\"files\":[{\"name\":\"meeting.mp4\",*},{\"name\":\"timeline.json\",*},{\"name\":\"" CV_TEST_API_TRACK "\",*}]"

static void
set_up (CvTestApi *f, gconstpointer data)
{
  cv_test_api_set_up (f, data);
  cv_test_api_add_recording (f);
}

/* The titles that a list has, and "+" where it goes on. */
static void
assert_list (CvTestApi *f, const char *query, const char *expected)
{
  g_autofree char *head = g_strconcat ("GET " ALL, query, NULL);
  g_autofree char *answer = cv_test_api_ask (f, head, "");
  g_autoptr (JsonObject) object = cv_json_parse (cv_test_http_body (answer), strlen (cv_test_http_body (answer)), NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_assert_nonnull (object);
  JsonArray *array = json_object_get_array_member (object, "recordings");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s ",
                            json_object_get_string_member (json_array_get_object_element (array, i), "title"));
  g_string_append (text, json_object_get_null_member (object, "next") ? "" : "+");
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_list (CvTestApi *f, gconstpointer data)
{
  cv_test_recordings_add (f->rooms.store, "raaaaaaaaaaaa", "failed", 1);
  cv_test_recordings_add (f->rooms.store, "rbbbbbbbbbbbb", "processing", 2);
  cv_test_recordings_run (f->rooms.store, "UPDATE recording SET title = 'x' || substr (id, 2, 1)");
  assert_answer (f, "GET " ALL "?limit=1", "", 200, "{\"recordings\":[" ROW ("xa") FILES "}],\"next\":\"*\"}");
  assert_list (f, "", "xa xb xa ");
  assert_list (f, "?", "xa xb xa ");
  assert_list (f, "?q=&room=&cursor=&status=", "xa xb xa ");
  assert_list (f, "?sort=title&order=desc", "xb xa xa ");
  assert_list (f, "?order=asc&limit=2", "xa xb +");
  assert_list (f, "?status=processing", "xb ");
  assert_list (f, "?q=XB&status=processing", "xb ");
  assert_list (f, "?room=abcdefghijkm&q=xa", "xa xa ");
  assert_list (f, "?room=mmmmmmmmmmmm", "");
  g_autofree char *answer = cv_test_api_ask (f, "GET " ALL "?limit=2", "");
  const char *next = strstr (answer, "\"next\":\"") + strlen ("\"next\":\"");
  g_autofree char *query = g_strdup_printf ("?limit=2&cursor=%.*s", (int) strcspn (next, "\""), next);
  assert_list (f, query, "xa ");
}

static void
test_bad_lists (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "limit=0",  "limit=201", "limit=x", "limit=-1",      "limit=1e2",   "sort=id",
                                     "order=up", "status=x",  "room=x",  "more=1",        "cursor=%21",  "cursor=YQ",
                                     "q=%ff",    "=",         "q=a&x=b", "sort=started;", "status=READY" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *head = g_strconcat ("GET " ALL "?", bad[i], NULL);
    assert_problem (f, head, "", CV_PROBLEM_BAD_MESSAGE);
  }
  g_autofree char *endless = g_strnfill (401, 'x');
  g_autofree char *head = g_strconcat ("GET " ALL "?q=", endless, NULL);
  assert_problem (f, head, "", CV_PROBLEM_BAD_MESSAGE);
}

static void
test_show_and_rename (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "GET " ONE, "", 200, ROW ("Tea") FILES ",\"renders\":[],\"downloads\":true,\"shares\":[]}");
  assert_answer (f, "PATCH " ONE, "{\"title\":\"Täglich\"}", 200, ROW ("Täglich") "\"shares\":[]}");
  static const char *const bad[] = {
    "{}", "{\"title\":\"\"}", "{\"title\":\" \"}", "{\"title\":\"a\\nb\"}", "{\"title\":\"a\",\"x\":1}", ""
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "PATCH " ONE, bad[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "GET " ALL "/rmmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "GET " ALL "/mmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "PATCH " ALL "/rmmmmmmmmmmmm", "{\"title\":\"a\"}", CV_PROBLEM_NOT_FOUND);
}

static void
test_verify (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "POST " ONE "/verify", "{}", 200,
                 "{\"files\":[{\"name\":\"meeting.mp4\",\"ok\":true},{\"name\":\"timeline.json\",\"ok\":true},"
                 "{\"name\":\"" CV_TEST_API_TRACK "\",\"ok\":true}],\"ok\":true}");
  cv_test_folder_write (f->directory, CV_TEST_RECORDING "/files/meeting.mp4", "meeting.mp5");
  assert_answer (
    f, "POST " ONE "/verify", "", 200,
    "{\"files\":[{\"name\":\"meeting.mp4\",\"ok\":false},{\"name\":\"timeline.json\",\"ok\":true},*],\"ok\":false}");
  assert_problem (f, "POST " ALL "/rmmmmmmmmmmmm/verify", "", CV_PROBLEM_NOT_FOUND);
}

static void
test_renders (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "{}",
                                     "{\"layout\":\"pie\"}",
                                     "{\"layout\":\"grid\",\"width\":1}",
                                     "{\"layout\":\"grid\",\"x\":1}",
                                     "{\"layout\":\"grid\",\"without\":[\"x\"]}",
                                     "{\"layout\":\"grid\",\"from\":5,\"to\":4}" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " ONE "/renders", bad[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST " ONE "/renders", "{\"layout\":\"grid\"}", CV_PROBLEM_NO_RENDERER);
  assert_problem (f, "DELETE /api/v1/renders/jmmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
}

static void
test_delete (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "DELETE " ONE, "", 204, "");
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "DELETE " ONE, "", CV_PROBLEM_NOT_FOUND);
  g_autofree char *folder = g_build_filename (f->directory, CV_TEST_RECORDING, NULL);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_autofree char *audit = cv_test_recordings_dump (f->rooms.store, "SELECT actor, action, object FROM " CV_TEST_AUDIT
                                                                    " WHERE action = 'recording.delete'");
  g_assert_cmpstr (audit, ==, "admin recording.delete " CV_TEST_RECORDING ";");
}

static void
test_still_recorded (CvTestApi *f, gconstpointer data)
{
  cv_test_recordings_run (f->rooms.store, "UPDATE recording SET status = 'recording', ended = NULL");
  assert_problem (f, "DELETE " ONE, "", CV_PROBLEM_RECORDING_STATE);
  assert_problem (f, "POST " ONE "/verify", "", CV_PROBLEM_RECORDING_STATE);
  assert_answer (f, "GET " ONE, "", 200, "*\"ended\":null,\"status\":\"recording\"*");
}

/* Nobody, a guest, a guest of another recording, a producer: what each is told. */
static void
test_who (CvTestApi *f, gconstpointer data)
{
  static const char *const requests[] = { "GET " ALL,
                                          "PATCH " ONE,
                                          "DELETE " ONE,
                                          "POST " ONE "/verify",
                                          "POST " ONE "/renders",
                                          "POST " ONE "/shares",
                                          "DELETE /api/v1/renders/jmmmmmmmmmmmm",
                                          "DELETE /api/v1/shares/smmmmmmmmmmmm" };
  g_autofree char *answer = cv_test_api_ask (f, "POST " ONE "/shares", "{\"hours\":0,\"downloads\":false}");
  g_autofree char *id = g_strndup (strstr (answer, "\"id\":\"") + 6, 13);
  g_autofree char *secret = g_strndup (strstr (answer, "\"secret\":\"") + 10, 43);
  g_autofree char *open = g_strdup_printf ("POST /api/v1/shares/%s/open", id);
  g_autofree char *body = g_strdup_printf ("{\"secret\":\"%s\"}", secret);
  cv_test_api_become (f, "");
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    assert_problem (f, requests[i], "", CV_PROBLEM_NO_SESSION);
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NO_SESSION);
  assert_answer (f, open, body, 200, "{\"recording\":\"" CV_TEST_RECORDING "\",\"downloads\":false,\"expires\":0}");
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++) {
    gboolean theirs = strstr (requests[i], ONE) != NULL;
    assert_problem (f, requests[i], "", theirs ? CV_PROBLEM_NOT_ALLOWED : CV_PROBLEM_NO_SESSION);
  }
  assert_answer (
    f, "GET " ONE, "", 200,
    ROW ("Tea") "\"files\":[{\"name\":\"meeting.mp4\",*},{\"name\":\"timeline.json\",*}],\"downloads\":false}");
  assert_problem (f, "GET " ALL "/rmmmmmmmmmmmm", "", CV_PROBLEM_NO_SESSION);
}

/* Hosts have the recordings of their own rooms, and those that somebody sent them a link to. */
static void
test_hosts (CvTestApi *f, gconstpointer data)
{
  g_autofree char *answer = cv_test_api_ask (f, "POST " ONE "/shares", "{\"hours\":0,\"downloads\":false}");
  g_autofree char *share = g_strndup (strstr (answer, "\"id\":\"") + 6, 13);
  g_autofree char *secret = g_strndup (strstr (answer, "\"secret\":\"") + 10, 43);
  g_autofree char *open = g_strdup_printf ("POST /api/v1/shares/%s/open", share);
  g_autofree char *opened = g_strdup_printf ("{\"secret\":\"%s\"}", secret);
  g_autofree char *withdraw = g_strdup_printf ("DELETE /api/v1/shares/%s", share);
  g_autofree char *key = cv_test_api_key ('h');
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\"}", key);
  cv_test_api_add_key_of (f, 'h', CV_ACCOUNT_HOST);
  cv_test_api_become (f, "");
  assert_answer (f, "POST /api/v1/session", body, 200, "{\"role\":\"host\",*");
  assert_list (f, "", "");
  assert_problem (f, "GET " ONE, "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "PATCH " ONE, "{\"title\":\"a\"}", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, withdraw, "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "GET " ONE "/files/meeting.mp4", "", CV_PROBLEM_NOT_FOUND);
  assert_answer (f, open, opened, 200, "*");
  assert_answer (f, "GET " ONE, "", 200, "*\"downloads\":false}");
  assert_problem (f, "DELETE " ONE, "", CV_PROBLEM_NOT_FOUND);
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET owner = 'khhhhhhhhhhhh'");
  assert_list (f, "", "Tea ");
  assert_answer (f, "GET " ONE, "", 200, "*\"downloads\":true,\"shares\":[{*}]}");
  assert_answer (f, "PATCH " ONE, "{\"title\":\"a\"}", 200, "*");
  assert_answer (f, withdraw, "", 204, "");
  assert_answer (f, "DELETE " ONE, "", 204, "");
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-recordings/list", test_list);
  ADD ("/api-recordings/bad-lists", test_bad_lists);
  ADD ("/api-recordings/show-and-rename", test_show_and_rename);
  ADD ("/api-recordings/verify", test_verify);
  ADD ("/api-recordings/renders", test_renders);
  ADD ("/api-recordings/delete", test_delete);
  ADD ("/api-recordings/still-recorded", test_still_recorded);
  ADD ("/api-recordings/who", test_who);
  ADD ("/api-recordings/hosts", test_hosts);
  return g_test_run ();
}
