/* See tap.h. */
#include "media/tap.h"

#include "rtp/rtp.h"

#include <gst/app/gstappsrc.h>

typedef struct {
  const char *codec;
  const char *media;
  gint clock_rate;
  guint max_packets;
} Kind;

static const Kind kinds[] = {
  { "OPUS", "audio", 48000, CV_TAP_MAX_AUDIO },
  { "VP8", "video", 90000, CV_TAP_MAX_VIDEO },
  { "VP9", "video", 90000, CV_TAP_MAX_VIDEO },
  { "H264", "video", 90000, CV_TAP_MAX_VIDEO },
};

struct _CvTap {
  GstAppSrc *source;
  guint max_packets;
  guint64 dropped;
};

static const Kind *
find_kind (const char *codec)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strcasecmp (kinds[i].codec, codec) == 0)
      return &kinds[i];
  return NULL;
}

CvTap *
cv_tap_new (const char *codec, guint8 payload_type)
{
  const Kind *kind = find_kind (codec);
  if (kind == NULL)
    return NULL;
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  g_return_val_if_fail (source != NULL, NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, kind->media,
                                                  "encoding-name", G_TYPE_STRING, kind->codec, "clock-rate", G_TYPE_INT,
                                                  kind->clock_rate, "payload", G_TYPE_INT, (gint) payload_type, NULL);
  CvTap *self = g_new0 (CvTap, 1);
  self->source = GST_APP_SRC (gst_object_ref_sink (source));
  self->max_packets = kind->max_packets;
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "block", FALSE, "max-bytes",
                (guint64) 0, "max-time", (guint64) 0, "max-buffers", (guint64) kind->max_packets, "leaky-type",
                GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  return self;
}

void
cv_tap_free (CvTap *self)
{
  gst_object_unref (self->source);
  g_free (self);
}

GstElement *
cv_tap_get_source (CvTap *self)
{
  return GST_ELEMENT (self->source);
}

/* The pipeline's time starts when it plays: there is no time to give to what comes before. */
static gboolean
get_running_time (CvTap *self, gint64 arrival_us, GstClockTime *time)
{
  GstElement *source = GST_ELEMENT (self->source);
  if (GST_STATE (source) != GST_STATE_PLAYING || arrival_us < 0)
    return FALSE;
  GstClockTime base = gst_element_get_base_time (source), arrival = (GstClockTime) arrival_us * GST_USECOND;
  *time = arrival > base ? arrival - base : 0;
  return TRUE;
}

/* As GStreamer sees it too: it posts a warning for each packet that is not, and a stranger decides how many. */
static gboolean
is_valid (const guint8 *packet, gsize n)
{
  CvRtp rtp;
  if (!cv_rtp_parse (&rtp, packet, n) || cv_rtp_is_rtcp (packet))
    return FALSE;
  return !rtp.padded || (packet[n - 1] != 0 && rtp.header_n + packet[n - 1] <= n);
}

void
cv_tap_push (CvTap *self, const guint8 *packet, gsize n, gint64 arrival_us)
{
  GstClockTime time = 0;
  if (!is_valid (packet, n) || !get_running_time (self, arrival_us, &time)) {
    self->dropped++;
    return;
  }
  /* The thread behind may take one between this line and the push: then one too many is counted. */
  if (gst_app_src_get_current_level_buffers (self->source) >= self->max_packets)
    self->dropped++;
  GstBuffer *buffer = gst_buffer_new_memdup (packet, n);
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DTS (buffer) = time;
  if (gst_app_src_push_buffer (self->source, buffer) != GST_FLOW_OK)
    self->dropped++;
}

void
cv_tap_end (CvTap *self)
{
  gst_app_src_end_of_stream (self->source);
}

guint64
cv_tap_get_dropped (CvTap *self)
{
  return self->dropped;
}
