/* See viewer.h. Pictures are kept small, sound mono. */
#include "viewer.h"

#include "lib/tone.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <string.h>

#define WIDTH 320
#define HEIGHT 180
#define RATE 48000
#define NEAR 16       /* of 255, in each of red, green, blue */
#define HEARD (-25.0) /* dB */
#define UNHEARD (-50.0)

struct _Viewer {
  GPtrArray *samples; /* GstSample of RGB */
  GArray *sound;      /* gint16 */
  double sound_begin; /* s */
};

static const char pipeline_text[] =
  "filesrc name=file ! qtdemux name=demux "
  "demux.video_0 ! queue max-size-buffers=0 max-size-bytes=0 max-size-time=0 ! avdec_h264 ! videoscale method=0 ! "
  "videoconvert ! video/x-raw,format=RGB,width=320,height=180 ! appsink name=pictures sync=false "
  "demux.audio_0 ! queue max-size-buffers=0 max-size-bytes=0 max-size-time=0 ! avdec_aac ! audioconvert ! "
  "audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! appsink name=sound sync=false";

static void
take_sound (Viewer *self, GstAppSink *sink)
{
  g_autoptr (GstSample) sample = NULL;
  while ((sample = gst_app_sink_pull_sample (sink)) != NULL) {
    GstBuffer *buffer = gst_sample_get_buffer (sample);
    GstMapInfo map;
    if (self->sound->len == 0)
      self->sound_begin = (double) GST_BUFFER_PTS (buffer) / GST_SECOND;
    g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
    g_array_append_vals (self->sound, map.data, (guint) (map.size / sizeof (gint16)));
    gst_buffer_unmap (buffer, &map);
    g_clear_pointer (&sample, gst_sample_unref);
  }
}

Viewer *
viewer_new (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (pipeline_text, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_autoptr (GstElement) pictures = gst_bin_get_by_name (GST_BIN (pipeline), "pictures");
  g_autoptr (GstElement) sound = gst_bin_get_by_name (GST_BIN (pipeline), "sound");
  Viewer *self = g_new0 (Viewer, 1);
  self->samples = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_sample_unref);
  self->sound = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_object_set (file, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstSample *sample;
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (pictures))) != NULL)
    g_ptr_array_add (self->samples, sample);
  take_sound (self, GST_APP_SINK (sound));
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_null (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpuint (self->samples->len, >, 0);
  return self;
}

void
viewer_free (Viewer *self)
{
  g_ptr_array_unref (self->samples);
  g_array_unref (self->sound);
  g_free (self);
}

static double
get_time (const Viewer *self, guint i)
{
  return (double) GST_BUFFER_PTS (gst_sample_get_buffer (g_ptr_array_index (self->samples, i))) / GST_SECOND;
}

double
viewer_get_duration (const Viewer *self)
{
  guint n = self->samples->len;
  GstBuffer *last = gst_sample_get_buffer (g_ptr_array_index (self->samples, n - 1));
  return get_time (self, n - 1) + (double) GST_BUFFER_DURATION (last) / GST_SECOND;
}

double
viewer_get_sound_duration (const Viewer *self)
{
  return self->sound_begin + (double) self->sound->len / RATE;
}

static guint32
read_pixel (const Viewer *self, guint i, double x, double y)
{
  guint8 rgb[3];
  gsize at = ((gsize) (y * (HEIGHT - 1)) * WIDTH + (gsize) (x * (WIDTH - 1))) * 3;
  gst_buffer_extract (gst_sample_get_buffer (g_ptr_array_index (self->samples, i)), at, rgb, 3);
  return (guint32) rgb[0] << 16 | rgb[1] << 8 | rgb[2];
}

guint32
viewer_get_colour (const Viewer *self, double t, double x, double y)
{
  guint i = 0;
  while (i + 1 < self->samples->len && get_time (self, i + 1) <= t + 1e-6)
    i++;
  return read_pixel (self, i, x, y);
}

void
viewer_assert_colour (const Viewer *self, double t, double x, double y, guint32 colour)
{
  guint32 seen = viewer_get_colour (self, t, x, y);
  for (guint shift = 0; shift <= 16; shift += 8)
    if (ABS ((int) (seen >> shift & 0xff) - (int) (colour >> shift & 0xff)) > NEAR)
      g_error ("at %.2f s, %.2f, %.2f there is %06x instead of %06x", t, x, y, seen, colour);
}

double
viewer_get_tone (const Viewer *self, double t, double hertz)
{
  gint64 from = (gint64) ((t - self->sound_begin) * RATE), n = RATE / 10;
  if (from < 0 || from + n > self->sound->len)
    return -96;
  return cv_test_tone_level (&g_array_index (self->sound, gint16, from), (gsize) n, hertz);
}

void
viewer_assert_tone (const Viewer *self, double t, double hertz)
{
  double level = viewer_get_tone (self, t, hertz);
  if (level < HEARD)
    g_error ("at %.2f s %g Hz has %.1f dB and should be heard", t, hertz, level);
}

void
viewer_assert_no_tone (const Viewer *self, double t, double hertz)
{
  double level = viewer_get_tone (self, t, hertz);
  if (level > UNHEARD)
    g_error ("at %.2f s %g Hz has %.1f dB and should not be heard", t, hertz, level);
}

double
viewer_find_flash (const Viewer *self, double t, double x, double y)
{
  for (guint i = 0; i < self->samples->len; i++)
    if (get_time (self, i) >= t && (read_pixel (self, i, x, y) & 0xff) > 0x80)
      return get_time (self, i);
  return -1;
}

double
viewer_find_beep (const Viewer *self, double t)
{
  for (gint64 i = MAX ((gint64) ((t - self->sound_begin) * RATE), 0); i < self->sound->len; i++)
    if (ABS ((int) g_array_index (self->sound, gint16, i)) > 3000)
      return self->sound_begin + (double) i / RATE;
  return -1;
}

gboolean
viewer_equal (const Viewer *a, const Viewer *b)
{
  if (a->samples->len != b->samples->len)
    return FALSE;
  for (guint i = 0; i < a->samples->len; i++) {
    GstMapInfo map;
    GstBuffer *one = gst_sample_get_buffer (g_ptr_array_index (a->samples, i));
    GstBuffer *other = gst_sample_get_buffer (g_ptr_array_index (b->samples, i));
    g_assert_true (gst_buffer_map (one, &map, GST_MAP_READ));
    gboolean same =
      gst_buffer_memcmp (other, 0, map.data, map.size) == 0 && GST_BUFFER_PTS (one) == GST_BUFFER_PTS (other);
    gst_buffer_unmap (one, &map);
    if (!same)
      return FALSE;
  }
  return TRUE;
}
