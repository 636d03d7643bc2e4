/* See api.h. */
#include "lib/api.h"

#include "base/ids.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/wait.h"
#include "signalling/http.h"

#include <string.h>

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  CvTestApi *f = user_data;
  cv_http_set_headers (message);
  cv_api_handle (&f->api, message, path, f->admin, "192.0.2.1");
}

static CvCabinet *
make_cabinet (CvTestApi *f)
{
  const CvCabinetOptions options = { .store = f->rooms.store,
                                     .clock = f->rooms.clock,
                                     .directory = f->directory,
                                     .max_bytes = 1000,
                                     .quota = 1500,
                                     .scan = "",
                                     .key = "an old pond" };
  return cv_cabinet_new (&options);
}

static guint
count_sockets (gpointer user_data)
{
  return 7;
}

/* Of a database that a test may put there. */
static CvBackups *
make_backups (CvTestApi *f)
{
  g_autofree char *database = g_build_filename (f->directory, "conclave.db", NULL);
  g_autofree char *backups = g_build_filename (f->directory, "backups", NULL);
  const CvBackupsOptions options = { .database = database, .directory = backups, .keep = 2 };
  return cv_backups_new (&options, f->rooms.clock);
}

void
cv_test_api_set_up (CvTestApi *f, gconstpointer data)
{
  static const char *const without_media[] = { "classroom", NULL };
  cv_test_rooms_init (&f->rooms, without_media);
  cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, "standard", NULL);
  f->admin = TRUE;
  f->headers = g_strdup ("");
  f->directory = cv_test_folder_new ();
  CvLibraryOptions library = { .store = f->rooms.store, .clock = f->rooms.clock, .directory = f->directory };
  f->api = (CvApi){
    .registry = f->rooms.registry,
    .store = f->rooms.store,
    .library = cv_library_new (&library),
    .recordings = f->directory,
    .accel_prefix = "",
    .backups = make_backups (f),
    .access = cv_access_new (f->rooms.store, f->rooms.clock),
    .accounts = cv_accounts_new (f->rooms.store, f->rooms.clock, CV_TEST_API_SIGN_INS),
    .passwords = cv_passwords_new (),
    .bodies = cv_bodies_new (f->rooms.clock),
    .cabinet = make_cabinet (f),
    .badges = cv_badges_new (1000, 1500),
    .vouchers = cv_vouchers_new (f->rooms.clock),
    .documents_accel_prefix = "",
    .streams = cv_streams_new (f->rooms.registry, f->rooms.clock),
    .onces = cv_onces_new (f->rooms.store, f->rooms.clock),
    .tickets = cv_tickets_new ("an old pond, a frog jumps in, plop"),
    .clock = f->rooms.clock,
    .branding = cv_branding_new (NULL),
    .checks = cv_buckets_new (1, CV_TEST_API_CHECKS, 10),
    .creations = cv_buckets_new (1, CV_TEST_API_CREATIONS, 10),
    .url = (char *) "https://meet.example",
    .count_sockets = count_sockets,
  };
  f->api.reopening = cv_reopening_new (f->rooms.registry, f->rooms.clock, "as the wind", f->api.creations);
  cv_tickets_set_url (f->api.tickets, f->api.url);
  cv_passwords_set_cost (f->api.passwords, 8);
  cv_test_http_init (&f->http, on_request, f);
}

void
cv_test_api_tear_down (CvTestApi *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  cv_bodies_free (f->api.bodies);
  cv_vouchers_free (f->api.vouchers);
  cv_badges_free (f->api.badges);
  cv_cabinet_stop (f->api.cabinet);
  cv_test_wait_gone (g_steal_pointer (&f->api.cabinet));
  cv_passwords_free (f->api.passwords);
  cv_accounts_free (f->api.accounts);
  cv_access_free (f->api.access);
  cv_library_stop (f->api.library);
  cv_test_wait_gone (g_steal_pointer (&f->api.library));
  cv_backups_stop (f->api.backups);
  cv_test_wait_gone (g_steal_pointer (&f->api.backups));
  cv_streams_free (f->api.streams);
  cv_tickets_free (f->api.tickets);
  cv_branding_free (f->api.branding);
  cv_onces_close (f->api.onces);
  cv_buckets_free (f->api.checks);
  cv_reopening_free (f->api.reopening);
  cv_buckets_free (f->api.creations);
  cv_test_rooms_clear (&f->rooms);
  cv_test_folder_free (f->directory);
  g_free (f->headers);
}

static void
add_file (CvTestApi *f, const char *name, const char *kind, const char *person)
{
  g_autofree char *path =
    g_strconcat (CV_TEST_RECORDING, g_str_has_prefix (name, "tracks/") ? "/" : "/files/", name, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO recording_file (recording, name, kind, bytes, sha256, person, source) "
                     "VALUES ('" CV_TEST_RECORDING "', '%s', '%s', %u, '%s', '%s', '%s')",
                     name, kind, (guint) strlen (name), hash, person, *person != '\0' ? "camera" : "");
  cv_test_folder_write (f->directory, path, name);
  cv_test_recordings_run (f->rooms.store, sql);
}

void
cv_test_api_add_recording (CvTestApi *f)
{
  cv_test_recordings_run (f->rooms.store,
                          "INSERT INTO meeting (id, room, started) VALUES ('mabcdefghijkm', '" CV_TEST_ROOM "', 1)");
  cv_test_recordings_add (f->rooms.store, CV_TEST_RECORDING, "ready", CV_TEST_NOW);
  cv_test_recordings_run (f->rooms.store, "INSERT INTO consent (recording, person, name, answer, at) VALUES "
                                          "('" CV_TEST_RECORDING "', 'pabcdefghijkm', 'Zoë', 'announced', 1)");
  cv_test_folder_write (f->directory, CV_TEST_RECORDING "/events.jsonl", "{}\n");
  add_file (f, "meeting.mp4", "video", "");
  add_file (f, "timeline.json", "timeline", "");
  add_file (f, CV_TEST_API_TRACK, "track", "pabcdefghijkm");
}

char *
cv_test_api_key (char letter)
{
  guint8 key[CV_ACCESS_KEY_BYTES];
  memset (key, letter, sizeof key);
  return cv_base64url_encode (key, sizeof key);
}

void
cv_test_api_add_key (CvTestApi *f, char letter)
{
  cv_test_api_add_key_of (f, letter, CV_ACCOUNT_PRODUCER);
}

void
cv_test_api_add_key_of (CvTestApi *f, char letter, CvAccountRole role)
{
  guint8 key[CV_ACCESS_KEY_BYTES];
  char id[] = "kxxxxxxxxxxxx";
  GAsyncResult *slot = NULL;
  memset (id + 1, letter, strlen (id + 1));
  memset (key, letter, sizeof key);
  CvKeyRow row = { .id = id, .name = (char *) "Zoë", .role = role, .created = 1 };
  cv_hash (key, sizeof key, row.hash);
  cv_keys_insert_async (f->rooms.store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_keys_insert_finish (f->rooms.store, result, NULL));
}

void
cv_test_api_expect_refused (guint times)
{
  for (guint i = 0; i < times; i++)
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "sign-in refused from 192.0.2.1");
}

void
cv_test_api_become (CvTestApi *f, const char *headers)
{
  f->admin = FALSE;
  g_free (f->headers);
  f->headers = g_strdup (headers);
}

/* In place of the one of that name; `pair`: "NAME=VALUE; …". */
static void
keep_cookie (CvTestApi *f, const char *pair)
{
  static const char head[] = "Cookie: ";
  gboolean has_others = g_str_has_prefix (f->headers, head);
  g_autofree char *old = has_others ? g_strchomp (g_strdup (f->headers + strlen (head))) : g_strdup ("");
  g_auto (GStrv) pairs = g_strsplit (old, "; ", -1);
  g_autoptr (GString) text = g_string_new (head);
  gsize name = strcspn (pair, "=") + 1;
  for (guint i = 0; pairs[i] != NULL && *old != '\0'; i++)
    if (strncmp (pairs[i], pair, name) != 0)
      g_string_append_printf (text, "%s; ", pairs[i]);
  g_string_append_printf (text, "%.*s\r\n", (int) strcspn (pair, ";"), pair);
  g_free (f->headers);
  f->headers = g_strdup (text->str);
}

char *
cv_test_api_ask (CvTestApi *f, const char *head, const char *body)
{
  static const char set_cookie[] = "\r\nSet-Cookie: ";
  g_autofree char *headers = g_strconcat (CV_TEST_API_JSON, f->headers, NULL);
  char *answer = cv_test_http_ask (&f->http, head, headers, body);
  for (const char *cookie = strstr (answer, set_cookie); cookie != NULL; cookie = strstr (cookie, set_cookie)) {
    cookie += strlen (set_cookie);
    keep_cookie (f, cookie);
  }
  return answer;
}

void
cv_test_api_assert (CvTestApi *f, const char *head, const char *body, guint status, const char *pattern)
{
  g_autofree char *answer = cv_test_api_ask (f, head, body);
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

char *
cv_test_api_add_user (CvTestApi *f, const char *body)
{
  gboolean before = f->admin;
  f->admin = TRUE;
  g_autofree char *answer = cv_test_api_ask (f, "POST /api/v1/users", body);
  f->admin = before;
  const char *id = strstr (answer, "{\"id\":\"");
  if (id == NULL)
    g_error ("%s: %s", body, answer);
  return g_strndup (id + strlen ("{\"id\":\""), 1 + CV_ID_LETTERS);
}
