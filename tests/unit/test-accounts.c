/* Tries, cookies and codes of accounts. */
#include "signalling/accounts.h"

#include "lib/http.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/wait.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000)
#define HOUR (3600 * 1000)
#define ANN "uaaaaaaaaaaaa"
#define TRIES 3

typedef struct {
  CvClock *clock;
  CvStore *store;
  CvAccounts *accounts;
  CvTestHttp http;
  CvSignInRow *row; /* of the browser that asks */
} Fixture;

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  g_autofree char *secret = NULL;
  CvSecretHash hash;
  gboolean found = cv_accounts_read_cookie (message, &hash);
  if (g_str_equal (path, "/make")) {
    f->row = cv_accounts_make_sign_in (f->accounts, message, ANN, &secret);
    cv_accounts_set_cookie (message, secret);
  } else if (g_str_equal (path, "/renew")) {
    g_assert_true (found && memcmp (hash.bytes, f->row->hash, sizeof hash.bytes) == 0);
    cv_accounts_renew (f->accounts, message, f->row);
  } else if (g_str_equal (path, "/end")) {
    g_assert_true (cv_accounts_end (f->accounts, message) == found);
    cv_accounts_clear_cookie (message);
  }
  soup_server_message_set_status (message, found ? SOUP_STATUS_OK : SOUP_STATUS_NO_CONTENT, NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (NOW);
  f->store = cv_test_recordings_open ();
  f->accounts = cv_accounts_new (f->store, f->clock, TRIES);
  cv_test_recordings_run (f->store, "INSERT INTO user (id, login, name, role, created) VALUES ('" ANN
                                    "', 'ann', 'Ann', 'host', 1)");
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  cv_accounts_free (f->accounts);
  cv_test_recordings_close (f->store);
  g_clear_pointer (&f->row, cv_sign_in_row_free);
  g_object_unref (f->clock);
}

static void
test_tries (Fixture *f, gconstpointer data)
{
  /* of one address, whatever the name */
  for (guint i = 0; i < TRIES; i++) {
    g_autofree char *login = g_strdup_printf ("nobody%u", i);
    g_assert_true (cv_accounts_take_try (f->accounts, "192.0.2.1", login));
  }
  g_assert_false (cv_accounts_take_try (f->accounts, "192.0.2.1", "ann"));
  /* of one name, whatever the case and the address */
  g_assert_true (cv_accounts_take_try (f->accounts, "192.0.2.2", "Änn"));
  g_assert_true (cv_accounts_take_try (f->accounts, "192.0.2.3", "änn"));
  g_assert_true (cv_accounts_take_try (f->accounts, "192.0.2.4", "ÄNN"));
  g_assert_false (cv_accounts_take_try (f->accounts, "192.0.2.5", "änn"));
  /* who was refused for the one has not paid for the other */
  for (guint i = 0; i < TRIES; i++)
    g_assert_true (cv_accounts_take_try (f->accounts, "192.0.2.5", "ann"));
  cv_clock_advance (f->clock, 60 * 1000 / TRIES);
  g_assert_true (cv_accounts_take_try (f->accounts, "192.0.2.6", "änn"));
  g_assert_false (cv_accounts_take_try (f->accounts, "192.0.2.7", "änn"));
}

static void
test_normalize (Fixture *f, gconstpointer data)
{
  g_autofree char *composed = cv_accounts_normalize ("caf\303\251"), *apart = cv_accounts_normalize ("cafe\314\201");
  g_assert_cmpstr (composed, ==, apart);
}

/* The name and value of the cookie that an answer sets, as a header; NULL: none. Returns: (transfer full). */
static char *
get_cookie (const char *answer)
{
  const char *line = strstr (answer, "\r\nSet-Cookie: ");
  return line == NULL ? NULL
                      : g_strdup_printf ("Host: a\r\nCookie: x=y; %.*s\r\n", (int) strcspn (line + 14, ";"), line + 14);
}

static void
test_cookies (Fixture *f, gconstpointer data)
{
  g_autofree char *made = cv_test_http_ask (&f->http, "GET /make", "Host: a\r\nUser-Agent: curl/8\r\n", "");
  g_autofree char *cookie = get_cookie (made);
  g_assert_nonnull (strstr (made, "\r\nSet-Cookie: __Host-conclave-account="));
  g_assert_nonnull (strstr (made, "; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict\r\n"));
  g_assert_true (g_str_has_prefix (made, "HTTP/1.1 204"));
  g_assert_true (f->row->id[0] == 'n' && f->row->created == NOW && f->row->seen == NOW);
  g_assert_cmpint (f->row->expires, ==, NOW + G_GINT64_CONSTANT (30) * 24 * HOUR);
  g_assert_cmpstr (f->row->agent, ==, "curl");
  g_autofree char *known = cv_test_http_ask (&f->http, "GET /", cookie, "");
  g_assert_true (g_str_has_prefix (known, "HTTP/1.1 200"));
  g_autofree char *broken =
    cv_test_http_ask (&f->http, "GET /", "Host: a\r\nCookie: __Host-conclave-account=x\r\n", "");
  g_assert_true (g_str_has_prefix (broken, "HTTP/1.1 204"));
}

static void
insert (Fixture *f)
{
  GAsyncResult *slot = NULL;
  cv_sign_ins_insert_async (f->store, f->row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_sign_ins_change_finish (f->store, result, NULL));
}

static void
assert_rows (Fixture *f, const char *expected)
{
  g_autofree char *rows = cv_test_recordings_dump (
    f->store, "SELECT (seen - 1700000000000) / 60000, (expires - seen) / 86400000 FROM sign_in");
  g_assert_cmpstr (rows, ==, expected);
}

/* Not each request is a write. */
static void
test_renew (Fixture *f, gconstpointer data)
{
  g_autofree char *made = cv_test_http_ask (&f->http, "GET /make", "Host: a\r\n", "");
  g_autofree char *cookie = get_cookie (made);
  insert (f);
  cv_clock_advance (f->clock, HOUR - 1);
  g_autofree char *early = cv_test_http_ask (&f->http, "GET /renew", cookie, "");
  g_autofree char *none = get_cookie (early);
  g_assert_null (none);
  assert_rows (f, "0 30;");
  cv_clock_advance (f->clock, 1);
  g_autofree char *late = cv_test_http_ask (&f->http, "GET /renew", cookie, "");
  g_autofree char *same = get_cookie (late);
  g_assert_cmpstr (same, ==, cookie);
  assert_rows (f, "60 30;");
  g_autofree char *ended = cv_test_http_ask (&f->http, "GET /end", cookie, "");
  g_assert_nonnull (strstr (ended, "\r\nSet-Cookie: __Host-conclave-account=; Path=/; Max-Age=0; "));
  assert_rows (f, "");
  g_autofree char *again = cv_test_http_ask (&f->http, "GET /end", "Host: a\r\n", "");
}

static void
assert_dump (Fixture *f, const char *sql, const char *expected)
{
  g_autofree char *rows = cv_test_recordings_dump (f->store, sql);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_fresh (Fixture *f, gconstpointer data)
{
  cv_accounts_set_fresh (f->accounts, "na");
  g_assert_true (cv_accounts_is_fresh (f->accounts, "na"));
  g_assert_false (cv_accounts_is_fresh (f->accounts, "nb"));
  cv_clock_advance (f->clock, HOUR);
  g_assert_false (cv_accounts_is_fresh (f->accounts, "na"));
  cv_accounts_set_fresh (f->accounts, "nb");
  g_assert_true (cv_accounts_is_fresh (f->accounts, "nb"));
}

/* Whoever guesses must not fill the disk: some are told of, then that there are more, then one a minute. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    cv_accounts_note_refused (f->accounts, NULL, "password");
  assert_dump (f, "SELECT count (*), sum (detail = 'and-more'), max (n * (detail = 'and-more')) FROM audit",
               "30 1 30;");
  cv_clock_advance (f->clock, 59 * 1000);
  cv_accounts_note_refused (f->accounts, ANN, "password");
  cv_clock_advance (f->clock, 1000);
  cv_accounts_note_refused (f->accounts, ANN, "password");
  cv_accounts_note_refused (f->accounts, NULL, "password");
  assert_dump (f, "SELECT count (*), count (DISTINCT actor) FROM audit", "31 2;");
  cv_clock_advance (f->clock, 2 * 60 * 1000);
  cv_accounts_note_refused (f->accounts, NULL, "key");
  assert_dump (f, "SELECT detail FROM audit WHERE n = 32", "key;");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/accounts/tries", test_tries);
  ADD ("/accounts/normalize", test_normalize);
  ADD ("/accounts/cookies", test_cookies);
  ADD ("/accounts/renew", test_renew);
  ADD ("/accounts/fresh", test_fresh);
  ADD ("/accounts/refused", test_refused);
  return g_test_run ();
}
