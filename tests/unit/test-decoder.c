/* A frame that was pushed is decoded when the call comes back; rubbish is passed over. */
#include "render/decoder.h"

#include "lib/programme.h"
#include "render/kit.h"

typedef struct {
  guint n;
  GstClockTime last;
} Seen;

static void
on_decoded (GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  Seen *seen = user_data;
  g_assert_true (gst_structure_has_name (gst_caps_get_structure (caps, 0), "video/x-raw"));
  seen->n++;
  seen->last = GST_BUFFER_PTS (buffer);
}

static GstBuffer *
wrap (const CvMatroskaFrame *frame)
{
  GstBuffer *buffer = gst_buffer_new_memdup (frame->bytes, frame->n);
  GST_BUFFER_PTS (buffer) = (GstClockTime) frame->pts * 1000;
  if (!frame->key)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return buffer;
}

static void
test_decode (void)
{
  static const char *const names[] = { "001-paaaaaaaaaaaa-camera-1.mkv", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CvKit) kit = cv_kit_new (&error);
  g_autoptr (CvProgramme) programme = cv_test_programme ("", names);
  CvFootage *footage = ((CvCut *) g_ptr_array_index (programme->cuts, 0))->footage;
  g_autoptr (GstCaps) caps = gst_caps_from_string ("video/x-vp8,width=160,height=90");
  Seen seen = { 0 };
  g_autoptr (CvDecoder) decoder =
    cv_decoder_new (cv_kit_get (kit, CV_RECIPE_DECODE_VP8), caps, on_decoded, &seen, &error);
  g_assert_no_error (error);
  CvMatroskaFrame frame;
  for (guint i = 0; i < 5; i++) {
    g_assert_true (cv_footage_next (footage, &frame));
    g_assert_true (cv_decoder_push (decoder, wrap (&frame)));
    g_assert_cmpuint (seen.n, ==, i + 1);
    g_assert_cmpuint (seen.last, ==, (guint64) frame.pts * 1000);
  }
  const CvMatroskaFrame rubbish = { .pts = 600000, .bytes = (const guint8 *) "\x10\xff\xff\xff\xff\xff", .n = 6 };
  cv_decoder_push (decoder, wrap (&rubbish));
  cv_decoder_flush (decoder);
  cv_footage_seek (footage, 0);
  g_assert_true (cv_footage_next (footage, &frame));
  guint before = seen.n;
  g_assert_true (cv_decoder_push (decoder, wrap (&frame)));
  g_assert_cmpuint (seen.n, ==, before + 1);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/decode", test_decode);
  return g_test_run ();
}
