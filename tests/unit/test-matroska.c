/* What is written can be read: as a whole, and however much of its end is missing. */
#include "media/matroska.h"

#include "lib/mkv.h"

#include <string.h>

#define FRAMES 400

static const CvMatroskaTrack video = { .codec = CV_CODEC_VP8, .width = 1280, .height = 720 };
static const CvMatroskaTrack sound = { .codec = CV_CODEC_OPUS, .channels = 2 };

static void
apply (GByteArray *file, const CvMatroskaPatch *patch)
{
  g_assert_cmpuint (patch->at + patch->n, <=, file->len);
  memcpy (file->data + patch->at, patch->data, patch->n);
}

static gboolean
is_key (guint i)
{
  return i % 100 == 0;
}

/* Pictures of many lengths, 25 a second, a keyframe every 4 s. */
static void
add_pictures (CvMatroska *matroska, GByteArray *file, guint n)
{
  g_autofree guint8 *frame = g_malloc0 (70000);
  for (guint i = 0; i < n; i++) {
    CvMatroskaPatch patch;
    gsize length = i == 3 ? 70000 : 1 + i * 37 % 3000;
    memset (frame, (int) i, length);
    if (cv_matroska_add (matroska, file, i * 40000, is_key (i), frame, length, &patch))
      apply (file, &patch);
    g_assert_cmpuint (cv_matroska_get_bytes (matroska), ==, file->len);
  }
}

static void
finish (CvMatroska *matroska, GByteArray *file)
{
  CvMatroskaPatch patches[CV_MATROSKA_PATCHES];
  guint n = cv_matroska_finish (matroska, file, patches);
  for (guint i = 0; i < n; i++)
    apply (file, &patches[i]);
}

static void
test_whole (void)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (CvMatroska) matroska = cv_matroska_new (&video, file);
  add_pictures (matroska, file, FRAMES);
  finish (matroska, file);
  g_autoptr (CvTestMkv) mkv = cv_test_mkv_read (file->data, file->len);
  g_assert_false (mkv->cut);
  g_assert_true (mkv->sized);
  g_assert_cmpstr (mkv->codec, ==, "V_VP8");
  g_assert_cmpuint (mkv->width, ==, 1280);
  g_assert_cmpuint (mkv->height, ==, 720);
  g_assert_cmpfloat (mkv->duration, ==, FRAMES * 40);
  g_assert_cmpuint (mkv->frames->len, ==, FRAMES);
  g_assert_cmpuint (mkv->clusters, ==, 4); /* one each keyframe */
  g_assert_cmpuint (mkv->n_cues, ==, 4);
  g_assert_cmpuint (mkv->n_seeks, ==, 3);
  for (guint i = 0; i < FRAMES; i++) {
    const CvTestMkvFrame *frame = cv_test_mkv_get (mkv, i);
    g_assert_cmpint (frame->time, ==, i * 40);
    g_assert_cmpint (frame->keyframe, ==, is_key (i));
    g_assert_cmpuint (file->data[frame->at], ==, (guint8) i);
    g_assert_cmpuint (file->data[frame->at + frame->n - 1], ==, (guint8) i);
  }
}

/* Wherever it ends, all frames before that are there and the next one is not. */
static void
test_cut (void)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (CvMatroska) matroska = cv_matroska_new (&video, file);
  guint head = file->len;
  add_pictures (matroska, file, 130);
  g_autoptr (CvTestMkv) all = cv_test_mkv_read (file->data, file->len);
  g_assert_cmpuint (all->frames->len, ==, 130);
  g_assert_false (all->sized);
  g_assert_cmpfloat (all->duration, <, 0);
  for (guint cut = head; cut < file->len; cut += cut < 6000 ? 1 : 97) {
    g_autoptr (CvTestMkv) mkv = cv_test_mkv_read (file->data, cut);
    guint n = 0;
    while (n < all->frames->len && cv_test_mkv_get (all, n)->at + cv_test_mkv_get (all, n)->n <= cut)
      n++;
    g_assert_cmpuint (mkv->frames->len, ==, n);
    g_assert_cmpstr (mkv->codec, ==, "V_VP8");
  }
}

static void
test_sound (void)
{
  static const guint8 packet[80] = { 0x78 };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (CvMatroska) matroska = cv_matroska_new (&sound, file);
  for (guint i = 0; i < 1000; i++) {
    CvMatroskaPatch patch;
    if (cv_matroska_add (matroska, file, i * 20000 + (i >= 500) * 60 * G_USEC_PER_SEC, TRUE, packet, sizeof packet,
                         &patch))
      apply (file, &patch);
  }
  finish (matroska, file);
  g_autoptr (CvTestMkv) mkv = cv_test_mkv_read (file->data, file->len);
  g_assert_true (mkv->sized);
  g_assert_cmpstr (mkv->codec, ==, "A_OPUS");
  g_assert_cmpuint (mkv->channels, ==, 2);
  g_assert_cmpuint (mkv->private_n, ==, 19);
  g_assert_cmpmem (mkv->private_data, 10, "OpusHead\1\2", 10);
  g_assert_cmpuint (mkv->frames->len, ==, 1000);
  g_assert_cmpint (cv_test_mkv_get (mkv, 500)->time, ==, 70000); /* a silence that nothing was sent of */
  g_assert_cmpuint (mkv->clusters, ==, 4);
  g_assert_cmpuint (mkv->n_cues, ==, 4);
  g_assert_cmpfloat (mkv->duration, ==, 80000);
}

static void
test_private (void)
{
  static const guint8 config[] = { 1, 0x42, 0xc0, 0x1f, 0xff, 0xe1 };
  CvMatroskaTrack track = {
    .codec = CV_CODEC_H264, .width = 640, .height = 360, .private_data = config, .private_n = sizeof config
  };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (CvMatroska) matroska = cv_matroska_new (&track, file);
  g_autoptr (CvTestMkv) mkv = cv_test_mkv_read (file->data, file->len);
  g_assert_cmpuint (cv_matroska_get_bytes (matroska), ==, file->len);
  g_assert_cmpstr (mkv->codec, ==, "V_MPEG4/ISO/AVC");
  g_assert_cmpmem (mkv->private_data, mkv->private_n, config, sizeof config);
}

/* Nothing came: there is no index, and that is no error. */
static void
test_empty (void)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (CvMatroska) matroska = cv_matroska_new (&video, file);
  finish (matroska, file);
  g_autoptr (CvTestMkv) mkv = cv_test_mkv_read (file->data, file->len);
  g_assert_true (mkv->sized);
  g_assert_cmpuint (mkv->frames->len, ==, 0);
  g_assert_cmpuint (mkv->n_seeks, ==, 2);
}

/* Keyframes come as often as the sender likes; the index does not grow with them. */
static void
test_limits (void)
{
  static const guint8 frame[] = { 0 };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (CvMatroska) matroska = cv_matroska_new (&video, file);
  for (guint i = 0; i < 3000; i++) {
    CvMatroskaPatch patch;
    if (cv_matroska_add (matroska, file, i * 1000, TRUE, frame, sizeof frame, &patch))
      apply (file, &patch);
  }
  finish (matroska, file);
  g_autoptr (CvTestMkv) mkv = cv_test_mkv_read (file->data, file->len);
  g_assert_cmpuint (mkv->frames->len, ==, 3000);
  g_assert_cmpuint (mkv->n_cues, ==, 3);
  g_assert_cmpuint (mkv->clusters, ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matroska/whole", test_whole);
  g_test_add_func ("/matroska/cut", test_cut);
  g_test_add_func ("/matroska/sound", test_sound);
  g_test_add_func ("/matroska/private", test_private);
  g_test_add_func ("/matroska/empty", test_empty);
  g_test_add_func ("/matroska/limits", test_limits);
  return g_test_run ();
}
