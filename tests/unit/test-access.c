/* Who asks: cookies, keys, links to one recording, and how long each is good. */
#include "signalling/access.h"

#include "base/ids.h"
#include "lib/http.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/wait.h"
#include "signalling/bounds.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000)
#define HOUR (3600 * 1000)
/* 32 times 'k' */
#define KEY "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s"

typedef struct {
  CvClock *clock;
  CvStore *store;
  CvAccess *access;
  CvTestHttp http;
  CvKeyRow key;
  CvShareRow share;
  SoupServerMessage *message; /* one without a cookie */
  char *cookie;               /* what the browser has: a header, or "" */
} Fixture;

static void
describe (CvPass *pass, GString *text)
{
  if (pass == NULL) {
    g_string_append (text, "nobody");
    return;
  }
  g_string_append_printf (text, "%s %s", cv_pass_get_key (pass), cv_pass_get_name (pass));
  GPtrArray *grants = cv_pass_get_grants (pass);
  for (guint i = 0; i < MIN (grants->len, 3); i++) {
    const CvGrant *grant = g_ptr_array_index (grants, i);
    g_string_append_printf (text, " %s:%s%s", grant->share, grant->recording, grant->downloads ? "+" : "");
  }
  const CvGrant *best = cv_pass_find_grant (pass, "ra");
  g_string_append_printf (text, " %s", best != NULL ? best->share : "-");
}

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (GString) text = g_string_new (NULL);
  guint8 key[CV_ACCESS_KEY_BYTES] = { 1 };
  if (f->message == NULL)
    f->message = g_object_ref (message);
  if (g_str_equal (path, "/in"))
    describe (cv_access_sign_in (f->access, message, &f->key), text);
  else if (g_str_equal (path, "/open"))
    describe (cv_access_open_share (f->access, message, &f->share), text);
  else if (g_str_equal (path, "/out"))
    cv_access_sign_out (f->access, message);
  else if (g_str_equal (path, "/bearer") && cv_access_get_bearer (message, key))
    g_string_printf (text, "%02x", key[0]);
  else
    describe (cv_access_find (f->access, message), text);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text->str, text->len);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (NOW);
  f->store = cv_test_recordings_open ();
  f->access = cv_access_new (f->store, f->clock);
  f->key = (CvKeyRow){ .id = (char *) "ka", .name = (char *) "Zoë", .role = CV_ACCOUNT_PRODUCER, .created = 1 };
  f->share = (CvShareRow){ .id = (char *) "sa", .recording = (char *) "ra" };
  f->cookie = g_strdup ("");
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  cv_access_free (f->access);
  cv_test_recordings_close (f->store);
  g_object_unref (f->clock);
  g_clear_object (&f->message);
  g_free (f->cookie);
}

/* Like a browser: keeps the cookie. Returns: (transfer full), the body. */
static char *
ask (Fixture *f, const char *path)
{
  g_autofree char *head = g_strconcat ("GET ", path, NULL);
  g_autofree char *headers = g_strconcat ("Host: a\r\n", f->cookie, NULL);
  g_autofree char *answer = cv_test_http_ask (&f->http, head, headers, "");
  const char *set = strstr (answer, "\r\nSet-Cookie: ");
  if (set != NULL) {
    const char *pair = set + strlen ("\r\nSet-Cookie: ");
    g_free (f->cookie);
    f->cookie = g_strdup_printf ("Cookie: a=b; %.*s; c=d\r\n", (int) strcspn (pair, ";"), pair);
  }
  return g_strdup (cv_test_http_body (answer));
}

static void
assert_answer (Fixture *f, const char *path, const char *expected)
{
  g_autofree char *answer = ask (f, path);
  g_assert_cmpstr (answer, ==, expected);
}

static void
test_sign_in_and_out (Fixture *f, gconstpointer data)
{
  assert_answer (f, "/", "nobody");
  assert_answer (f, "/in", "ka Zoë -");
  assert_answer (f, "/", "ka Zoë -");
  g_autofree char *old = g_strdup (f->cookie);
  assert_answer (f, "/out", "");
  assert_answer (f, "/", "nobody");
  g_free (f->cookie);
  f->cookie = g_steal_pointer (&old);
  assert_answer (f, "/", "nobody");
  g_assert_cmpuint (cv_access_count (f->access), ==, 0);
}

static void
test_cookie (Fixture *f, gconstpointer data)
{
  g_autofree char *answer = cv_test_http_ask (&f->http, "GET /in", "Host: a\r\n", "");
  const char *set = strstr (answer, "Set-Cookie: ");
  g_autofree char *line = g_strndup (set, strcspn (set, "\r"));
  g_assert_true (g_regex_match_simple ("^Set-Cookie: __Host-conclave=[A-Za-z0-9_-]{43}; Path=/; Max-Age=43200; Secure; "
                                       "HttpOnly; SameSite=Strict$",
                                       line, 0, 0));
  static const char *const bad[] = { "",
                                     "x",
                                     "__Host-conclave=",
                                     "__Host-conclave=" KEY,
                                     "__Host-conclave=\"" KEY "\"",
                                     "Host-conclave=" KEY,
                                     "__host-conclave=x; ; =; ,",
                                     ";;;" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_free (f->cookie);
    f->cookie = g_strdup_printf ("Cookie: %s\r\n", bad[i]);
    assert_answer (f, "/", "nobody");
  }
}

/* The cookie is another one after each of them; the old one is of no use any more. */
static void
test_renewed (Fixture *f, gconstpointer data)
{
  assert_answer (f, "/open", "(null) (null) sa:ra sa");
  g_autofree char *old = g_strdup (f->cookie);
  assert_answer (f, "/in", "ka Zoë sa:ra sa");
  g_assert_cmpstr (old, !=, f->cookie);
  f->share = (CvShareRow){ .id = (char *) "sb", .recording = (char *) "ra", .downloads = TRUE };
  assert_answer (f, "/open", "ka Zoë sa:ra sb:ra+ sb");
  assert_answer (f, "/open", "ka Zoë sa:ra sb:ra+ sb");
  g_assert_cmpuint (cv_access_count (f->access), ==, 1);
  g_free (f->cookie);
  f->cookie = g_steal_pointer (&old);
  assert_answer (f, "/", "nobody");
}

static void
test_expiry (Fixture *f, gconstpointer data)
{
  f->key.expires = NOW + HOUR;
  f->share.expires = NOW + 2 * HOUR;
  assert_answer (f, "/in", "ka Zoë -");
  assert_answer (f, "/open", "ka Zoë sa:ra sa");
  cv_clock_advance (f->clock, HOUR - 1);
  assert_answer (f, "/", "ka Zoë sa:ra sa");
  cv_clock_advance (f->clock, 1);
  assert_answer (f, "/", "(null) (null) sa:ra sa");
  cv_clock_advance (f->clock, HOUR);
  assert_answer (f, "/", "nobody");
  g_assert_cmpuint (cv_access_count (f->access), ==, 0);
  f->key.expires = 0;
  assert_answer (f, "/in", "ka Zoë -");
  cv_clock_advance (f->clock, 12 * HOUR - 1);
  assert_answer (f, "/", "ka Zoë -");
  cv_clock_advance (f->clock, 1);
  assert_answer (f, "/", "nobody");
}

static void
test_ended (Fixture *f, gconstpointer data)
{
  assert_answer (f, "/in", "ka Zoë -");
  assert_answer (f, "/open", "ka Zoë sa:ra sa");
  cv_access_end_key (f->access, "kb");
  cv_access_end_share (f->access, "sb");
  assert_answer (f, "/", "ka Zoë sa:ra sa");
  cv_access_end_key (f->access, "ka");
  assert_answer (f, "/", "(null) (null) sa:ra sa");
  cv_access_end_share (f->access, "sa");
  assert_answer (f, "/", "nobody");
}

/* The oldest go: links of one browser, and browsers. */
static void
test_bounds (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 60; i++) {
    g_autofree char *id = g_strdup_printf ("s%u", i);
    f->share.id = id;
    g_free (ask (f, "/open"));
  }
  f->share.id = (char *) "sa";
  assert_answer (f, "/", "(null) (null) s10:ra s11:ra s12:ra s10");
  for (guint i = 1; i < CV_LIMIT_PASSES; i++)
    cv_access_open_share (f->access, f->message, &f->share);
  g_assert_cmpuint (cv_access_count (f->access), ==, CV_LIMIT_PASSES);
  assert_answer (f, "/", "(null) (null) s10:ra s11:ra s12:ra s10");
  cv_access_open_share (f->access, f->message, &f->share);
  g_assert_cmpuint (cv_access_count (f->access), ==, CV_LIMIT_PASSES);
  assert_answer (f, "/", "nobody");
}

static void
test_bearer (Fixture *f, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "", "nobody" },
    { "Authorization: Bearer " KEY "\r\n", "6b" },
    { "Authorization: bearer " KEY "\r\n", "6b" },
    { "Authorization: Bearer " KEY "x\r\n", "00" },
    { "Authorization: Basic " KEY "\r\n", "00" },
    { "Authorization: Bearer\r\n", "00" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_free (f->cookie);
    f->cookie = g_strdup (cases[i][0]);
    assert_answer (f, "/bearer", cases[i][1]);
  }
}

/* The id of the key, or NULL. */
static char *
check (Fixture *f, guint8 letter, const char *address)
{
  guint8 key[CV_ACCESS_KEY_BYTES];
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  memset (key, letter, sizeof key);
  cv_access_check_async (f->access, key, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (CvKeyRow) row = cv_access_check_finish (f->access, result, address, &error);
  if (row == NULL)
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  return row != NULL ? g_strdup (row->id) : NULL;
}

static void
test_keys (Fixture *f, gconstpointer data)
{
  for (const char *letter = "kxr"; *letter != '\0'; letter++) {
    guint8 secret[CV_ACCESS_KEY_BYTES];
    GAsyncResult *slot = NULL;
    g_autofree char *id = g_strdup_printf ("k%c", *letter);
    CvKeyRow row = f->key;
    row.id = id;
    row.expires = *letter == 'x' ? NOW : NOW + 1;
    memset (secret, *letter, sizeof secret);
    cv_hash (secret, sizeof secret, row.hash);
    cv_keys_insert_async (f->store, &row, cv_test_on_ready, &slot);
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
    g_assert_true (cv_keys_insert_finish (f->store, result, NULL));
  }
  cv_test_recordings_run (f->store, "UPDATE api_key SET revoked = 1 WHERE id = 'kr'");
  for (guint i = 0; i < CV_LIMIT_WRONG_KEYS_A_MINUTE; i++)
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "sign-in refused from 192.0.2.2");
  g_autofree char *good = check (f, 'k', "192.0.2.1"), *expired = check (f, 'x', "192.0.2.2");
  g_autofree char *revoked = check (f, 'r', "192.0.2.2"), *unknown = check (f, 'u', "192.0.2.2");
  g_assert_cmpstr (good, ==, "kk");
  g_assert_true (expired == NULL && revoked == NULL && unknown == NULL);
  /* wrong ones count, and only they */
  for (guint i = 0; i < 2 * CV_LIMIT_WRONG_KEYS_A_MINUTE; i++)
    g_free (check (f, 'k', "192.0.2.1"));
  g_assert_true (cv_access_may_try (f->access, "192.0.2.1"));
  for (guint i = 3; i < CV_LIMIT_WRONG_KEYS_A_MINUTE; i++) {
    g_assert_true (cv_access_may_try (f->access, "192.0.2.2"));
    g_free (check (f, 'u', "192.0.2.2"));
  }
  g_assert_false (cv_access_may_try (f->access, "192.0.2.2"));
  cv_clock_advance (f->clock, 60 * 1000 / CV_LIMIT_WRONG_KEYS_A_MINUTE);
  g_assert_true (cv_access_may_try (f->access, "192.0.2.2"));
  cv_test_log_assert_all ();
}

static void
test_passwords (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < CV_LIMIT_PASSWORDS_A_MINUTE; i++)
    g_assert_true (cv_access_take_try (f->access, "192.0.2.1"));
  g_assert_false (cv_access_take_try (f->access, "192.0.2.1"));
  g_assert_true (cv_access_take_try (f->access, "192.0.2.2"));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/access/sign-in-and-out", test_sign_in_and_out);
  ADD ("/access/cookie", test_cookie);
  ADD ("/access/renewed", test_renewed);
  ADD ("/access/expiry", test_expiry);
  ADD ("/access/ended", test_ended);
  ADD ("/access/bounds", test_bounds);
  ADD ("/access/bearer", test_bearer);
  ADD ("/access/keys", test_keys);
  ADD ("/access/passwords", test_passwords);
  return g_test_run ();
}
