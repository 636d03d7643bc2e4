/* See footage.h. */
#include "lib/footage.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RATE 48000
#define SOUND_FRAME 960

typedef struct {
  GstElement *pipeline, *source;
} Studio;

static Studio
open_studio (const char *encoder, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("appsrc name=source format=time block=true max-buffers=8 max-bytes=0 ! %s ! "
                                           "matroskamux ! filesink name=file",
                                           encoder);
  Studio self = { .pipeline = gst_parse_launch (text, &error) };
  g_assert_no_error (error);
  self.source = gst_bin_get_by_name (GST_BIN (self.pipeline), "source");
  g_autoptr (GstElement) file = gst_bin_get_by_name (GST_BIN (self.pipeline), "file");
  g_object_set (file, "location", path, NULL);
  gst_element_set_state (self.pipeline, GST_STATE_PLAYING);
  return self;
}

static void
close_studio (Studio *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  gst_app_src_end_of_stream (GST_APP_SRC (self->source));
  g_autoptr (GstMessage) message =
    gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->source);
  gst_object_unref (self->pipeline);
}

static void
push (Studio *self, guint8 *bytes, gsize n, GstClockTime pts, GstClockTime duration)
{
  GstBuffer *buffer = gst_buffer_new_wrapped (bytes, n);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  g_assert_cmpint (gst_app_src_push_buffer (GST_APP_SRC (self->source), buffer), ==, GST_FLOW_OK);
}

static void
set_size (Studio *self, guint width, guint height, guint fps)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
    "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, (int) width, "height", G_TYPE_INT,
    (int) height, "framerate", GST_TYPE_FRACTION, (int) fps, 1, "colorimetry", G_TYPE_STRING, "bt601", NULL);
  gst_app_src_set_caps (GST_APP_SRC (self->source), caps);
}

static guint8 *
paint (guint width, guint height, guint32 colour)
{
  double r = colour >> 16 & 0xff, g = colour >> 8 & 0xff, b = colour & 0xff;
  gsize luma = (gsize) width * height;
  guint8 *bytes = g_malloc (luma * 3 / 2);
  memset (bytes, (int) (16 + 0.257 * r + 0.504 * g + 0.098 * b), luma);
  memset (bytes + luma, (int) (128 - 0.148 * r - 0.291 * g + 0.439 * b), luma / 4);
  memset (bytes + luma * 5 / 4, (int) (128 + 0.439 * r - 0.368 * g - 0.071 * b), luma / 4);
  return bytes;
}

void
cv_test_footage_pictures (const char *path, const CvTestPictures *pictures)
{
  guint width = pictures->width > 0 ? pictures->width : 320, height = pictures->height > 0 ? pictures->height : 180;
  guint fps = pictures->fps > 0 ? pictures->fps : 15, n = (guint) lround (pictures->seconds * fps);
  const char *encoder =
    pictures->encoder != NULL ? pictures->encoder : "vp8enc deadline=1 cpu-used=16 keyframe-max-dist=30";
  Studio studio = open_studio (encoder, path);
  gboolean changed = FALSE;
  set_size (&studio, width, height, fps);
  for (guint i = 0; i < n; i++) {
    double t = (double) i / fps;
    if (pictures->changes > 0 && t >= pictures->changes && !changed) {
      set_size (&studio, width *= 2, height *= 2, fps);
      changed = TRUE;
    }
    guint32 colour = pictures->colours != NULL ? pictures->colours (t) : pictures->colour;
    push (&studio, paint (width, height, colour), (gsize) width * height * 3 / 2, i * GST_SECOND / fps,
          GST_SECOND / fps);
  }
  close_studio (&studio);
}

void
cv_test_footage_sound (const char *path, const CvTestSound *sound)
{
  Studio studio = open_studio ("opusenc", path);
  guint n = (guint) lround (sound->seconds * RATE / SOUND_FRAME);
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "layout", G_TYPE_STRING, "interleaved",
                         "rate", G_TYPE_INT, RATE, "channels", G_TYPE_INT, 1, NULL);
  gst_app_src_set_caps (GST_APP_SRC (studio.source), caps);
  for (guint i = 0; i < n; i++) {
    gint16 *samples = g_new (gint16, SOUND_FRAME);
    for (guint k = 0; k < SOUND_FRAME; k++) {
      double t = ((double) i * SOUND_FRAME + k) / RATE, loudness = sound->loudness != NULL ? sound->loudness (t) : 0.25;
      samples[k] = (gint16) (32767 * loudness * sin (2 * G_PI * sound->hertz * t));
    }
    push (&studio, (guint8 *) samples, SOUND_FRAME * sizeof (gint16), i * 20 * GST_MSECOND, 20 * GST_MSECOND);
  }
  close_studio (&studio);
}

void
cv_test_footage_truncate (const char *path, double part)
{
  struct stat status;
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (truncate (path, (off_t) ((double) status.st_size * part)), ==, 0);
}
