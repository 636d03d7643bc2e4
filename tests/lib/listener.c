/* See listener.h. Frames come on the mixer's thread; `lock` protects what they change. */
#include "lib/listener.h"

#include "lib/tone.h"

#include <gst/app/gstappsink.h>

#include <string.h>

#define FRAME 960
#define PATIENCE_US (20 * G_USEC_PER_SEC)

static GstFlowReturn
on_sample (GstAppSink *sink, gpointer user_data)
{
  CvTestListener *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  if (buffer == NULL)
    return GST_FLOW_EOS;
  g_mutex_lock (&self->lock);
  g_assert_cmpuint (gst_buffer_get_size (buffer), ==, FRAME * 2);
  g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, 20 * GST_MSECOND);
  if (self->frames > 0 && GST_BUFFER_PTS (buffer) != self->next)
    self->joints++;
  self->next = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  memmove (self->heard, self->heard + FRAME, sizeof self->heard - FRAME * 2);
  gst_buffer_extract (buffer, 0, self->heard + CV_TEST_HALF_SECOND - FRAME, FRAME * 2);
  self->frames++;
  g_cond_broadcast (&self->more);
  g_mutex_unlock (&self->lock);
  return GST_FLOW_OK;
}

CvTestListener *
cv_test_listener_new (GstElement *pipeline, GstElement *mixer, const char *pad)
{
  CvTestListener *self = g_new0 (CvTestListener, 1);
  GstAppSinkCallbacks callbacks = { .new_sample = on_sample };
  self->pipeline = pipeline;
  self->mixer = mixer;
  self->sink = gst_element_factory_make ("appsink", NULL);
  g_object_set (self->sink, "sync", FALSE, "async", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (self->sink), &callbacks, self, NULL);
  gst_bin_add (GST_BIN (pipeline), self->sink);
  self->pad = gst_element_request_pad_simple (mixer, pad);
  g_assert_nonnull (self->pad);
  g_autoptr (GstPad) target = gst_element_get_static_pad (self->sink, "sink");
  gst_element_sync_state_with_parent (self->sink);
  g_assert_cmpint (gst_pad_link (self->pad, target), ==, GST_PAD_LINK_OK);
  return self;
}

void
cv_test_listener_free (CvTestListener *self)
{
  gst_element_release_request_pad (self->mixer, self->pad);
  gst_object_unref (self->pad);
  gst_element_set_state (self->sink, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self->pipeline), self->sink);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->more);
  g_free (self);
}

void
cv_test_listener_wait (CvTestListener *self, guint frames)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_US;
  g_mutex_lock (&self->lock);
  for (guint64 goal = self->frames + frames; self->frames < goal;)
    g_assert_true (g_cond_wait_until (&self->more, &self->lock, deadline));
  g_mutex_unlock (&self->lock);
}

double
cv_test_listener_level (CvTestListener *self, double hertz, guint n)
{
  g_mutex_lock (&self->lock);
  double decibels = cv_test_tone_level (self->heard + CV_TEST_HALF_SECOND - n, n, hertz);
  g_mutex_unlock (&self->lock);
  return decibels;
}

gint
cv_test_listener_step (CvTestListener *self)
{
  g_mutex_lock (&self->lock);
  gint largest = cv_test_tone_step (self->heard, CV_TEST_HALF_SECOND);
  g_mutex_unlock (&self->lock);
  return largest;
}

guint64
cv_test_listener_count (CvTestListener *self)
{
  g_mutex_lock (&self->lock);
  guint64 frames = self->frames;
  g_mutex_unlock (&self->lock);
  return frames;
}

void
cv_test_listener_assert_no_error (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message == NULL)
    return;
  const GstStructure *details = gst_message_get_structure (message);
  g_autofree char *text = gst_structure_to_string (details);
  g_error ("%s: %s", GST_MESSAGE_SRC_NAME (message), text);
}
