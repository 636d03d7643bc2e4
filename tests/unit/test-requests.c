/* The walk over HTTP requests: what is taken, what is refused, wherever the bytes are cut; and where the next one begins. */
#include "signalling/requests.h"

#include <string.h>

#define POST "POST /x HTTP/1.1\r\nHost: a\r\n"
#define NEXT "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

static gboolean
feed (const char *bytes, gsize n, gsize step, CvRequests *requests)
{
  cv_requests_init (requests);
  for (gsize at = 0; at < n; at += step)
    if (!cv_requests_feed (requests, (const guint8 *) bytes + at, MIN (step, n - at)))
      return FALSE;
  return TRUE;
}

/* The same verdict in pieces of any size. Those that are taken leave the walk at the beginning of the next request. */
static void
assert_verdict_n (const char *bytes, gsize n, gboolean expected)
{
  for (gsize step = 1; step <= n; step++) {
    CvRequests requests;
    if (feed (bytes, n, step, &requests) != expected)
      g_error ("%s: not %s", bytes, expected ? "taken" : "refused");
    if (expected)
      g_assert_cmpint (requests.state, ==, CV_REQUESTS_START);
  }
}

static void
assert_verdict (const char *bytes, gboolean expected)
{
  assert_verdict_n (bytes, strlen (bytes), expected);
}

static void
test_taken (void)
{
  static const char *const taken[] = {
    NEXT,
    NEXT NEXT NEXT,
    "GET / HTTP/1.0\r\n\r\n",
    POST "Content-Length: 0\r\n\r\n" NEXT,
    POST "content-length:5\r\n\r\nab\r\nc" NEXT,
    POST "Content-Length: \t 3 \t\r\nX-Content-Length: 9\r\n\r\nabc" NEXT,
    POST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT,
    POST "TRANSFER-ENCODING: Chunked\r\n\r\n3\r\nabc\r\n0000000a\r\n0123456789\r\n0\r\n\r\n" NEXT,
    POST "Cookie: Transfer-Encoding: gzip, Host: b\r\nEmpty:\r\n\r\n" NEXT,
    POST "A-name-that-is-far-longer-than-what-is-kept-of-a-line-while-it-comes-in: x\r\n\r\n" NEXT,
  };
  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    assert_verdict (taken[i], TRUE);
  assert_verdict_n (POST "Content-Length: 3\r\n\r\n\0\n\r" NEXT,
                    sizeof (POST "Content-Length: 3\r\n\r\n\0\n\r" NEXT) - 1, TRUE);
}

static void
test_refused (void)
{
  static const char *const refused[] = {
    "\r\n",
    "GET / HTTP/1.1\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\rHost: a\r\n\r\n",
    POST "Host: b\r\n\r\n",
    POST "host: a\r\n\r\n",
    POST "Host : b\r\n\r\n",
    POST " folded\r\n\r\n",
    POST "\tfolded\r\n\r\n",
    POST ": nameless\r\n\r\n",
    POST "no colon\r\n\r\n",
    POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
    POST "Content-Length: 5, 5\r\n\r\n",
    POST "Content-Length: -1\r\n\r\n",
    POST "Content-Length: +1\r\n\r\n",
    POST "Content-Length: 0x5\r\n\r\n",
    POST "Content-Length:\r\n\r\n",
    POST "Content-Length: 1234567890123456789\r\n\r\n",
    POST "Content-Length: 0000000000000000000000000000000000000000000000000000000000000000000000001\r\n\r\n",
    POST "Content-Length : 5\r\n\r\n",
    POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    POST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
    POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
    POST "Transfer-Encoding: gzip, chunked\r\n\r\n",
    POST "Transfer-Encoding: identity\r\n\r\n",
    POST "Transfer-Encoding: xchunked\r\n\r\n",
    POST "Transfer-Encoding:\r\n\r\n",
    POST "Transfer-Encoding: chunked\r\n\r\n0x5\r\n",
    POST "Transfer-Encoding: chunked\r\n\r\n 5\r\n",
    POST "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\n",
    POST "Transfer-Encoding: chunked\r\n\r\n\r\n",
    POST "Transfer-Encoding: chunked\r\n\r\n123456789\r\n",
    POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
    POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n",
    POST "Transfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_verdict (refused[i], FALSE);
  assert_verdict_n ("GET /\0 HTTP/1.1\r\n", 17, FALSE);
}

/* Heads, and the size lines of chunks, are bounded; bodies are not its business. */
static void
test_bounds (void)
{
  g_autoptr (GString) head = g_string_new (POST);
  while (head->len < CV_REQUESTS_MAX_HEAD - 4)
    g_string_append_c (head, 'x');
  head->str[strlen (POST) + 1] = ':';
  CvRequests requests;
  g_autofree char *exact = g_strconcat (head->str, "\r\n\r\n", NULL);
  g_assert_true (feed (exact, strlen (exact), 1000, &requests));
  g_autofree char *over = g_strconcat (head->str, "x\r\n\r\n", NULL);
  g_assert_false (feed (over, strlen (over), 1000, &requests));

  g_autoptr (GString) body = g_string_new (POST "Content-Length: 100000\r\n\r\n");
  gsize start = body->len;
  g_string_set_size (body, start + 100000);
  memset (body->str + start, '\n', 100000);
  g_string_append (body, NEXT);
  g_assert_true (feed (body->str, body->len, 4096, &requests));
  g_assert_cmpint (requests.state, ==, CV_REQUESTS_START);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/requests/taken", test_taken);
  g_test_add_func ("/requests/refused", test_refused);
  g_test_add_func ("/requests/bounds", test_bounds);
  return g_test_run ();
}
