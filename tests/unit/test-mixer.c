/* The element in real pipelines, by the real clock: who hears what, and that nothing disturbs the others. */
#include "media/mixer.h"

#include "lib/listener.h"
#include "lib/tone.h"
#include "media/mix.h"

#define ANSWER_FRAMES 25

typedef struct {
  GstElement *pipeline;
  GstElement *mixer;
} Fixture;

static double
tone_of (guint number)
{
  return 310 + 100 * number; /* no whole number of periods in a frame */
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->pipeline = gst_pipeline_new (NULL);
  self->mixer = gst_element_factory_make ("cvmixer", "mixer");
  g_assert_nonnull (self->mixer);
  gst_bin_add (GST_BIN (self->pipeline), self->mixer);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  cv_test_listener_assert_no_error (self->pipeline);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (self->mixer), ==, 1);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (self->pipeline), ==, 1);
  gst_object_unref (self->pipeline);
}

static void
play (Fixture *self)
{
  g_assert_cmpint (gst_element_set_state (self->pipeline, GST_STATE_PLAYING), !=, GST_STATE_CHANGE_FAILURE);
}

static CvTestListener *
listen (Fixture *self, const char *pad)
{
  return cv_test_listener_new (self->pipeline, self->mixer, pad);
}

/* ---- Speakers: a live tone each, or a pad that the test pushes into ---- */

static GstElement *
speak (Fixture *self, guint number, double volume)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pad = g_strdup_printf ("sink_%u", number);
  GstElement *speaker =
    gst_parse_bin_from_description ("audiotestsrc name=tone is-live=true samplesperbuffer=960 ! capsfilter "
                                    "caps=audio/x-raw,format=S16LE,rate=48000,channels=1",
                                    TRUE, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) tone = gst_bin_get_by_name (GST_BIN (speaker), "tone");
  g_object_set (tone, "freq", tone_of (number), "volume", volume, NULL);
  gst_bin_add (GST_BIN (self->pipeline), speaker);
  g_assert_true (gst_element_link_pads (speaker, "src", self->mixer, pad));
  gst_element_sync_state_with_parent (speaker);
  return speaker;
}

static void
fall_silent (Fixture *self, GstElement *speaker)
{
  g_autoptr (GstPad) source = gst_element_get_static_pad (speaker, "src");
  g_autoptr (GstPad) pad = gst_pad_get_peer (source);
  gst_element_set_state (speaker, GST_STATE_NULL);
  gst_element_release_request_pad (self->mixer, pad);
  gst_bin_remove (GST_BIN (self->pipeline), speaker);
}

static GstPad *
hold_pad (Fixture *self, const char *name)
{
  GstSegment segment;
  g_autoptr (GstCaps) caps = gst_caps_from_string (CV_MIXER_CAPS);
  g_autoptr (GstPad) sink = gst_element_request_pad_simple (self->mixer, name);
  GstPad *pad = gst_pad_new (NULL, GST_PAD_SRC);
  gst_pad_set_active (pad, TRUE);
  g_assert_cmpint (gst_pad_link (pad, sink), ==, GST_PAD_LINK_OK);
  g_assert_true (gst_pad_push_event (pad, gst_event_new_stream_start (name)));
  g_assert_true (gst_pad_push_event (pad, gst_event_new_caps (caps)));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  g_assert_true (gst_pad_push_event (pad, gst_event_new_segment (&segment)));
  return pad;
}

static void
release_pad (Fixture *self, GstPad *pad)
{
  g_autoptr (GstPad) sink = gst_pad_get_peer (pad);
  gst_element_release_request_pad (self->mixer, sink);
  gst_pad_set_active (pad, FALSE);
  gst_object_unref (pad);
}

static GstFlowReturn
push_tone (GstPad *pad, double hertz, double amplitude, gsize at, gsize n)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 2, NULL);
  GstMapInfo map;
  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  cv_test_tone_write ((gint16 *) (gpointer) map.data, n, hertz, amplitude, at);
  gst_buffer_unmap (buffer, &map);
  return gst_pad_push (pad, buffer);
}

/* ---- Tests ---- */

#define ALL 4

static void
test_mix_minus (Fixture *self, gconstpointer unused)
{
  GstElement *speakers[ALL];
  CvTestListener *listeners[ALL];
  for (guint i = 0; i < ALL; i++) {
    g_autofree char *pad = g_strdup_printf ("src_%u", i);
    speakers[i] = speak (self, i, 0.1);
    listeners[i] = listen (self, pad);
  }
  CvTestListener *whole = listen (self, "src_99");
  play (self);
  cv_test_listener_wait (whole, 50);
  for (guint i = 0; i < ALL; i++)
    for (guint j = 0; j < ALL; j++)
      if (i == j)
        g_assert_cmpfloat (cv_test_listener_level (listeners[i], tone_of (j), CV_TEST_HALF_SECOND), <, -60);
      else
        g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listeners[i], tone_of (j), CV_TEST_HALF_SECOND), -20,
                                        0.5);
  for (guint j = 0; j < ALL; j++)
    g_assert_cmpfloat_with_epsilon (cv_test_listener_level (whole, tone_of (j), CV_TEST_HALF_SECOND), -20, 0.5);
  g_assert_cmpuint (whole->joints, ==, 0);

  double loudness = 0;
  gboolean heard = FALSE;
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->mixer, "sink_2");
  g_object_get (pad, "level", &loudness, "heard", &heard, NULL);
  g_assert_cmpfloat_with_epsilon (loudness, -23, 0.5);
  g_assert_true (heard);
  for (guint i = 0; i < ALL; i++) {
    fall_silent (self, speakers[i]);
    cv_test_listener_free (listeners[i]);
  }
  cv_test_listener_free (whole);
}

/* Twenty at full scale, all of them in the mix: what comes out is their sum made smaller, for each without the own. */
static void
test_full_scale (Fixture *self, gconstpointer unused)
{
  GstElement *speakers[20];
  g_object_set (self->mixer, "loudest", 20, NULL);
  for (guint i = 0; i < 20; i++)
    speakers[i] = speak (self, i, 1);
  CvTestListener *own = listen (self, "src_3"), *whole = listen (self, "src_50");
  play (self);
  cv_test_listener_wait (whole, 80);
  for (guint i = 0; i < 20; i++) {
    g_assert_cmpfloat (cv_test_listener_level (whole, tone_of (i), CV_TEST_HALF_SECOND), >, -28);
    if (i != 3)
      g_assert_cmpfloat (cv_test_listener_level (own, tone_of (i), CV_TEST_HALF_SECOND), >, -28);
  }
  /* What the moving gain leaves of its own neighbours there, and not the tone itself. */
  g_assert_cmpfloat (cv_test_listener_level (own, tone_of (3), CV_TEST_HALF_SECOND), <, -45);
  g_assert_cmpint (cv_test_listener_step (whole), <, 25000);
  for (guint i = 0; i < 20; i++)
    fall_silent (self, speakers[i]);
  cv_test_listener_free (own);
  cv_test_listener_free (whole);
}

static void
test_join_and_leave (Fixture *self, gconstpointer unused)
{
  GstElement *first = speak (self, 0, 0.2);
  CvTestListener *listener = listen (self, "src_9");
  play (self);
  cv_test_listener_wait (listener, 40);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, tone_of (0), CV_TEST_HALF_SECOND), -14, 0.5);
  g_assert_cmpfloat (cv_test_listener_level (listener, tone_of (1), CV_TEST_HALF_SECOND), <, -60);

  GstElement *second = speak (self, 1, 0.2);
  CvTestListener *late = listen (self, "src_1");
  cv_test_listener_wait (late, 50);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, tone_of (0), CV_TEST_HALF_SECOND), -14, 0.5);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, tone_of (1), CV_TEST_HALF_SECOND), -14, 0.5);
  g_assert_cmpfloat (cv_test_listener_level (late, tone_of (1), CV_TEST_HALF_SECOND), <, -60);

  fall_silent (self, first);
  cv_test_listener_wait (listener, 35);
  g_assert_cmpfloat (cv_test_listener_level (listener, tone_of (0), CV_TEST_HALF_SECOND), <, -90);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, tone_of (1), CV_TEST_HALF_SECOND), -14, 0.5);
  g_assert_cmpuint (listener->joints, ==, 0);
  cv_test_listener_free (late);
  cv_test_listener_wait (listener, 2);
  fall_silent (self, second);
  cv_test_listener_free (listener);
}

/* In the middle of its wave, and without a click. */
static void
test_torn_off (Fixture *self, gconstpointer unused)
{
  CvTestListener *listener = listen (self, "src_9");
  play (self);
  cv_test_listener_wait (listener, 2);
  for (guint i = 0; i < 3; i++) {
    GstPad *pad = hold_pad (self, "sink_0");
    push_tone (pad, 1010, 0.5, 0, 3 * CV_MIX_FRAME);
    cv_test_listener_wait (listener, 2);
    release_pad (self, pad);
    cv_test_listener_wait (listener, 2);
    g_assert_cmpfloat (cv_test_listener_level (listener, 1010, 4 * CV_MIX_FRAME), >, -20);
    g_assert_cmpint (cv_test_listener_step (listener), <, 2600);
  }
  cv_test_listener_free (listener);
}

/* The end of one, a flush of it, and none at all. */
static void
test_end_of_one (Fixture *self, gconstpointer unused)
{
  GstElement *speaker = speak (self, 0, 0.2);
  GstPad *pad = hold_pad (self, "sink_1");
  CvTestListener *listener = listen (self, "src_9");
  play (self);
  cv_test_listener_wait (listener, 5);
  g_assert_cmpint (push_tone (pad, 1000, 0.2, 0, 4800), ==, GST_FLOW_OK);
  cv_test_listener_wait (listener, 4);
  g_assert_cmpfloat (cv_test_listener_level (listener, 1000, 1920), >, -20);
  gst_pad_push_event (pad, gst_event_new_eos ());
  g_assert_cmpint (push_tone (pad, 1000, 0.2, 0, 960), ==, GST_FLOW_EOS);
  cv_test_listener_wait (listener, 40);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, tone_of (0), CV_TEST_HALF_SECOND), -14, 0.5);
  g_assert_cmpfloat (cv_test_listener_level (listener, 1000, CV_TEST_HALF_SECOND), <, -60);

  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_flush_start ());
  gst_pad_push_event (pad, gst_event_new_flush_stop (TRUE));
  g_assert_true (gst_pad_push_event (pad, gst_event_new_segment (&segment)));
  g_assert_cmpint (push_tone (pad, 1000, 0.2, 0, 4800), ==, GST_FLOW_OK);
  cv_test_listener_wait (listener, 4);
  g_assert_cmpfloat (cv_test_listener_level (listener, 1000, 1920), >, -20);

  release_pad (self, pad);
  fall_silent (self, speaker);
  cv_test_listener_wait (listener, 30);
  for (guint i = 0; i < CV_TEST_HALF_SECOND; i++)
    g_assert_cmpint (listener->heard[i], ==, 0);
  cv_test_listener_free (listener);
}

static void
test_bursts (Fixture *self, gconstpointer unused)
{
  GstPad *pad = hold_pad (self, "sink_0");
  CvTestListener *listener = listen (self, "src_1");
  play (self);
  gsize at = 0;
  for (guint k = 0; k < 12; k++) { /* 100 ms at once */
    for (guint i = 0; i < 5; i++, at += CV_MIX_FRAME)
      push_tone (pad, 1000, 0.2, at, CV_MIX_FRAME);
    cv_test_listener_wait (listener, 5);
  }
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, 1000, CV_TEST_HALF_SECOND), -14, 3);
  /* Seconds at once: 120 ms of it are kept, and it does not block. */
  guint64 dropped = 0;
  g_autoptr (GstPad) sink = gst_pad_get_peer (pad);
  push_tone (pad, 1000, 0.2, 0, 48000 * 4);
  g_object_get (sink, "dropped", &dropped, NULL);
  g_assert_cmpuint (dropped, >=, 48000 * 4 - 6 * CV_MIX_FRAME);
  gst_pad_push_event (pad, gst_event_new_gap (0, GST_CLOCK_TIME_NONE));
  gst_pad_push_event (pad, gst_event_new_gap (0, 20 * GST_MSECOND));
  cv_test_listener_wait (listener, ANSWER_FRAMES);
  g_assert_cmpfloat (cv_test_listener_level (listener, 1000, 4800), <, -60);
  release_pad (self, pad);
  cv_test_listener_free (listener);
}

static void
test_loudest (Fixture *self, gconstpointer unused)
{
  GstElement *speakers[5];
  g_object_set (self->mixer, "loudest", 2, NULL);
  for (guint i = 0; i < 5; i++)
    speakers[i] = speak (self, i, 0.02 * (1 << i));
  CvTestListener *whole = listen (self, "src_50"), *loud = listen (self, "src_4"), *quiet = listen (self, "src_0");
  play (self);
  cv_test_listener_wait (whole, 60);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat (cv_test_listener_level (whole, tone_of (i), CV_TEST_HALF_SECOND), <, -60);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (whole, tone_of (3), CV_TEST_HALF_SECOND), -15.9, 0.5);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (whole, tone_of (4), CV_TEST_HALF_SECOND), -9.9, 0.5);
  g_assert_cmpfloat (cv_test_listener_level (loud, tone_of (4), CV_TEST_HALF_SECOND), <, -60);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (quiet, tone_of (4), CV_TEST_HALF_SECOND), -9.9, 0.5);

  /* A spotlight. */
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->mixer, "sink_1");
  gboolean always = FALSE;
  g_object_set (pad, "always", TRUE, NULL);
  g_object_get (pad, "always", &always, NULL);
  g_assert_true (always);
  cv_test_listener_wait (whole, 30);
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (whole, tone_of (1), CV_TEST_HALF_SECOND), -28, 0.5);
  g_assert_cmpfloat (cv_test_listener_level (whole, tone_of (3), CV_TEST_HALF_SECOND), <, -60);
  for (guint i = 0; i < 5; i++)
    fall_silent (self, speakers[i]);
  cv_test_listener_free (whole);
  cv_test_listener_free (loud);
  cv_test_listener_free (quiet);
}

static void
test_states (Fixture *self, gconstpointer unused)
{
  GstElement *speaker = speak (self, 0, 0.2);
  CvTestListener *listener = listen (self, "src_1");
  for (guint i = 0; i < 3; i++) {
    play (self);
    cv_test_listener_wait (listener, 10);
    gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
    g_usleep (50000);
    guint64 frames = cv_test_listener_count (listener);
    g_usleep (100000);
    g_assert_cmpuint (cv_test_listener_count (listener), ==, frames);
    play (self);
    cv_test_listener_wait (listener, 30);
    g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, tone_of (0), 9600), -14, 0.5);
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  }
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  GstClockTime least = 0;
  gboolean live = FALSE;
  g_assert_true (gst_pad_query (listener->pad, query));
  gst_query_parse_latency (query, &live, &least, NULL);
  g_assert_true (live);
  g_assert_cmpuint (least, ==, 20 * GST_MSECOND);
  fall_silent (self, speaker);
  cv_test_listener_free (listener);
}

static void
test_pads (Fixture *self, gconstpointer unused)
{
  static const char *const bad[] = { "sink_x", "sink_-1", "sink_4294967296", "sink_7" };
  g_autoptr (GstPad) seven = gst_element_request_pad_simple (self->mixer, "sink_7");
  g_autoptr (GstPad) zero = gst_element_request_pad_simple (self->mixer, "sink_%u");
  g_assert_cmpstr (GST_PAD_NAME (zero), ==, "sink_0");
  GstPadTemplate *template = gst_element_get_pad_template (self->mixer, "sink_%u");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (GST_ELEMENT_GET_CLASS (self->mixer)->request_new_pad (self->mixer, template, bad[i], NULL));

  GstPad *pads[CV_MIXER_MAX_PADS];
  for (guint i = 0; i < CV_MIXER_MAX_PADS; i++) {
    pads[i] = gst_element_request_pad_simple (self->mixer, "src_%u");
    g_assert_nonnull (pads[i]);
  }
  g_assert_null (gst_element_request_pad_simple (self->mixer, "src_%u"));
  CvTestListener *listener = NULL;
  gst_element_release_request_pad (self->mixer, pads[0]);
  gst_object_unref (pads[0]);
  listener = listen (self, "src_0");
  play (self);
  cv_test_listener_wait (listener, 5); /* that the others are linked to nothing is no matter */
  for (guint i = 1; i < CV_MIXER_MAX_PADS; i++) {
    gst_element_release_request_pad (self->mixer, pads[i]);
    gst_object_unref (pads[i]);
  }
  cv_test_listener_free (listener);
  gst_element_release_request_pad (self->mixer, seven);
  gst_element_release_request_pad (self->mixer, zero);
}

static guint
count_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;
  while (g_dir_read_name (tasks) != NULL)
    n++;
  return n;
}

static void
on_gone (gpointer user_data, GObject *where_it_was)
{
  (*(guint *) user_data)++;
}

static void
come_and_go (Fixture *self, guint number, guint *gone)
{
  g_autofree char *name = g_strdup_printf ("src_%u", number);
  GstElement *speaker = speak (self, number, 0.1);
  CvTestListener *listener = listen (self, name);
  g_autofree char *own = g_strdup_printf ("sink_%u", number);
  GstPad *pad = gst_element_get_static_pad (self->mixer, own);
  g_object_weak_ref (G_OBJECT (pad), on_gone, gone);
  g_object_weak_ref (G_OBJECT (listener->pad), on_gone, gone);
  gst_object_unref (pad);
  cv_test_listener_wait (listener, 1);
  if (number % 2 == 0) {
    cv_test_listener_free (listener);
    fall_silent (self, speaker);
  } else {
    fall_silent (self, speaker);
    cv_test_listener_free (listener);
  }
}

static void
test_cycles (Fixture *self, gconstpointer unused)
{
  guint gone = 0;
  GstElement *speaker = speak (self, 1000, 0.1);
  CvTestListener *whole = listen (self, "src_2000");
  play (self);
  cv_test_listener_wait (whole, 20);
  guint threads = count_threads ();
  for (guint i = 0; i < 100; i++)
    come_and_go (self, i, &gone);
  g_assert_cmpuint (gone, ==, 200);
  g_assert_cmpuint (self->mixer->numpads, ==, 2);
  /* Threads that have nothing to do are kept for a while, by GLib: fewer than came. */
  for (guint i = 0; i < 100 && count_threads () > threads; i++)
    g_usleep (20000);
  g_assert_cmpuint (count_threads (), <=, threads + 2);
  cv_test_listener_wait (whole, 2);
  fall_silent (self, speaker);
  cv_test_listener_free (whole);
}

#define TEST(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  cv_mixer_register ();
  TEST ("/mixer/mix-minus", test_mix_minus);
  TEST ("/mixer/full-scale", test_full_scale);
  TEST ("/mixer/join-and-leave", test_join_and_leave);
  TEST ("/mixer/torn-off", test_torn_off);
  TEST ("/mixer/end-of-one", test_end_of_one);
  TEST ("/mixer/bursts", test_bursts);
  TEST ("/mixer/loudest", test_loudest);
  TEST ("/mixer/states", test_states);
  TEST ("/mixer/pads", test_pads);
  TEST ("/mixer/cycles", test_cycles);
  return g_test_run ();
}
