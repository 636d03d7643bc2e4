/* Files of recordings over the REST interface: by name, with people's names, and none that is not theirs. */
#include "signalling/api-files.h"

#include "lib/api.h"
#include "lib/folder.h"
#include "lib/log.h"

#include <glib/gstdio.h>
#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define ONE "/api/v1/recordings/" CV_TEST_RECORDING
#define FILES ONE "/files/"
#define ARCHIVE ONE "/archive.zip"

static void
set_up (CvTestApi *f, gconstpointer data)
{
  cv_test_api_set_up (f, data);
  cv_test_api_add_recording (f);
}

static void
assert_header (CvTestApi *f, const char *head, const char *header)
{
  g_autofree char *answer = cv_test_api_ask (f, head, "");
  g_autofree char *line = g_strconcat ("\r\n", header, "\r\n", NULL);
  if (strstr (answer, line) == NULL)
    g_error ("%s: no %s in %s", head, header, answer);
}

static void
become_guest (CvTestApi *f, gboolean downloads)
{
  g_autofree char *body = g_strdup_printf ("{\"hours\":1,\"downloads\":%s}", downloads ? "true" : "false");
  f->admin = TRUE;
  g_autofree char *answer = cv_test_api_ask (f, "POST " ONE "/shares", body);
  g_autofree char *id = g_strndup (strstr (answer, "\"id\":\"") + 6, 13);
  g_autofree char *secret = g_strndup (strstr (answer, "\"secret\":\"") + 10, 43);
  g_autofree char *open = g_strdup_printf ("POST /api/v1/shares/%s/open", id);
  g_autofree char *with = g_strdup_printf ("{\"secret\":\"%s\"}", secret);
  cv_test_api_become (f, "");
  assert_answer (f, open, with, 200, "*");
}

static void
test_files (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "GET " FILES "meeting.mp4", "", 200, "meeting.mp4");
  assert_answer (f, "GET " FILES CV_TEST_API_TRACK, "", 200, CV_TEST_API_TRACK);
  assert_answer (f, "GET " FILES "tracks%2F001-pabcdefghijkm-camera-1.mkv", "", 200, CV_TEST_API_TRACK);
  assert_header (f, "GET " FILES "meeting.mp4",
                 "Content-Disposition: inline; filename=\"Tea.mp4\"; filename*=UTF-8''Tea.mp4");
  assert_header (f, "GET " FILES CV_TEST_API_TRACK "?download=1",
                 "Content-Disposition: attachment; filename=\"Tea - Zoe - 001-camera-1.mkv\"; "
                 "filename*=UTF-8''Tea%20-%20Zo%C3%AB%20-%20001-camera-1.mkv");
  assert_header (f, "GET " FILES "timeline.json", "Content-Type: application/json");
  assert_answer (f, "HEAD " FILES "meeting.mp4", "", 200, "");
  assert_header (f, "HEAD " FILES "meeting.mp4", "Content-Length: 11");
}

static void
test_other_names (CvTestApi *f, gconstpointer data)
{
  static const char *const names[] = { "",
                                       "events.jsonl",
                                       "../events.jsonl",
                                       "%2e%2e/events.jsonl",
                                       "..%2Fevents.jsonl",
                                       "files/meeting.mp4",
                                       "meeting.mp4/",
                                       "/meeting.mp4",
                                       "%2Fetc%2Fpasswd",
                                       "meeting.mp4%00.jpg",
                                       "meeting.mp4%0d%0aX:y",
                                       "MEETING.MP4",
                                       "meeting",
                                       "*",
                                       "'%20OR%201=1%20--",
                                       "tracks",
                                       "tracks/",
                                       "tracks/../files/meeting.mp4",
                                       ".meeting.mp4.part" };
  cv_test_folder_write (f->directory, CV_TEST_RECORDING "/files/.meeting.mp4.part", "x");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *head = g_strconcat ("GET " FILES, names[i], NULL);
    g_autofree char *answer = cv_test_api_ask (f, head, "");
    if (!g_str_has_prefix (answer, "HTTP/1.1 404 ") && !g_str_has_prefix (answer, "HTTP/1.1 400 "))
      g_error ("%s: %s", names[i], answer);
  }
  assert_problem (f, "GET /api/v1/recordings/rmmmmmmmmmmmm/files/meeting.mp4", "", CV_PROBLEM_NOT_FOUND);
}

/* The database says that it is there. */
static void
test_gone (CvTestApi *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, CV_TEST_RECORDING, "files", "meeting.mp4", NULL);
  g_assert_true (g_remove (path) == 0);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*a file of recording " CV_TEST_RECORDING " cannot be read*");
  assert_problem (f, "GET " FILES "meeting.mp4", "", CV_PROBLEM_NOT_FOUND);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*no archive of recording " CV_TEST_RECORDING "*");
  assert_problem (f, "GET " ARCHIVE, "", CV_PROBLEM_NOT_FOUND);
  cv_test_log_assert_all ();
}

static void
test_guests (CvTestApi *f, gconstpointer data)
{
  cv_test_api_become (f, "");
  assert_problem (f, "GET " FILES "meeting.mp4", "", CV_PROBLEM_NO_SESSION);
  assert_problem (f, "GET " ARCHIVE, "", CV_PROBLEM_NO_SESSION);
  become_guest (f, FALSE);
  assert_answer (f, "GET " FILES "meeting.mp4", "", 200, "meeting.mp4");
  assert_answer (f, "GET " FILES "timeline.json", "", 200, "timeline.json");
  assert_problem (f, "GET " FILES "meeting.mp4?download=1", "", CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "GET " FILES CV_TEST_API_TRACK, "", CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "GET " ARCHIVE, "", CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "GET /api/v1/recordings/rmmmmmmmmmmmm/files/meeting.mp4", "", CV_PROBLEM_NO_SESSION);
  become_guest (f, TRUE);
  assert_answer (f, "GET " FILES "meeting.mp4?download=1", "", 200, "meeting.mp4");
  assert_answer (f, "GET " FILES CV_TEST_API_TRACK, "", 200, CV_TEST_API_TRACK);
  assert_header (f, "GET " ARCHIVE, "Content-Type: application/zip");
}

static void
test_archive (CvTestApi *f, gconstpointer data)
{
  assert_header (f, "GET " ARCHIVE, "Content-Disposition: attachment; filename=\"Tea.zip\"; filename*=UTF-8''Tea.zip");
  /* what python finds in it: test-archive.c */
  assert_header (f, "GET " ARCHIVE "?files=meeting.mp4", "Content-Length: 139");
  assert_header (f, "HEAD " ARCHIVE "?files=meeting.mp4", "Content-Length: 139");
  g_autofree char *answer = cv_test_api_ask (f, "GET " ARCHIVE "?files=timeline.json,meeting.mp4", "");
  g_assert_true (g_str_has_prefix (cv_test_http_body (answer), "PK\3\4"));
  static const char *const bad[] = { "x", "meeting.mp4,", "", "../events.jsonl", "meeting.mp4,x", "%00", "," };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *head = g_strconcat ("GET " ARCHIVE "?files=", bad[i], NULL);
    assert_problem (f, head, "", CV_PROBLEM_NOT_FOUND);
  }
  assert_problem (f, "GET /api/v1/recordings/rmmmmmmmmmmmm/archive.zip", "", CV_PROBLEM_NOT_FOUND);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-files/files", test_files);
  ADD ("/api-files/other-names", test_other_names);
  ADD ("/api-files/gone", test_gone);
  ADD ("/api-files/guests", test_guests);
  ADD ("/api-files/archive", test_archive);
  return g_test_run ();
}
