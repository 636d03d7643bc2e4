/* What all requests have in common: bodies, the audit, whose a room is. */
#include "signalling/api-request.h"

#include "lib/audit.h"
#include "lib/api.h"
#include "lib/log.h"
#include "lib/wait.h"

static void
test_may_room (void)
{
  CvRoomRow row = { .owner = (char *) "uaaaaaaaaaaaa" };
  CvRoomRow nobodys = { 0 };
  const CvApiRequest administrator = { .role = CV_ACCOUNT_ADMINISTRATOR, .actor = "admin" };
  const CvApiRequest owner = { .role = CV_ACCOUNT_HOST, .actor = "uaaaaaaaaaaaa" };
  const CvApiRequest other = { .role = CV_ACCOUNT_HOST, .actor = "ubbbbbbbbbbbb" };
  const CvApiRequest nobody = { 0 };
  g_assert_true (cv_api_may_room (&administrator, &row) && cv_api_may_room (&administrator, &nobodys));
  g_assert_true (cv_api_may_room (&owner, &row) && !cv_api_may_room (&owner, &nobodys));
  g_assert_false (cv_api_may_room (&other, &row) || cv_api_may_room (&other, &nobodys));
  g_assert_false (cv_api_may_room (&nobody, &row) || cv_api_may_room (&nobody, &nobodys));
}

static JsonObject *body; /* that was read */

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  const CvApiRequest request = { .message = message };
  g_clear_pointer (&body, json_object_unref);
  body = cv_api_read_body (&request);
  if (body != NULL)
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static void
test_bodies (void)
{
  static const struct {
    const char *type;
    const char *text;
    gboolean good;
  } cases[] = {
    { "application/json", "{}", TRUE },  { "application/json; charset=utf-8", "{\"a\":1}", TRUE },
    { "application/json", "[]", FALSE }, { "application/json", "", FALSE },
    { "text/plain", "{}", FALSE },       { "application/x-www-form-urlencoded", "{}", FALSE },
  };
  CvTestHttp http;
  cv_test_http_init (&http, on_request, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *headers = g_strdup_printf ("Host: a\r\nContent-Type: %s\r\n", cases[i].type);
    g_autofree char *answer = cv_test_http_ask (&http, "POST /", headers, cases[i].text);
    g_assert_true (g_str_has_prefix (answer, cases[i].good ? "HTTP/1.1 200 " : "HTTP/1.1 400 "));
    g_assert_true ((body != NULL) == cases[i].good);
  }
  g_clear_pointer (&body, json_object_unref);
  cv_test_http_clear (&http);
}

/* What cannot be written is said, and nothing else fails. */
static void
test_audit (CvTestApi *f, gconstpointer data)
{
  const CvApiRequest request = { .api = &f->api, .actor = "uaaaaaaaaaaaa" };
  cv_api_audit (&request, "key.revoke", "kaaaaaaaaaaaa", NULL);
  g_autofree char *rows = cv_test_recordings_dump (
    f->rooms.store, "SELECT at, actor, action, object FROM " CV_TEST_AUDIT " WHERE action = 'key.revoke'");
  g_assert_cmpstr (rows, ==, "1700000000000 uaaaaaaaaaaaa key.revoke kaaaaaaaaaaaa;");
  cv_store_close (f->rooms.store);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the audit lacks an entry: *");
  cv_api_audit (&request, "key.revoke", "kaaaaaaaaaaaa", NULL);
  cv_test_settle ();
  cv_test_log_assert_all ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add_func ("/api-request/may-room", test_may_room);
  g_test_add_func ("/api-request/bodies", test_bodies);
  g_test_add ("/api-request/audit", CvTestApi, NULL, cv_test_api_set_up, test_audit, cv_test_api_tear_down);
  return g_test_run ();
}
