/* The walk over frame headers: every length, every split, every bound. */
#include "signalling/frames.h"

#include <string.h>

#define MAX_BYTES 1000
#define MAX_FRAGMENTS 4

enum { CONTINUATION = 0x0, TEXT = 0x1, BINARY = 0x2, CLOSE = 0x8, PING = 0x9, PONG = 0xa, FIN = 0x80 };

/* The smallest header for `length` unless `bits` says 7, 16 or 64. */
static void
add_header (GByteArray *to, guint8 first, guint64 length, gboolean masked, guint bits)
{
  guint extended = bits == 64 || (bits == 0 && length > 65535) ? 8 : bits == 16 || (bits == 0 && length > 125) ? 2 : 0;
  guint8 second = (guint8) ((masked ? 0x80 : 0) | (extended == 8 ? 127 : extended == 2 ? 126 : length));
  g_byte_array_append (to, &first, 1);
  g_byte_array_append (to, &second, 1);
  for (guint i = extended; i > 0; i--) {
    guint8 byte = (guint8) (length >> (8 * (i - 1)));
    g_byte_array_append (to, &byte, 1);
  }
  if (masked)
    g_byte_array_append (to, (const guint8 *) "\x81\x7f\xfe\x00", 4);
}

static void
add_frame (GByteArray *to, guint8 first, guint64 length)
{
  add_header (to, first, length, TRUE, 0);
  guint start = to->len;
  g_byte_array_set_size (to, start + (guint) length);
  memset (to->data + start, 0xff, length);
}

static gboolean
feed (const GByteArray *bytes, gsize step)
{
  CvFrames frames;
  cv_frames_init (&frames, MAX_BYTES, MAX_FRAGMENTS);
  for (gsize at = 0; at < bytes->len; at += step)
    if (!cv_frames_feed (&frames, bytes->data + at, MIN (step, bytes->len - at)))
      return FALSE;
  return TRUE;
}

/* The same verdict whole, byte by byte, and cut in two anywhere. */
static void
assert_verdict (const GByteArray *bytes, gboolean expected)
{
  for (gsize step = 1; step <= 16; step++)
    g_assert_cmpint (feed (bytes, step), ==, expected);
  for (gsize cut = 0; cut <= bytes->len; cut++) {
    CvFrames frames;
    cv_frames_init (&frames, MAX_BYTES, MAX_FRAGMENTS);
    gboolean fine =
      cv_frames_feed (&frames, bytes->data, cut) && cv_frames_feed (&frames, bytes->data + cut, bytes->len - cut);
    g_assert_cmpint (fine, ==, expected);
  }
}

static void
assert_header (guint8 first, guint64 length, guint bits, gboolean expected)
{
  for (int masked = 0; masked <= 1; masked++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    add_header (bytes, first, length, masked, bits);
    assert_verdict (bytes, expected);
  }
}

static void
test_lengths (void)
{
  static const guint64 fine[] = { 0, 1, 125, 126, 127, 999, 1000 };
  static const guint64 too_long[] = { 1001, 65535, 65536, G_MAXUINT32, G_MAXINT64, G_MAXUINT64 };
  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    assert_header (FIN | TEXT, fine[i], 0, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (too_long); i++)
    assert_header (FIN | TEXT, too_long[i], 0, FALSE);
  /* in a longer form than needed */
  assert_header (FIN | TEXT, 5, 16, TRUE);
  assert_header (FIN | TEXT, 5, 64, TRUE);
  assert_header (FIN | TEXT, 1001, 64, FALSE);
  assert_header (FIN | BINARY, 1001, 16, FALSE);
}

static void
test_stream (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  for (guint i = 0; i < 10; i++) {
    add_frame (bytes, FIN | TEXT, 126 + i);
    add_frame (bytes, FIN | PING, i);
    add_frame (bytes, FIN | TEXT, 0);
  }
  add_frame (bytes, FIN | CLOSE, 2);
  assert_verdict (bytes, TRUE);
}

static void
test_fragments (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  add_frame (bytes, TEXT, 400);
  add_frame (bytes, FIN | PING, 125);
  add_frame (bytes, CONTINUATION, 300);
  add_frame (bytes, FIN | CONTINUATION, 300);
  /* each message has the bounds for itself */
  add_frame (bytes, TEXT, 1000);
  add_frame (bytes, FIN | CONTINUATION, 0);
  assert_verdict (bytes, TRUE);
  add_frame (bytes, TEXT, 999);
  add_header (bytes, CONTINUATION, 2, TRUE, 0);
  assert_verdict (bytes, FALSE);
}

static void
test_too_many_fragments (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  add_frame (bytes, TEXT, 1);
  for (guint i = 1; i < MAX_FRAGMENTS; i++)
    add_frame (bytes, CONTINUATION, 0);
  assert_verdict (bytes, TRUE);
  add_frame (bytes, FIN | CONTINUATION, 0);
  assert_verdict (bytes, FALSE);
}

static void
test_control (void)
{
  assert_header (FIN | PING, 125, 0, TRUE);
  assert_header (FIN | PING, 126, 16, FALSE);
  assert_header (FIN | CLOSE, 65536, 64, FALSE);
  assert_header (FIN | PONG, G_MAXUINT64, 64, FALSE);
  assert_header (FIN | 0xf, 126, 16, FALSE);
}

static void
test_control_flood (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  for (guint round = 0; round < 3; round++) {
    for (guint i = 0; i < CV_FRAMES_MAX_CONTROL; i++)
      add_frame (bytes, FIN | PING, 0);
    /* a message between makes up for it; a part of one does not */
    add_frame (bytes, FIN | TEXT, 1);
  }
  g_assert_true (feed (bytes, 7));
  add_frame (bytes, TEXT, 1);
  for (guint i = 0; i < CV_FRAMES_MAX_CONTROL; i++)
    add_frame (bytes, FIN | PONG, 0);
  add_frame (bytes, CONTINUATION, 1);
  g_assert_true (feed (bytes, 7));
  add_frame (bytes, FIN | PING, 0);
  g_assert_false (feed (bytes, 7));
  g_assert_false (feed (bytes, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frames/lengths", test_lengths);
  g_test_add_func ("/frames/stream", test_stream);
  g_test_add_func ("/frames/fragments", test_fragments);
  g_test_add_func ("/frames/too-many-fragments", test_too_many_fragments);
  g_test_add_func ("/frames/control", test_control);
  g_test_add_func ("/frames/control-flood", test_control_flood);
  return g_test_run ();
}
