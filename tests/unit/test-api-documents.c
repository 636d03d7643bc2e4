/* Documents over the REST interface: who may, and what is told. */
#include "signalling/api-documents.h"

#include "lib/audit.h"
#include "lib/api.h"
#include "lib/folder.h"
#include "lib/log.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define ONE "/api/v1/documents/faaaaaaaaaaaa"
#define SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

typedef struct {
  CvTestApi api;
  CvRoom *room;
  CvMeeting *meeting;
  char *list; /* path of all of them */
} Fixture;

static void
become (Fixture *f, const char *bearer)
{
  g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\n", bearer);
  cv_test_api_become (&f->api, headers);
}

static CvParticipant *
enter (Fixture *f, const char *name)
{
  CvParticipant *person = cv_test_rooms_enter (&f->api.rooms, f->room, name);
  f->meeting = cv_room_get_meeting (f->room);
  become (f, cv_badges_issue (f->api.api.badges, CV_TEST_ROOM, f->meeting, person));
  return person;
}

static void
add (Fixture *f, const char *id, const char *person, const char *status)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) "
                     "VALUES ('%s', '%s', '%s', 'Ann', 'a.html', 'text/html', 5, '%s', 1)",
                     id, cv_meeting_get_id (f->meeting), person, status);
  g_autofree char *name = g_strconcat (cv_meeting_get_id (f->meeting), "/", id, NULL);
  cv_test_recordings_run (f->api.rooms.store, sql);
  cv_test_folder_write (f->api.directory, name, "hello");
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_api_set_up (&f->api, data);
  f->room = cv_test_rooms_load (&f->api.rooms, CV_TEST_ROOM, NULL);
  CvParticipant *ann = enter (f, "Ann");
  f->list = g_strdup_printf ("/api/v1/meetings/%s/documents", cv_meeting_get_id (f->meeting));
  add (f, "faaaaaaaaaaaa", ann->id, "ready");
  add (f, "fbbbbbbbbbbbb", ann->id, "scanning");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  g_object_unref (f->room);
  g_free (f->list);
  cv_test_api_tear_down (&f->api, data);
}

static void
assert_listed (Fixture *f, const char *pattern)
{
  g_autofree char *head = g_strconcat ("GET ", f->list, NULL);
  assert_answer (&f->api, head, "", 200, pattern);
}

static void
test_sender (Fixture *f, gconstpointer data)
{
  assert_listed (
    f, "{\"documents\":[{\"id\":\"faaaaaaaaaaaa\",\"meeting\":\"*\",\"name\":\"a.html\",\"media_type\":\"text/"
       "html\",\"bytes\":5,\"sha256\":null,\"person\":\"*\",\"by\":\"Ann\",\"at\":1,\"status\":\"ready\"}]}");
  assert_answer (&f->api, "GET " ONE, "", 200, "hello");
  assert_answer (&f->api, "GET /api/v1/documents/fbbbbbbbbbbbb/upload", "", 200, "*\"offset\":5*\"scanning\"}");
  assert_problem (&f->api, "GET /api/v1/documents/fbbbbbbbbbbbb", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (&f->api, "POST /api/v1/documents/fbbbbbbbbbbbb/link", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (&f->api, "GET /api/v1/documents/fcccccccccccc", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (&f->api, "PATCH " ONE, "x", CV_PROBLEM_NOT_ALLOWED);
  assert_answer (&f->api, "DELETE " ONE, "", 204, "");
  assert_listed (f, "{\"documents\":[]}");
}

static void
test_begin (Fixture *f, gconstpointer data)
{
  g_autofree char *head = g_strconcat ("POST ", f->list, NULL);
  assert_answer (&f->api, head, "{\"name\":\"../x.pdf\",\"bytes\":9,\"media_type\":\"\"}", 201,
                 "{\"id\":\"f*\",\"name\":\"_.._x.pdf\",\"offset\":0,\"secret\":\"*\"}");
  assert_problem (&f->api, head, "{\"name\":\"x\",\"bytes\":1001,\"media_type\":\"\"}", CV_PROBLEM_TOO_LARGE);
  assert_problem (&f->api, head, "{\"name\":\"x\",\"bytes\":9,\"media_type\":\"\",\"resume\":{}}",
                  CV_PROBLEM_BAD_MESSAGE);
  assert_problem (
    &f->api, head,
    "{\"name\":\"x\",\"bytes\":9,\"media_type\":\"\",\"resume\":{\"id\":\"faaaaaaaaaaaa\",\"secret\":\"" SECRET "\"}}",
    CV_PROBLEM_NOT_FOUND);
  f->api.admin = TRUE;
  assert_problem (&f->api, head, "{\"name\":\"x\",\"bytes\":9,\"media_type\":\"\"}", CV_PROBLEM_NOT_ALLOWED);
}

static void
test_others (Fixture *f, gconstpointer data)
{
  enter (f, "Bob");
  assert_answer (&f->api, "GET " ONE, "", 200, "hello");
  assert_problem (&f->api, "GET " ONE "/upload", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (&f->api, "DELETE " ONE, "", CV_PROBLEM_NOT_ALLOWED);
  g_autofree char *answer = cv_test_api_ask (&f->api, "POST " ONE "/link", "");
  g_autofree char *url = g_strndup (strstr (answer, "/d/"), 3 + 43);
  g_autofree char *head = g_strconcat ("GET ", url, NULL);
  cv_test_api_become (&f->api, "");
  g_autofree char *file = cv_test_api_ask (&f->api, head, "");
  g_assert_nonnull (strstr (file, "\r\nContent-Disposition: attachment; filename=\"a.html\""));
  g_assert_nonnull (strstr (file, "\r\nContent-Type: application/octet-stream\r\n"));
  g_assert_nonnull (strstr (file, "\r\nContent-Security-Policy: sandbox; default-src 'none'"));
  cv_clock_advance (f->api.rooms.clock, CV_VOUCHER_MS);
  assert_problem (&f->api, head, "", CV_PROBLEM_GONE);
  assert_problem (&f->api, "GET " ONE, "", CV_PROBLEM_NO_SESSION);
}

static void
test_reader (Fixture *f, gconstpointer data)
{
  cv_test_recordings_run (
    f->api.rooms.store,
    "UPDATE meeting SET secret = x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'");
  become (f, SECRET);
  assert_answer (&f->api, "GET " ONE, "", 200, "hello");
  assert_listed (f, "*faaaaaaaaaaaa*");
  assert_problem (&f->api, "DELETE " ONE, "", CV_PROBLEM_NOT_ALLOWED);
  cv_test_api_expect_refused (1);
  g_autofree char *wrong = cv_test_api_key ('x');
  become (f, wrong);
  assert_problem (&f->api, "GET " ONE, "", CV_PROBLEM_NO_SESSION);
  cv_test_log_assert_all ();
}

static void
test_accounts (Fixture *f, gconstpointer data)
{
  static const struct {
    char letter;
    CvAccountRole role;
    guint status;
  } keys[] = { { 'a', CV_ACCOUNT_ADMINISTRATOR, 200 },
               { 'h', CV_ACCOUNT_HOST, 404 },
               { 'p', CV_ACCOUNT_PRODUCER, 403 } };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *key = cv_test_api_key (keys[i].letter);
    cv_test_api_add_key_of (&f->api, keys[i].letter, keys[i].role);
    become (f, key);
    assert_answer (&f->api, "GET " ONE, "", keys[i].status, "*");
  }
  cv_test_recordings_run (f->api.rooms.store, "UPDATE room SET owner = 'khhhhhhhhhhhh'");
  g_autofree char *owner = cv_test_api_key ('h');
  become (f, owner);
  assert_listed (f, "*ready*scanning*");
  assert_answer (&f->api, "GET " ONE, "", 200, "hello");
  assert_answer (&f->api, "DELETE " ONE, "", 204, "");
  g_autofree char *audit = cv_test_recordings_dump (
    f->api.rooms.store, "SELECT actor, action, object FROM " CV_TEST_AUDIT " WHERE action = 'document.delete'");
  g_assert_cmpstr (audit, ==, "khhhhhhhhhhhh document.delete faaaaaaaaaaaa;");
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-documents/sender", test_sender);
  ADD ("/api-documents/begin", test_begin);
  ADD ("/api-documents/others", test_others);
  ADD ("/api-documents/reader", test_reader);
  ADD ("/api-documents/accounts", test_accounts);
  return g_test_run ();
}
