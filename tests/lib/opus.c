/* See opus.h. */
#include "lib/opus.h"

#include <gst/app/gstappsink.h>

GPtrArray *
cv_test_opus_packets (double hertz, double amplitude, guint n)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *packets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GstElement) pipeline = gst_parse_launch (
    "audiotestsrc name=tone samplesperbuffer=960 ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! opusenc ! "
    "rtpopuspay name=pay ! appsink name=sink sync=false",
    &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) tone = gst_bin_get_by_name (GST_BIN (pipeline), "tone");
  g_autoptr (GstElement) pay = gst_bin_get_by_name (GST_BIN (pipeline), "pay");
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (tone, "freq", hertz, "volume", amplitude, "num-buffers", (gint) n, NULL);
  g_object_set (pay, "pt", CV_TEST_OPUS_TYPE, "seqnum-offset", 1000, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (packets->len < n) {
    g_autoptr (GstSample) sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
    g_assert_nonnull (sample);
    GstBuffer *buffer = gst_sample_get_buffer (sample);
    gpointer bytes = NULL;
    gsize length = 0;
    gst_buffer_extract_dup (buffer, 0, gst_buffer_get_size (buffer), &bytes, &length);
    g_ptr_array_add (packets, g_bytes_new_take (bytes, length));
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return packets;
}
