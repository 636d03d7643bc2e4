/* Files as our recorder and others write them, and what is left of them. */
#include "render/matroska-reader.h"

#include <string.h>

/* EBML head, segment of unknown size, a track VP8 640×360 with a scale of 1 ms, an unknown cluster at 1000, two blocks, then a
 * group that refers to another frame. */
static const guint8 file[] = {
  0x1a, 0x45, 0xdf, 0xa3, 0x80,                                           /* EBML */
  0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* Segment */
  0x15, 0x49, 0xa9, 0x66, 0x8e, 0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40, /* Info, scale */
  0x44, 0x89, 0x84, 0x44, 0xfa, 0x00, 0x00,                               /* duration 2000 */
  0x16, 0x54, 0xae, 0x6b, 0x97, 0xae, 0x95, 0xd7, 0x81, 0x01,             /* Tracks, entry, number */
  0x86, 0x85, 'V',  '_',  'V',  'P',  '8',  0xe0, 0x88, 0xb0, 0x82, 0x02,
  0x80, 0xba, 0x82, 0x01, 0x68,                                           /* codec, video */
  0xec, 0x80,                                                             /* Void */
  0x1f, 0x43, 0xb6, 0x75, 0xff, 0xe7, 0x82, 0x03, 0xe8,                   /* Cluster, time */
  0xa3, 0x86, 0x81, 0x00, 0x00, 0x80, 0xaa, 0xbb,                         /* key at 1000 */
  0xa3, 0x85, 0x81, 0xff, 0xf6, 0x00, 0xcc,                               /* at 990 */
  0xa0, 0x8a, 0xa1, 0x85, 0x81, 0x00, 0x21, 0x00, 0xdd, 0xfb, 0x81, 0x01, /* group at 1033 */
  0xa3, 0x85, 0x81, 0x00, 0x42, 0x06, 0xee,                               /* laced: not ours */
  0xa3, 0x85, 0x81, 0x00, 0x42, 0x80, 0xee,                               /* key at 1066 */
};

static void
test_whole (void)
{
  CvMatroskaReader reader;
  CvMatroskaFrame frame;
  g_assert_true (cv_matroska_reader_init (&reader, file, sizeof file));
  g_assert_cmpint (reader.track.codec, ==, CV_CODEC_VP8);
  g_assert_cmpuint (reader.track.width, ==, 640);
  g_assert_cmpuint (reader.track.height, ==, 360);
  g_assert_cmpfloat (reader.track.duration, ==, 2e6);
  g_assert_true (cv_matroska_reader_next (&reader, &frame));
  g_assert_cmpint (frame.pts, ==, 1000000);
  g_assert_true (frame.key);
  g_assert_cmpuint (frame.n, ==, 2);
  g_assert_cmpuint (frame.bytes[1], ==, 0xbb);
  gsize at = frame.at;
  gint64 cluster = reader.cluster;
  g_assert_true (cv_matroska_reader_next (&reader, &frame));
  g_assert_cmpint (frame.pts, ==, 990000);
  g_assert_false (frame.key);
  g_assert_true (cv_matroska_reader_next (&reader, &frame));
  g_assert_cmpint (frame.pts, ==, 1033000);
  g_assert_false (frame.key);
  g_assert_true (cv_matroska_reader_next (&reader, &frame));
  g_assert_cmpint (frame.pts, ==, 1066000);
  g_assert_cmpuint (frame.end, ==, sizeof file);
  g_assert_false (cv_matroska_reader_next (&reader, &frame));
  cv_matroska_reader_seek (&reader, at, cluster);
  g_assert_true (cv_matroska_reader_next (&reader, &frame));
  g_assert_cmpint (frame.pts, ==, 1000000);
}

/* However short it is, what is whole is found and nothing else. */
static void
test_cut (void)
{
  for (gsize n = 0; n < sizeof file; n++) {
    g_autofree guint8 *bytes = g_memdup2 (file, n);
    CvMatroskaReader reader;
    CvMatroskaFrame frame;
    guint frames = 0;
    if (cv_matroska_reader_init (&reader, bytes, n))
      while (cv_matroska_reader_next (&reader, &frame))
        frames++;
    g_assert_cmpuint (frames, ==, n < sizeof file - 33 ? 0 : n < sizeof file - 26 ? 1 : n < sizeof file - 14 ? 2 : 3);
  }
}

static void
test_rubbish (void)
{
  static const guint8 zeros[64];
  CvMatroskaReader reader;
  g_assert_false (cv_matroska_reader_init (&reader, zeros, sizeof zeros));
  g_assert_false (cv_matroska_reader_init (&reader, file, 5));
  g_assert_false (cv_matroska_reader_init (&reader, file + 1, sizeof file - 1));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matroska-reader/whole", test_whole);
  g_test_add_func ("/matroska-reader/cut", test_cut);
  g_test_add_func ("/matroska-reader/rubbish", test_rubbish);
  return g_test_run ();
}
