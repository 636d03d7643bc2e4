/* Keyframes, sizes, and where VP8's counters stand. */
#include "media/payload.h"

#include <string.h>

#define INSPECT(self, codec, ...)                                                                                      \
  cv_payload_inspect (self, codec, (const guint8[]){ __VA_ARGS__ }, sizeof ((const guint8[]){ __VA_ARGS__ }))
#define VP8_KEY 0x50, 0x12, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0x68, 0x81
#define VP8_DELTA 0x51, 0x12, 0x00

static void
test_vp8_frames (void)
{
  CvPayload p;
  INSPECT (&p, CV_CODEC_VP8, 0x10, VP8_KEY);
  g_assert_true (p.keyframe && p.frame_start);
  g_assert_cmpuint (p.width, ==, 640); /* the two bits above are a scale */
  g_assert_cmpuint (p.height, ==, 360);
  g_assert_cmpuint (p.picture_id_at, ==, 0);
  INSPECT (&p, CV_CODEC_VP8, 0x10, VP8_DELTA);
  g_assert_true (p.frame_start && !p.keyframe);
  INSPECT (&p, CV_CODEC_VP8, 0x00, VP8_KEY); /* S is not set */
  g_assert_false (p.frame_start || p.keyframe);
  INSPECT (&p, CV_CODEC_VP8, 0x11, VP8_KEY); /* of another partition */
  g_assert_false (p.frame_start || p.keyframe);
  INSPECT (&p, CV_CODEC_VP8, 0x10, 0x50, 0x12, 0x00, 0x9d, 0x01, 0x2b, 0x80, 0x42, 0x68, 0x81);
  g_assert_false (p.keyframe);
  INSPECT (&p, CV_CODEC_VP8, 0x10, 0x50, 0x12, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0x68);
  g_assert_false (p.keyframe);
}

static void
test_vp8_descriptor (void)
{
  CvPayload p;
  guint8 all[] = { 0x90, 0xf0, 0x92, 0x34, 0x56, 0xa0 | 7, VP8_KEY };
  cv_payload_inspect (&p, CV_CODEC_VP8, all, sizeof all);
  g_assert_true (p.keyframe && p.picture_id_long && p.temporal_switch);
  g_assert_cmpuint (p.picture_id_at, ==, 2);
  g_assert_cmpuint (p.tl0_at, ==, 4);
  g_assert_cmpuint (p.key_index_at, ==, 5);
  g_assert_cmpuint (p.temporal, ==, 2);
  g_assert_cmphex (cv_vp8_get_picture_id (&p, all), ==, 0x1234);
  g_assert_cmphex (cv_vp8_get_tl0 (&p, all), ==, 0x56);
  g_assert_cmpuint (cv_vp8_get_key_index (&p, all), ==, 7);
  cv_vp8_set_picture_id (&p, all, 0x7fff);
  cv_vp8_set_tl0 (&p, all, 9);
  cv_vp8_set_key_index (&p, all, 31);
  static const guint8 changed[] = { 0x90, 0xf0, 0xff, 0xff, 9, 0xa0 | 31, VP8_KEY };
  g_assert_cmpmem (all, sizeof all, changed, sizeof changed);
  cv_vp8_set_picture_id (&p, all, 0x8001); /* wraps */
  g_assert_cmphex (cv_vp8_get_picture_id (&p, all), ==, 1);
  g_assert_cmphex (all[2], ==, 0x80);

  guint8 small[] = { 0x90, 0x80, 0x7f, VP8_DELTA };
  cv_payload_inspect (&p, CV_CODEC_VP8, small, sizeof small);
  g_assert_true (p.frame_start && !p.picture_id_long);
  g_assert_cmpuint (cv_vp8_get_picture_id (&p, small), ==, 127);
  cv_vp8_set_picture_id (&p, small, 0x181);
  g_assert_cmpuint (small[2], ==, 1);
  /* what is not there is neither read nor written */
  g_assert_cmpuint (cv_vp8_get_tl0 (&p, small), ==, 0);
  g_assert_cmpuint (cv_vp8_get_key_index (&p, small), ==, 0);
  cv_vp8_set_tl0 (&p, small, 5);
  cv_vp8_set_key_index (&p, small, 5);
  guint8 none[] = { 0x10, VP8_DELTA }, same[] = { 0x10, VP8_DELTA };
  cv_payload_inspect (&p, CV_CODEC_VP8, none, sizeof none);
  cv_vp8_set_picture_id (&p, none, 5);
  g_assert_cmpuint (cv_vp8_get_picture_id (&p, none), ==, 0);
  g_assert_cmpmem (none, sizeof none, same, sizeof same);

  INSPECT (&p, CV_CODEC_VP8, 0x90, 0x10, 0x03, VP8_DELTA); /* K alone: no temporal layer is said */
  g_assert_cmpuint (p.key_index_at, ==, 2);
  g_assert_cmpuint (p.temporal, ==, 0);
}

static void
test_vp8_cut_short (void)
{
  static const guint8 all[] = { 0x90, 0xf0, 0x92, 0x34, 0x56, 0xa0 };
  CvPayload p;
  for (gsize n = 0; n <= sizeof all; n++) {
    g_autofree guint8 *cut = g_memdup2 (all, n);
    cv_payload_inspect (&p, CV_CODEC_VP8, cut, n);
    g_assert_false (p.keyframe || p.frame_start);
    g_assert_cmpuint (p.picture_id_at, ==, n == sizeof all ? 2 : 0);
  }
}

#define VP9_KEY 0x82, 0x49, 0x83, 0x42, 0x10, 0x4f, 0xf0, 0x2c, 0xf0 /* 1280 × 720 */

static void
test_vp9 (void)
{
  CvPayload p;
  INSPECT (&p, CV_CODEC_VP9, 0x88, 0x05, VP9_KEY); /* I, B */
  g_assert_true (p.keyframe && p.frame_start);
  g_assert_cmpuint (p.width, ==, 1280);
  g_assert_cmpuint (p.height, ==, 720);
  INSPECT (&p, CV_CODEC_VP9, 0xc8, 0x85, 0x01, 0x86); /* P */
  g_assert_true (p.frame_start && !p.keyframe);
  INSPECT (&p, CV_CODEC_VP9, 0x80, 0x05, VP9_KEY); /* not its beginning */
  g_assert_false (p.frame_start || p.keyframe);
  /* layers: temporal 2 with U, spatial 1, TL0PICIDX */
  INSPECT (&p, CV_CODEC_VP9, 0x28, 0x52, 0x07, VP9_KEY);
  g_assert_false (p.frame_start || p.keyframe);
  g_assert_cmpuint (p.temporal, ==, 2);
  g_assert_true (p.temporal_switch);
  /* two spatial layers, of which the larger counts; two pictures in a group, one with two references */
  INSPECT (&p, CV_CODEC_VP9, 0xaa, 0x05, 0x00, 0x07, 0x38, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 0x02, 0x00,
           0x08, 1, 2, 0xff);
  g_assert_true (p.keyframe);
  g_assert_cmpuint (p.width, ==, 640);
  g_assert_cmpuint (p.height, ==, 360);
  /* flexible: two references, then the frame */
  INSPECT (&p, CV_CODEC_VP9, 0x58, 0x03, 0x02, 0x86);
  g_assert_true (p.frame_start);
  INSPECT (&p, CV_CODEC_VP9, 0x58, 0x03, 0x03, 0x03, 0x86); /* a fourth would follow */
  g_assert_false (p.frame_start);
  INSPECT (&p, CV_CODEC_VP9, 0x88, 0x05, 0xff); /* a keyframe whose size cannot be read */
  g_assert_true (p.keyframe);
  g_assert_cmpuint (p.width, ==, 0);
  INSPECT (&p, CV_CODEC_VP9, 0xca, 0x05, 0x10, 0x01, 0x40, 0x00, 0xb4,
           0xff); /* a size with another frame does not count */
  g_assert_cmpuint (p.width, ==, 0);
}

static void
test_vp9_cut_short (void)
{
  static const guint8 all[] = { 0xaa, 0x85, 0x01, 0x00, 0x07, 0x38, 0x01, 0x40, 0x00,
                                0xb4, 0x02, 0x80, 0x01, 0x68, 0x01, 0x04, 0x01 };
  CvPayload p;
  for (gsize n = 0; n <= sizeof all; n++) {
    g_autofree guint8 *cut = g_memdup2 (all, n);
    cv_payload_inspect (&p, CV_CODEC_VP9, cut, n);
    g_assert_false (p.keyframe || p.frame_start);
  }
}

static void
test_h264 (void)
{
  CvPayload p;
  INSPECT (&p, CV_CODEC_H264, 0x65, 0x88, 0x84);
  g_assert_true (p.keyframe && p.frame_start);
  INSPECT (&p, CV_CODEC_H264, 0x65, 0x08, 0x84); /* a later slice */
  g_assert_false (p.keyframe || p.frame_start);
  INSPECT (&p, CV_CODEC_H264, 0x41, 0x9a, 0x02);
  g_assert_true (p.frame_start && !p.keyframe);
  INSPECT (&p, CV_CODEC_H264, 0x67, 0x42, 0xe0, 0x1f);
  g_assert_true (p.keyframe && p.frame_start);
  INSPECT (&p, CV_CODEC_H264, 0x67, 0x42, 0xc0, 0x1e, 0x8c, 0x8d, 0x40, 0x50, 0x17, 0xfc, 0xb0, 0x0f, 0x08, 0x84, 0x6a);
  g_assert_cmpuint (p.width, ==, 640);
  g_assert_cmpuint (p.height, ==, 360);
  INSPECT (&p, CV_CODEC_H264, 0x09, 0xf0);
  g_assert_true (p.frame_start && !p.keyframe);
  /* STAP-A: SPS and PPS; PPS and a slice; cut short */
  INSPECT (&p, CV_CODEC_H264, 0x78, 0, 3, 0x67, 0x42, 0xe0, 0, 2, 0x68, 0xce);
  g_assert_true (p.keyframe);
  INSPECT (&p, CV_CODEC_H264, 0x78, 0, 2, 0x68, 0xce, 0, 2, 0x65, 0x88);
  g_assert_true (p.keyframe);
  INSPECT (&p, CV_CODEC_H264, 0x78, 0, 2, 0x68, 0xce, 0, 2, 0x41, 0x88);
  g_assert_true (p.frame_start && !p.keyframe);
  INSPECT (&p, CV_CODEC_H264, 0x78, 0, 4, 0x67, 0x42, 0xe0);
  g_assert_false (p.keyframe);
  INSPECT (&p, CV_CODEC_H264, 0x78, 0, 0, 0, 2, 0x67, 0x42);
  g_assert_false (p.keyframe);
  /* FU-A: start, middle */
  INSPECT (&p, CV_CODEC_H264, 0x7c, 0x85, 0x88, 0x84);
  g_assert_true (p.keyframe && p.frame_start);
  INSPECT (&p, CV_CODEC_H264, 0x7c, 0x05, 0x88, 0x84);
  g_assert_false (p.keyframe || p.frame_start);
  INSPECT (&p, CV_CODEC_H264, 0x7c, 0x85);
  g_assert_false (p.keyframe || p.frame_start);
  INSPECT (&p, CV_CODEC_H264, 0x65);
  g_assert_false (p.keyframe);
}

static void
test_opus (void)
{
  CvPayload p;
  INSPECT (&p, CV_CODEC_OPUS, 0x78, 1);
  g_assert_true (p.keyframe && p.frame_start);
  cv_payload_inspect (&p, CV_CODEC_OPUS, NULL, 0);
  g_assert_false (p.keyframe);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/vp8/frames", test_vp8_frames);
  g_test_add_func ("/payload/vp8/descriptor", test_vp8_descriptor);
  g_test_add_func ("/payload/vp8/cut-short", test_vp8_cut_short);
  g_test_add_func ("/payload/vp9", test_vp9);
  g_test_add_func ("/payload/vp9/cut-short", test_vp9_cut_short);
  g_test_add_func ("/payload/h264", test_h264);
  g_test_add_func ("/payload/opus", test_opus);
  return g_test_run ();
}
