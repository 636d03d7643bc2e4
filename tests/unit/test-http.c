/* Answers over HTTP: headers, problems, hosts and origins as clients really write them. */
#include "signalling/http.h"

#include "lib/http.h"
#include "lib/log.h"

typedef struct {
  CvTestHttp http;
  const char *public_url;
  const char *scheme;
  char *host;
  gboolean ours;
  gboolean from_us;
  gboolean cookie;
  guint8 value[3];
} Fixture;

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  cv_http_set_headers (message);
  g_free (f->host);
  f->host = cv_http_get_host (message);
  f->ours = cv_http_has_our_origin (message, f->scheme, f->public_url);
  f->from_us = cv_http_comes_from_us (message, f->scheme, f->public_url);
  f->cookie = cv_http_get_cookie (message, "__Host-a", f->value, sizeof f->value);
  if (g_str_equal (path, "/cookies")) {
    cv_http_set_cookie (message, "__Host-a", "b", 5);
    cv_http_set_cookie (message, "__Host-c", "", 0);
  }
  if (g_str_equal (path, "/json"))
    cv_http_respond_json (message, SOUP_STATUS_CREATED, g_strdup ("{\"a\":1}"));
  else if (g_str_has_prefix (path, "/large/"))
    cv_http_respond_too_large (message, g_ascii_strtoll (path + strlen ("/large/"), NULL, 10));
  else
    cv_http_respond_problem (message, CV_PROBLEM_ROOM_FULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->public_url = "";
  f->scheme = "https";
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  g_free (f->host);
}

static void
assert_has (const char *answer, const char *line)
{
  if (strstr (answer, line) == NULL)
    g_error ("no “%s” in %s", line, answer);
}

static void
test_answers (Fixture *f, gconstpointer data)
{
  g_autofree char *json = cv_test_http_ask (&f->http, "GET /json", "Host: a\r\n", "");
  assert_has (json, "HTTP/1.1 201 Created\r\n");
  assert_has (json, "Content-Type: application/json\r\n");
  g_assert_cmpstr (cv_test_http_body (json), ==, "{\"a\":1}");
  assert_has (json, "X-Content-Type-Options: nosniff\r\n");
  assert_has (json, "Referrer-Policy: no-referrer\r\n");
  assert_has (json, "Cross-Origin-Opener-Policy: same-origin\r\n");
  assert_has (json, "Cross-Origin-Resource-Policy: same-origin\r\n");
  assert_has (json, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
  assert_has (json, "Cache-Control: no-store\r\n");

  g_autofree char *problem = cv_test_http_ask (&f->http, "GET /", "Host: a\r\n", "");
  assert_has (problem, "HTTP/1.1 409 ");
  g_assert_cmpstr (cv_test_http_body (problem), ==, "{\"error\":\"room-full\",\"text\":\"This room is full.\"}");
}

static void
test_too_large (Fixture *f, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "GET /large/8388608", "8 MiB" },   { "GET /large/3221225472", "3 GiB" }, { "GET /large/65536", "64 KiB" },
    { "GET /large/1000", "1000 bytes" }, { "GET /large/0", "0 bytes" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *answer = cv_test_http_ask (&f->http, cases[i][0], "Host: a\r\n", "");
    g_autofree char *body =
      g_strdup_printf ("{\"error\":\"too-large\",\"text\":\"This is too large: it can have up to %s.\"}", cases[i][1]);
    assert_has (answer, "HTTP/1.1 413 ");
    g_assert_cmpstr (cv_test_http_body (answer), ==, body);
  }
}

static void
test_hosts (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *header;
    const char *host;
  } cases[] = {
    { "meet.example", "meet.example" },
    { "meet.example:8443", "meet.example" },
    { "MEET-1.example", "MEET-1.example" },
    { "192.0.2.1:443", "192.0.2.1" },
    { "[2001:db8::1]", "[2001:db8::1]" },
    { "[2001:db8::1]:8443", "[2001:db8::1]" },
    /* it goes into TURN URLs */
    { "a?transport=tcp", "" },
    { "a b", "" },
    { "a,b", "" },
    { "a@b", "" },
    { "a%68", "" },
    { "a/b", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *header = g_strdup_printf ("Host: %s\r\n", cases[i].header);
    g_clear_pointer (&f->host, g_free);
    g_autofree char *answer = cv_test_http_ask (&f->http, "GET /", header, "");
    /* what libsoup refuses does not get here */
    if (f->host != NULL)
      g_assert_cmpstr (f->host, ==, cases[i].host);
    else
      assert_has (answer, "HTTP/1.1 400 ");
    if (*cases[i].host != '\0')
      g_assert_nonnull (f->host);
  }
}

static void
test_without_host (Fixture *f, gconstpointer data)
{
  g_autofree char *answer =
    cv_test_http_talk (f->http.port, "GET / HTTP/1.0\r\nOrigin: https://meet.example\r\nConnection: close\r\n\r\n");
  assert_has (answer, " 409 ");
  g_assert_cmpstr (f->host, ==, "");
  g_assert_false (f->ours);
}

static void
assert_origin (Fixture *f, const char *host, const char *origin, gboolean expected)
{
  g_autofree char *headers = origin != NULL ? g_strdup_printf ("Host: %s\r\nOrigin: %s\r\n", host, origin)
                                            : g_strdup_printf ("Host: %s\r\n", host);
  g_autofree char *answer = cv_test_http_ask (&f->http, "POST /", headers, "");
  assert_has (answer, " 409 ");
  if (f->ours != expected)
    g_error ("Host %s, Origin %s: not %d", host, origin, expected);
}

static void
test_origin_by_host (Fixture *f, gconstpointer data)
{
  assert_origin (f, "meet.example", "https://meet.example", TRUE);
  assert_origin (f, "meet.example:8443", "https://meet.example:8443", TRUE);
  assert_origin (f, "meet.example", "HTTPS://Meet.Example", TRUE);
  assert_origin (f, "[::1]:8443", "https://[::1]:8443", TRUE);
  assert_origin (f, "meet.example", NULL, FALSE);
  assert_origin (f, "meet.example", "null", FALSE);
  assert_origin (f, "meet.example", "http://meet.example", FALSE);
  assert_origin (f, "meet.example", "https://meet.example:8443", FALSE);
  assert_origin (f, "meet.example", "https://meet.example.evil.example", FALSE);
  assert_origin (f, "meet.example", "https://evil.example", FALSE);
  assert_origin (f, "meet.example", "https://meet.example/", FALSE);
  f->scheme = "http";
  assert_origin (f, "localhost:80", "http://localhost:80", TRUE);
  assert_origin (f, "localhost:80", "https://localhost:80", FALSE);
}

/* Behind a proxy Host may be anything: what counts is the address that people know. */
static void
test_origin_by_url (Fixture *f, gconstpointer data)
{
  f->public_url = "https://meet.example";
  assert_origin (f, "internal", "https://meet.example", TRUE);
  assert_origin (f, "evil.example", "https://evil.example", FALSE);
  assert_origin (f, "meet.example", NULL, FALSE);
}

/* Where the browser says that another page asks, no Origin helps. */
static void
test_fetch_site (Fixture *f, gconstpointer data)
{
  static const char *const foreign[] = { "cross-site", "same-site", "none", "" };
  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++) {
    g_autofree char *headers = g_strdup_printf ("Host: a\r\nOrigin: https://a\r\nSec-Fetch-Site: %s\r\n", foreign[i]);
    g_autofree char *answer = cv_test_http_ask (&f->http, "POST /", headers, "");
    g_assert_true (f->ours);
    g_assert_false (f->from_us);
  }
  g_autofree char *ours =
    cv_test_http_ask (&f->http, "POST /", "Host: a\r\nOrigin: https://a\r\nSec-Fetch-Site: same-origin\r\n", "");
  g_assert_true (f->from_us);
  g_autofree char *silent = cv_test_http_ask (&f->http, "POST /", "Host: a\r\nOrigin: https://a\r\n", "");
  g_assert_true (f->from_us);
  g_autofree char *no_origin = cv_test_http_ask (&f->http, "POST /", "Host: a\r\nSec-Fetch-Site: same-origin\r\n", "");
  g_assert_false (f->from_us);
}

static void
test_cookies (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *header;
    gboolean good;
  } cases[] = {
    { "__Host-a=YWJj", TRUE },
    { "x=y; __Host-a=YWJj", TRUE },
    { "__Host-a=YWJj; __Host-a=YWJk", TRUE },
    { "__Host-a=YWJjZA", FALSE },
    { "__Host-ab=YWJj", FALSE },
    { "__Host-a", FALSE },
    { "__Host-a=Y W J j", FALSE },
    { "a=__Host-a=YWJj", FALSE },
    { "", FALSE },
    { "__Host-a=; __Host-a=YWJj", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *headers = g_strdup_printf ("Host: a\r\nCookie: %s\r\n", cases[i].header);
    g_autofree char *answer = cv_test_http_ask (&f->http, "GET /", headers, "");
    if (f->cookie != cases[i].good)
      g_error ("%s: not %d", cases[i].header, cases[i].good);
    if (f->cookie)
      g_assert_cmpmem (f->value, sizeof f->value, "abc", 3);
  }
  g_autofree char *set = cv_test_http_ask (&f->http, "GET /cookies", "Host: a\r\n", "");
  assert_has (set, "Set-Cookie: __Host-a=b; Path=/; Max-Age=5; Secure; HttpOnly; SameSite=Strict\r\n");
  assert_has (set, "Set-Cookie: __Host-c=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict\r\n");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/http/answers", test_answers);
  ADD ("/http/too-large", test_too_large);
  ADD ("/http/hosts", test_hosts);
  ADD ("/http/without-host", test_without_host);
  ADD ("/http/origin-by-host", test_origin_by_host);
  ADD ("/http/origin-by-url", test_origin_by_url);
  ADD ("/http/fetch-site", test_fetch_site);
  ADD ("/http/cookies", test_cookies);
  return g_test_run ();
}
