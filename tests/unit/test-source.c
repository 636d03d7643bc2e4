/* Finds layers and codecs by what packets say, and lets go of those who show it. */
#include "media/slot.h"

#include <string.h>

static CvSdpMedia
make_media (void)
{
  CvSdpMedia media = { .kind = CV_KIND_VIDEO, .mid = "1", .sends = TRUE, .n_rids = 2 };
  strcpy (media.rids[0], "q");
  strcpy (media.rids[1], "f");
  media.payload_type[CV_CODEC_VP8] = 96;
  media.rtx_type[CV_CODEC_VP8] = 97;
  media.payload_type[CV_CODEC_H264] = 102;
  return media;
}

static void
test_find (void)
{
  CvSdpMedia media = make_media ();
  CvSource *source = cv_source_new (CV_SOURCE_CAMERA, "paaaaaaaaaaaa", &media);
  CvCodec codec;
  gboolean rtx = TRUE;
  g_assert_cmpuint (source->n_tracks, ==, 2);
  g_assert_true (cv_source_find_rid (source, "f", 1) == &source->tracks[1]);
  g_assert_cmpuint (cv_source_get_layer (source, &source->tracks[1]), ==, 1);
  g_assert_null (cv_source_find_rid (source, "ff", 2));
  g_assert_null (cv_source_find_rid (source, "", 0));
  g_assert_true (cv_source_find_codec (source, 102, &codec, &rtx));
  g_assert_cmpint (codec, ==, CV_CODEC_H264);
  g_assert_false (rtx);
  g_assert_true (cv_source_find_codec (source, 97, &codec, &rtx));
  g_assert_cmpint (codec, ==, CV_CODEC_VP8);
  g_assert_true (rtx);
  g_assert_false (cv_source_find_codec (source, 0, &codec, &rtx));
  g_assert_false (cv_source_find_codec (source, 98, &codec, &rtx));
  cv_source_free (source);
}

static void
test_goes (void)
{
  CvSdpMedia media = make_media ();
  CvSource *source = cv_source_new (CV_SOURCE_CAMERA, "paaaaaaaaaaaa", &media);
  CvSlot slots[3];
  for (guint i = 0; i < 3; i++) {
    cv_slot_init (&slots[i], &media, i, NULL);
    cv_slot_assign (&slots[i], source);
  }
  cv_slot_set_layer (&slots[1], 1);
  source->tracks[1].keyframe_wanted = FALSE;
  cv_source_interrupt (source, &source->tracks[1]);
  g_assert_true (source->tracks[1].keyframe_wanted);
  g_assert_cmpuint (source->slots->len, ==, 3);
  cv_source_free (source);
  for (guint i = 0; i < 3; i++)
    g_assert_null (slots[i].source);
}

static void
test_types (void)
{
  g_assert_cmpstr (cv_source_type_to_text (CV_SOURCE_SCREEN_AUDIO), ==, "screen-audio");
  g_assert_cmpint (cv_source_type_get_kind (CV_SOURCE_SCREEN), ==, CV_KIND_VIDEO);
  g_assert_cmpint (cv_source_type_get_kind (CV_SOURCE_SCREEN_AUDIO), ==, CV_KIND_AUDIO);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/find", test_find);
  g_test_add_func ("/source/goes", test_goes);
  g_test_add_func ("/source/types", test_types);
  return g_test_run ();
}
