/* Lengths become start codes. */
#include "render/nal.h"

#include <string.h>

static void
assert_bytes (GByteArray *bytes, const guint8 *expected, gsize n)
{
  g_assert_cmpmem (bytes->data, bytes->len, expected, n);
  g_byte_array_unref (bytes);
}

static void
test_packed (void)
{
  static const guint8 setup[] = { 1, 0x42, 0, 0x1f, 0xff, 0xe1, 0, 2, 0x67, 1, 1, 0, 1, 0x68 };
  static const guint8 unit[] = { 0, 0, 0, 2, 0x65, 9, 0, 0, 0, 1, 0x06 };
  static const guint8 key[] = { 0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 0, 0, 0, 1, 0x65, 9, 0, 0, 0, 1, 0x06 };
  const CvMatroskaTrack track = { .codec = CV_CODEC_H264, .setup = setup, .n_setup = sizeof setup };
  CvMatroskaFrame frame = { .key = TRUE, .bytes = unit, .n = sizeof unit };
  assert_bytes (cv_nal_to_byte_stream (&track, &frame), key, sizeof key);
  frame.key = FALSE;
  assert_bytes (cv_nal_to_byte_stream (&track, &frame), key + 11, sizeof key - 11);
}

static void
test_broken (void)
{
  static const guint8 setup[] = { 1, 0x42, 0, 0x1f, 0xff, 0xe1, 0xff, 0xff, 0x67 };
  static const guint8 long_unit[] = { 0xff, 0xff, 0xff, 0xff, 0x65 }, stream[] = { 0, 0, 1, 0x65 };
  static const guint8 rest[] = { 0, 0, 0, 1, 0x65 };
  const CvMatroskaTrack packed = { .codec = CV_CODEC_H264, .setup = setup, .n_setup = sizeof setup },
                        plain = { .n_setup = 0 };
  const CvMatroskaFrame frame = { .key = TRUE, .bytes = long_unit, .n = sizeof long_unit };
  const CvMatroskaFrame raw = { .bytes = stream, .n = sizeof stream };
  assert_bytes (cv_nal_to_byte_stream (&packed, &frame), rest, sizeof rest);
  assert_bytes (cv_nal_to_byte_stream (&plain, &raw), stream, sizeof stream);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nal/packed", test_packed);
  g_test_add_func ("/nal/broken", test_broken);
  return g_test_run ();
}
