/* Fuzz target of the walk over HTTP requests (libFuzzer).
 *
 * Fed whole, in pieces and byte by byte the verdict and the state are the same. What is taken holds no bare line end and no
 * NUL in its heads, so that nobody could read a line end where the walk sees none.
 */
#include "signalling/requests.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static gboolean
feed (CvRequests *requests, const guint8 *data, gsize n, guint32 pieces)
{
  cv_requests_init (requests);
  while (n > 0) {
    gsize step = 1;
    if (pieces > 1) {
      pieces = pieces * 1664525 + 1013904223;
      step = MIN (n, 1 + (pieces >> 24) % 40);
    }
    if (!cv_requests_feed (requests, data, step))
      return FALSE;
    data += step;
    n -= step;
  }
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n < 1)
    return 0;
  guint32 pieces = data[0] + 2u;
  data++;
  n--;

  CvRequests whole, cut, bytes;
  cv_requests_init (&whole);
  gboolean fine = cv_requests_feed (&whole, data, n);
  g_assert_cmpint (feed (&cut, data, n, pieces), ==, fine);
  g_assert_cmpint (feed (&bytes, data, n, 1), ==, fine);
  if (!fine)
    return 0;
  g_assert_cmpint (whole.state, ==, bytes.state);
  g_assert_cmpuint (whole.left, ==, bytes.left);
  g_assert_cmpint (whole.state, ==, cut.state);
  g_assert_cmpuint (whole.left, ==, cut.left);
  g_assert_cmpuint (whole.head, <=, CV_REQUESTS_MAX_HEAD);
  if (whole.state == CV_REQUESTS_START && n > 0 && memchr (data, '\n', n) == NULL)
    g_assert_cmpuint (whole.length + whole.cr, ==, n); /* still in the request line */
  return 0;
}
