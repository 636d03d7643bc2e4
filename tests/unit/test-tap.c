/* Opus packets go through a tap, the template and the mixer; the queue is bounded and never holds who pushes. */
#include "media/tap.h"

#include "lib/listener.h"
#include "lib/opus.h"
#include "media/mixer.h"
#include "pipeline/template.h"

#include <string.h>

#define HERTZ 1000
#define DECIBELS -12.04
/* 15 s: what a busy machine may need until half a second went undisturbed */
#define PACKETS 750
#define AT_LEAST 60

typedef struct {
  GstElement *pipeline;
  GstElement *mixer;
  CvTap *tap;
  CvTestListener *listener;
  GPtrArray *packets;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTemplate) template = cv_template_load ("mix-in", &error);
  g_assert_no_error (error);
  self->packets = cv_test_opus_packets (HERTZ, 0.25, PACKETS);
  self->pipeline = gst_pipeline_new (NULL);
  self->mixer = gst_element_factory_make ("cvmixer", NULL);
  self->tap = cv_tap_new ("opus", CV_TEST_OPUS_TYPE);
  GstElement *in = cv_template_make (template, NULL, 0, &error);
  g_assert_no_error (error);
  gst_bin_add_many (GST_BIN (self->pipeline), self->mixer, in, cv_tap_get_source (self->tap), NULL);
  g_assert_true (gst_element_link (cv_tap_get_source (self->tap), in));
  g_assert_true (gst_element_link_pads (in, "src", self->mixer, "sink_1"));
  self->listener = cv_test_listener_new (self->pipeline, self->mixer, "src_2");
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  cv_test_listener_assert_no_error (self->pipeline);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  cv_test_listener_free (self->listener);
  cv_tap_free (self->tap);
  gst_object_unref (self->pipeline);
  g_ptr_array_unref (self->packets);
}

static void
play (Fixture *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  g_assert_cmpint (gst_element_get_state (self->pipeline, NULL, NULL, 5 * GST_SECOND), !=, GST_STATE_CHANGE_FAILURE);
  cv_test_listener_wait (self->listener, 1);
}

static void
push (Fixture *self, guint i, gint64 arrival_us)
{
  gsize n = 0;
  const guint8 *packet = g_bytes_get_data (g_ptr_array_index (self->packets, i), &n);
  cv_tap_push (self->tap, packet, n, arrival_us);
}

/* In real time, until half a second was as loud as that; every `lost`th is not there. */
static void
talk_until (Fixture *self, guint lost, double tolerance)
{
  gint64 start = g_get_monotonic_time ();
  double level = 0;
  for (guint i = 0; i < PACKETS; i++) {
    gint64 due = start + i * 20000;
    g_usleep ((gulong) MAX (due - g_get_monotonic_time (), 0));
    if (lost == 0 || i % lost != lost - 1)
      push (self, i, g_get_monotonic_time ());
    level = cv_test_listener_level (self->listener, HERTZ, CV_TEST_HALF_SECOND);
    if (i >= AT_LEAST && ABS (level - DECIBELS) < tolerance)
      return;
  }
  g_assert_cmpfloat_with_epsilon (level, DECIBELS, tolerance);
}

static void
test_tone (Fixture *self, gconstpointer unused)
{
  play (self);
  talk_until (self, 0, 1);
  g_assert_cmpuint (cv_tap_get_dropped (self->tap), ==, 0);
  cv_tap_end (self->tap);
  cv_test_listener_wait (self->listener, 40); /* and the mixer goes on */
  g_assert_cmpfloat (cv_test_listener_level (self->listener, HERTZ, CV_TEST_HALF_SECOND), <, -60);
  push (self, 0, g_get_monotonic_time ());
  g_assert_cmpuint (cv_tap_get_dropped (self->tap), ==, 1);
}

static void
test_loss (Fixture *self, gconstpointer unused)
{
  play (self);
  talk_until (self, 10, 2);
}

/* Nothing behind the tap takes anything: pushing costs no time, and no more than the limit waits. */
static void
test_bounded (Fixture *self, gconstpointer unused)
{
  g_autoptr (CvTap) tap = cv_tap_new ("VP8", 96);
  g_autoptr (GstElement) pipeline = gst_pipeline_new (NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  guint8 packet[1200] = { 0x80, 96 };
  g_object_set (sink, "async", FALSE, NULL);
  gst_bin_add_many (GST_BIN (pipeline), cv_tap_get_source (tap), sink, NULL);
  g_assert_true (gst_element_link (cv_tap_get_source (tap), sink));
  cv_tap_push (tap, packet, sizeof packet, g_get_monotonic_time ());
  g_assert_cmpuint (cv_tap_get_dropped (tap), ==, 1); /* it does not play */

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_element_get_state (pipeline, NULL, NULL, 5 * GST_SECOND);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  GST_PAD_STREAM_LOCK (pad); /* as if it were busy */
  for (guint i = 0; i < 2 * CV_TAP_MAX_VIDEO; i++)
    cv_tap_push (tap, packet, sizeof packet, g_get_monotonic_time ());
  guint64 dropped = cv_tap_get_dropped (tap);
  GST_PAD_STREAM_UNLOCK (pad);
  g_assert_cmpuint (dropped, >=, CV_TAP_MAX_VIDEO - 1);
  g_assert_cmpuint (dropped, <=, CV_TAP_MAX_VIDEO + 1);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* What is no packet is not passed on, and what comes in is no packet of the future either. */
static void
test_hostile (Fixture *self, gconstpointer unused)
{
  guint8 packet[2000] = { 0x80, CV_TEST_OPUS_TYPE };
  play (self);
  cv_tap_push (self->tap, packet, 0, g_get_monotonic_time ());
  cv_tap_push (self->tap, packet, 11, g_get_monotonic_time ());
  cv_tap_push (self->tap, packet, 1501, g_get_monotonic_time ());
  cv_tap_push (self->tap, packet, 500, -1);
  packet[0] = 0xa0;
  packet[499] = 0xff; /* padding, and more of it than the length allows */
  cv_tap_push (self->tap, packet, 200 + 12, g_get_monotonic_time ());
  packet[0] = 0x80;
  g_assert_cmpuint (cv_tap_get_dropped (self->tap), ==, 5);
  cv_tap_push (self->tap, packet, 500, 0);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  for (guint i = 0; i < 3000; i++) {
    gsize n = (gsize) g_rand_int_range (random, 12, 1500);
    for (gsize j = 1; j < n; j++)
      packet[j] = (guint8) g_rand_int (random);
    packet[0] = (guint8) (i % 4 == 0 ? 0x80 : 0x80 | g_rand_int_range (random, 0, 64));
    if (i % 2 == 0)
      packet[1] = CV_TEST_OPUS_TYPE;
    if (i % 8 == 0) /* nonsense that is in order */
      packet[2] = 0, packet[3] = (guint8) (i / 8), memset (packet + 4, 0, 8);
    cv_tap_push (self->tap, packet, n, g_get_monotonic_time ());
    if (i % 50 == 0)
      g_usleep (1000);
  }
  cv_test_listener_wait (self->listener, 10);
}

/* Half a second that no decoder can read does not end the stream. */
static void
test_undecodable (Fixture *self, gconstpointer unused)
{
  for (guint i = 0; i < 30; i++) {
    gsize n = 0;
    g_autoptr (GBytes) packet = g_ptr_array_index (self->packets, i);
    guint8 broken[14];
    memcpy (broken, g_bytes_get_data (packet, &n), 12);
    broken[12] = 3; /* so many frames as the next byte says */
    broken[13] = 0;
    g_ptr_array_index (self->packets, i) = g_bytes_new (broken, sizeof broken);
  }
  play (self);
  talk_until (self, 0, 1);
}

static void
test_codecs (void)
{
  static const char *const codecs[] = { "opus", "OPUS", "VP8", "vp9", "H264" };
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    g_autoptr (CvTap) tap = cv_tap_new (codecs[i], 100);
    g_autoptr (GstCaps) caps = NULL;
    gint rate = 0;
    g_assert_nonnull (tap);
    g_object_get (cv_tap_get_source (tap), "caps", &caps, NULL);
    g_assert_true (gst_structure_get_int (gst_caps_get_structure (caps, 0), "clock-rate", &rate));
    g_assert_cmpint (rate, ==, i < 2 ? 48000 : 90000);
  }
  g_assert_null (cv_tap_new ("PCMU", 0));
}

#define TEST(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  cv_mixer_register ();
  TEST ("/tap/tone", test_tone);
  TEST ("/tap/loss", test_loss);
  TEST ("/tap/bounded", test_bounded);
  TEST ("/tap/hostile", test_hostile);
  TEST ("/tap/undecodable", test_undecodable);
  g_test_add_func ("/tap/codecs", test_codecs);
  return g_test_run ();
}
