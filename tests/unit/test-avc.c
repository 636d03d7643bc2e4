/* H.264's payloads become frames of a file; what does not fit together does not. */
#include "media/avc.h"

#include <string.h>

static const guint8 sps[] = { 0x67, 0x42, 0xc0, 0x1f, 0x8c };
static const guint8 pps[] = { 0x68, 0xce, 0x3c, 0x80 };
static const guint8 idr[] = { 0x65, 0x88, 0x80, 0x10 };
static const guint8 slice[] = { 0x41, 0x9a, 0x01 };

#define ADD(avc, frame, data) cv_avc_add (avc, frame, data, sizeof data)

static void
begin (CvAvc *avc, GByteArray *frame)
{
  g_byte_array_set_size (frame, 0);
  cv_avc_begin (avc);
}

static void
test_keyframe (void)
{
  CvAvc avc = { 0 };
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8 config[CV_AVC_MAX_CONFIG];
  gboolean key;
  begin (&avc, frame);
  g_assert_true (ADD (&avc, frame, idr));
  g_assert_true (cv_avc_end (&avc, frame, &key));
  g_assert_false (key); /* nobody could decode it */
  g_assert_cmpuint (cv_avc_write_config (&avc, config), ==, 0);
  begin (&avc, frame);
  static const guint8 stap[] = { 0x78, 0, 5, 0x67, 0x42, 0xc0, 0x1f, 0x8c, 0, 4, 0x68, 0xce, 0x3c, 0x80 };
  g_assert_true (ADD (&avc, frame, stap));
  g_assert_true (ADD (&avc, frame, idr));
  g_assert_true (cv_avc_end (&avc, frame, &key));
  g_assert_true (key);
  static const guint8 whole[] = { 0,    0,    0,    5,    0x67, 0x42, 0xc0, 0x1f, 0x8c, 0,    0,    0,   4,
                                  0x68, 0xce, 0x3c, 0x80, 0,    0,    0,    4,    0x65, 0x88, 0x80, 0x10 };
  g_assert_cmpmem (frame->data, frame->len, whole, sizeof whole);
  static const guint8 avcc[] = { 1,    0x42, 0xc0, 0x1f, 0xff, 0xe1, 0,    5,    0x67, 0x42,
                                 0xc0, 0x1f, 0x8c, 1,    0,    4,    0x68, 0xce, 0x3c, 0x80 };
  gsize n = cv_avc_write_config (&avc, config);
  g_assert_cmpmem (config, n, avcc, sizeof avcc);
  /* A later one without its sets gets them. */
  begin (&avc, frame);
  g_assert_true (ADD (&avc, frame, idr));
  g_assert_true (cv_avc_end (&avc, frame, &key));
  g_assert_true (key);
  g_assert_cmpmem (frame->data, frame->len, whole, sizeof whole);
  begin (&avc, frame);
  g_assert_true (ADD (&avc, frame, slice));
  g_assert_true (cv_avc_end (&avc, frame, &key));
  g_assert_false (key);
}

static void
test_fragments (void)
{
  static const guint8 a[] = { 0x7c, 0x85, 0x88 }, b[] = { 0x7c, 0x05, 0x80 }, c[] = { 0x7c, 0x45, 0x10 };
  CvAvc avc = { 0 };
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  gboolean key;
  begin (&avc, frame);
  g_assert_true (ADD (&avc, frame, sps));
  g_assert_true (ADD (&avc, frame, pps));
  guint before = frame->len;
  g_assert_true (ADD (&avc, frame, a));
  g_assert_true (ADD (&avc, frame, b));
  g_assert_true (ADD (&avc, frame, c));
  g_assert_true (cv_avc_end (&avc, frame, &key));
  g_assert_true (key);
  static const guint8 unit[] = { 0, 0, 0, 4, 0x65, 0x88, 0x80, 0x10 };
  g_assert_cmpmem (frame->data + before, frame->len - before, unit, sizeof unit);
  /* The end is missing; the beginning is; another comes in between. */
  begin (&avc, frame);
  g_assert_true (ADD (&avc, frame, a));
  g_assert_false (cv_avc_end (&avc, frame, &key));
  begin (&avc, frame);
  g_assert_false (ADD (&avc, frame, b));
  begin (&avc, frame);
  g_assert_true (ADD (&avc, frame, a));
  g_assert_false (ADD (&avc, frame, slice));
  g_assert_false (ADD (&avc, frame, a));
}

static void
test_hostile (void)
{
  static const guint8 cut[] = { 0x78, 0, 9, 0x67 }, odd[] = { 0x78, 0 }, none[] = { 0x78, 0, 0 };
  static const guint8 unknown[] = { 0x7d, 1 }, zero[] = { 0x60, 1 }, small[] = { 0x7c, 0x85 };
  CvAvc avc = { 0 };
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  gboolean key;
  begin (&avc, frame);
  g_assert_false (ADD (&avc, frame, cut));
  g_assert_false (ADD (&avc, frame, odd));
  g_assert_false (ADD (&avc, frame, none));
  g_assert_false (ADD (&avc, frame, unknown));
  g_assert_false (ADD (&avc, frame, zero));
  g_assert_false (ADD (&avc, frame, small));
  g_assert_false (cv_avc_add (&avc, frame, sps, 0));
  begin (&avc, frame);
  g_assert_false (cv_avc_end (&avc, frame, &key));
  /* Sets that are too long are passed on, and not remembered. */
  guint8 large[CV_AVC_MAX_SET + 1] = { 0x67 };
  g_assert_true (ADD (&avc, frame, large));
  g_assert_cmpuint (avc.sps_n, ==, 0);
}

static void
test_high (void)
{
  static const guint8 high[] = { 0x67, 0x64, 0, 0x1f, 0xac };
  CvAvc avc = { 0 };
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8 config[CV_AVC_MAX_CONFIG];
  begin (&avc, frame);
  ADD (&avc, frame, high);
  ADD (&avc, frame, pps);
  gsize n = cv_avc_write_config (&avc, config);
  g_assert_cmpuint (n, ==, 7 + 1 + sizeof high + 3 + sizeof pps + 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/avc/keyframe", test_keyframe);
  g_test_add_func ("/avc/fragments", test_fragments);
  g_test_add_func ("/avc/hostile", test_hostile);
  g_test_add_func ("/avc/high", test_high);
  return g_test_run ();
}
