/* Who hears what, tick by tick on a clock that the test turns; and, on the real one, that nothing is left of who went. */
#include "media/mixer.h"

#include "lib/listener.h"
#include "lib/tone.h"
#include "rtp/mix.h"

#include <gst/check/gsttestclock.h>

#define REAL GINT_TO_POINTER (1)
#define TICK (20 * GST_MSECOND)
#define LONG_FRAMES 30 /* more than the half second that listeners keep, and the start of an input */

typedef struct {
  GstPad *pad; /* linked to the mixer's */
  double hertz;
  double amplitude;
  gsize at;
} Speaker;

typedef struct {
  GstElement *pipeline;
  GstElement *mixer;
  GstTestClock *clock; /* NULL: it is the real one */
  GPtrArray *speakers;
} Fixture;

static double
tone_of (guint number)
{
  return 310 + 100 * number; /* no whole number of periods in a frame */
}

static void
set_up (Fixture *self, gconstpointer real)
{
  self->pipeline = gst_pipeline_new (NULL);
  self->mixer = gst_element_factory_make ("cvmixer", "mixer");
  self->speakers = g_ptr_array_new ();
  g_assert_nonnull (self->mixer);
  gst_bin_add (GST_BIN (self->pipeline), self->mixer);
  if (real != NULL)
    return;
  self->clock = GST_TEST_CLOCK (gst_test_clock_new_with_start_time (GST_SECOND));
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), GST_CLOCK (self->clock));
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  cv_test_listener_assert_no_error (self->pipeline);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_assert_cmpuint (self->speakers->len, ==, 0);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (self->mixer), ==, 1);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (self->pipeline), ==, 1);
  gst_object_unref (self->pipeline);
  g_ptr_array_unref (self->speakers);
  g_clear_pointer (&self->clock, gst_object_unref);
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

static void
push_segment (GstPad *pad)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  g_assert_true (gst_pad_push_event (pad, gst_event_new_segment (&segment)));
}

static Speaker *
speak (Fixture *self, guint number, double amplitude)
{
  Speaker *speaker = g_new0 (Speaker, 1);
  g_autofree char *name = g_strdup_printf ("sink_%u", number);
  g_autoptr (GstCaps) caps = gst_caps_from_string (CV_MIXER_CAPS);
  g_autoptr (GstPad) sink = gst_element_request_pad_simple (self->mixer, name);
  *speaker = (Speaker){ gst_pad_new (NULL, GST_PAD_SRC), tone_of (number), amplitude, 0 };
  gst_pad_set_active (speaker->pad, TRUE);
  g_assert_cmpint (gst_pad_link (speaker->pad, sink), ==, GST_PAD_LINK_OK);
  g_assert_true (gst_pad_push_event (speaker->pad, gst_event_new_stream_start (name)));
  g_assert_true (gst_pad_push_event (speaker->pad, gst_event_new_caps (caps)));
  push_segment (speaker->pad);
  g_ptr_array_add (self->speakers, speaker);
  return speaker;
}

static void
leave (Fixture *self, Speaker *speaker)
{
  g_autoptr (GstPad) sink = gst_pad_get_peer (speaker->pad);
  g_assert_true (g_ptr_array_remove (self->speakers, speaker));
  gst_element_release_request_pad (self->mixer, sink);
  gst_pad_set_active (speaker->pad, FALSE);
  gst_object_unref (speaker->pad);
  g_free (speaker);
}

static void
leave_all (Fixture *self)
{
  while (self->speakers->len > 0)
    leave (self, g_ptr_array_index (self->speakers, 0));
}

static GstFlowReturn
say (Speaker *self, guint frames)
{
  gsize n = frames * CV_MIX_FRAME;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 2, NULL);
  GstMapInfo map;
  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  cv_test_tone_write ((gint16 *) (gpointer) map.data, n, self->hertz, self->amplitude, self->at);
  gst_buffer_unmap (buffer, &map);
  self->at += n;
  return gst_pad_push (self->pad, buffer);
}

/* The next tick, from when the mixer waits for it until it waits for the one after. */
static void
tick (Fixture *self)
{
  g_assert_true (gst_test_clock_crank (self->clock));
  gst_test_clock_wait_for_next_pending_id (self->clock, NULL);
}

static void
wait_in_silence (Fixture *self, guint ticks)
{
  for (guint i = 0; i < ticks; i++)
    tick (self);
}

/* Everybody says 20 ms in each of these ticks. */
static void
converse (Fixture *self, guint ticks)
{
  for (guint i = 0; i < ticks; i++) {
    for (guint j = 0; j < self->speakers->len; j++)
      g_assert_cmpint (say (g_ptr_array_index (self->speakers, j), 1), ==, GST_FLOW_OK);
    tick (self);
  }
}

static void
assert_level (CvTestListener *listener, guint number, double expected)
{
  double level = cv_test_listener_level (listener, tone_of (number), CV_TEST_HALF_SECOND);
  g_assert_cmpfloat_with_epsilon (level, expected, 0.3);
}

static void
assert_absent (CvTestListener *listener, guint number)
{
  g_assert_cmpfloat (cv_test_listener_level (listener, tone_of (number), CV_TEST_HALF_SECOND), <, -70);
}

/* ---- Who hears what ---- */

#define ALL 4

static void
test_mix_minus (Fixture *self, gconstpointer unused)
{
  CvTestListener *listeners[ALL];
  for (guint i = 0; i < ALL; i++) {
    g_autofree char *pad = g_strdup_printf ("src_%u", i);
    speak (self, i, 0.1);
    listeners[i] = listen (self, pad);
  }
  CvTestListener *whole = listen (self, "src_99");
  play (self);
  converse (self, LONG_FRAMES);
  for (guint i = 0; i < ALL; i++)
    for (guint j = 0; j < ALL; j++)
      if (i == j)
        assert_absent (listeners[i], j);
      else
        assert_level (listeners[i], j, -20);
  for (guint j = 0; j < ALL; j++)
    assert_level (whole, j, -20);
  g_assert_cmpuint (whole->joints, ==, 0);
  g_assert_cmpuint (cv_test_listener_count (whole), ==, LONG_FRAMES);

  double loudness = 0;
  gboolean heard = FALSE;
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->mixer, "sink_2");
  g_object_get (pad, "level", &loudness, "heard", &heard, NULL);
  g_assert_cmpfloat_with_epsilon (loudness, -23, 0.3);
  g_assert_true (heard);
  leave_all (self);
  for (guint i = 0; i < ALL; i++)
    cv_test_listener_free (listeners[i]);
  cv_test_listener_free (whole);
}

/* Twenty at full scale, all of them in the mix: what comes out is their sum made smaller, for each without the own. */
static void
test_full_scale (Fixture *self, gconstpointer unused)
{
  g_object_set (self->mixer, "loudest", 20, NULL);
  for (guint i = 0; i < 20; i++)
    speak (self, i, 1);
  CvTestListener *own = listen (self, "src_3"), *whole = listen (self, "src_50");
  play (self);
  converse (self, 2 * LONG_FRAMES);
  for (guint i = 0; i < 20; i++) {
    g_assert_cmpfloat (cv_test_listener_level (whole, tone_of (i), CV_TEST_HALF_SECOND), >, -28);
    if (i != 3)
      g_assert_cmpfloat (cv_test_listener_level (own, tone_of (i), CV_TEST_HALF_SECOND), >, -28);
  }
  /* What the moving gain leaves there of its neighbours, and not the tone itself. */
  g_assert_cmpfloat (cv_test_listener_level (own, tone_of (3), CV_TEST_HALF_SECOND), <, -45);
  g_assert_cmpint (cv_test_listener_step (whole), <, 25000);
  leave_all (self);
  cv_test_listener_free (own);
  cv_test_listener_free (whole);
}

/* A loud voice comes and goes: what its own listener hears stays as it is, and is again what all hear afterwards. */
static void
test_own_limiter (Fixture *self, gconstpointer unused)
{
  CvTestListener *own = listen (self, "src_1"), *whole = listen (self, "src_50");
  speak (self, 0, 0.2);
  play (self);
  converse (self, LONG_FRAMES);
  Speaker *loud = speak (self, 1, 1);
  converse (self, LONG_FRAMES);
  assert_level (own, 0, -14);
  assert_level (whole, 0, -16.5);
  g_assert_cmpint (cv_test_listener_step (own), <, 400);
  leave (self, loud);
  converse (self, 2 * LONG_FRAMES);
  assert_level (own, 0, -14);
  assert_level (whole, 0, -14);
  for (guint i = 0; i < CV_TEST_HALF_SECOND; i++)
    g_assert_cmpint (own->heard[i], ==, whole->heard[i]);
  leave_all (self);
  cv_test_listener_free (own);
  cv_test_listener_free (whole);
}

static void
test_loudest (Fixture *self, gconstpointer unused)
{
  guint loudest = 0;
  g_object_set (self->mixer, "loudest", 2, NULL);
  g_object_get (self->mixer, "loudest", &loudest, NULL);
  g_assert_cmpuint (loudest, ==, 2);
  for (guint i = 0; i < 5; i++)
    speak (self, i, 0.02 * (1 << i));
  CvTestListener *whole = listen (self, "src_50"), *loud = listen (self, "src_4"), *quiet = listen (self, "src_0");
  play (self);
  converse (self, 2 * LONG_FRAMES);
  for (guint i = 0; i < 3; i++)
    assert_absent (whole, i);
  assert_level (whole, 3, -15.9);
  assert_level (whole, 4, -9.9);
  assert_absent (loud, 4);
  assert_level (quiet, 4, -9.9);

  /* A spotlight. */
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->mixer, "sink_1");
  gboolean always = FALSE;
  g_object_set (pad, "always", TRUE, NULL);
  g_object_get (pad, "always", &always, NULL);
  g_assert_true (always);
  converse (self, LONG_FRAMES);
  assert_level (whole, 1, -28);
  assert_absent (whole, 3);
  leave_all (self);
  cv_test_listener_free (whole);
  cv_test_listener_free (loud);
  cv_test_listener_free (quiet);
}

/* ---- Coming and going ---- */

static void
test_join_and_leave (Fixture *self, gconstpointer unused)
{
  Speaker *first = speak (self, 0, 0.2);
  CvTestListener *listener = listen (self, "src_9");
  play (self);
  converse (self, LONG_FRAMES);
  assert_level (listener, 0, -14);
  assert_absent (listener, 1);

  speak (self, 1, 0.2);
  CvTestListener *late = listen (self, "src_1");
  converse (self, LONG_FRAMES);
  assert_level (listener, 0, -14);
  assert_level (listener, 1, -14);
  assert_level (late, 0, -14);
  assert_absent (late, 1);

  leave (self, first);
  converse (self, LONG_FRAMES);
  g_assert_cmpfloat (cv_test_listener_level (listener, tone_of (0), CV_TEST_HALF_SECOND), <, -90);
  assert_level (listener, 1, -14);
  g_assert_cmpuint (listener->joints, ==, 0);
  cv_test_listener_free (late);
  converse (self, 1);
  leave_all (self);
  cv_test_listener_free (listener);
}

/* In the middle of its wave, and without a click. */
static void
test_torn_off (Fixture *self, gconstpointer unused)
{
  CvTestListener *listener = listen (self, "src_9");
  play (self);
  for (guint i = 0; i < 3; i++) {
    Speaker *speaker = speak (self, 7, 0.5);
    say (speaker, 3);
    wait_in_silence (self, 2);
    leave (self, speaker);
    wait_in_silence (self, 2);
    g_assert_cmpfloat (cv_test_listener_level (listener, tone_of (7), 4 * CV_MIX_FRAME), >, -20);
    g_assert_cmpint (cv_test_listener_step (listener), <, 2600);
  }
  cv_test_listener_free (listener);
}

/* The end of one, a flush of it, and silence. */
static void
test_end_of_one (Fixture *self, gconstpointer unused)
{
  speak (self, 0, 0.2);
  Speaker *ending = speak (self, 1, 0.2);
  CvTestListener *listener = listen (self, "src_9");
  play (self);
  converse (self, LONG_FRAMES);
  gst_pad_push_event (ending->pad, gst_event_new_eos ());
  g_assert_cmpint (say (ending, 1), ==, GST_FLOW_EOS);
  g_ptr_array_remove (self->speakers, ending);
  converse (self, LONG_FRAMES);
  assert_level (listener, 0, -14);
  assert_absent (listener, 1);

  gst_pad_push_event (ending->pad, gst_event_new_flush_start ());
  g_assert_cmpint (say (ending, 1), ==, GST_FLOW_FLUSHING);
  gst_pad_push_event (ending->pad, gst_event_new_flush_stop (TRUE));
  push_segment (ending->pad);
  g_ptr_array_add (self->speakers, ending);
  converse (self, LONG_FRAMES);
  assert_level (listener, 1, -14);

  /* What was queued is gone with a flush. */
  say (ending, 4);
  gst_pad_push_event (ending->pad, gst_event_new_flush_start ());
  gst_pad_push_event (ending->pad, gst_event_new_flush_stop (TRUE));
  leave (self, g_ptr_array_index (self->speakers, 0));
  wait_in_silence (self, LONG_FRAMES);
  for (guint i = 0; i < CV_TEST_HALF_SECOND; i++)
    g_assert_cmpint (listener->heard[i], ==, 0);
  leave_all (self);
  cv_test_listener_free (listener);
}

/* ---- Late, in bursts, too much ---- */

static void
test_bursts (Fixture *self, gconstpointer unused)
{
  Speaker *speaker = speak (self, 0, 0.2);
  CvTestListener *listener = listen (self, "src_1");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->mixer, "sink_0");
  guint64 dropped = 0;
  play (self);
  for (guint k = 0; k < 8; k++) { /* 100 ms at once */
    say (speaker, 5);
    wait_in_silence (self, 5);
  }
  assert_level (listener, 0, -14);

  for (guint k = 0; k < 40; k++) { /* every second one is a tick late */
    if (k % 2 == 1)
      say (speaker, 2);
    wait_in_silence (self, 1);
  }
  g_assert_cmpfloat_with_epsilon (cv_test_listener_level (listener, tone_of (0), CV_TEST_HALF_SECOND), -14, 3);

  /* Seconds at once: 120 ms of it are kept, and it does not block. */
  say (speaker, 200);
  g_object_get (sink, "dropped", &dropped, NULL);
  g_assert_cmpuint (dropped, >=, 194 * CV_MIX_FRAME);
  wait_in_silence (self, 7);
  gst_pad_push_event (speaker->pad, gst_event_new_gap (0, GST_CLOCK_TIME_NONE));
  gst_pad_push_event (speaker->pad, gst_event_new_gap (0, GST_SECOND)); /* silence, and no more than is kept either */
  say (speaker, 1);
  wait_in_silence (self, 5);
  g_assert_cmpfloat (cv_test_listener_level (listener, tone_of (0), 5 * CV_MIX_FRAME), <, -60);
  wait_in_silence (self, 1);
  g_assert_cmpfloat (cv_test_listener_level (listener, tone_of (0), CV_MIX_FRAME), >, -20);
  leave_all (self);
  cv_test_listener_free (listener);
}

/* The mixer itself is late: a little is caught up on, more is left out. */
static void
test_late_ticks (Fixture *self, gconstpointer unused)
{
  CvTestListener *listener = listen (self, "src_1");
  play (self);
  wait_in_silence (self, 10);
  gst_test_clock_advance_time (self->clock, 5 * TICK);
  wait_in_silence (self, 6);
  g_assert_cmpuint (listener->joints, ==, 0);
  g_assert_cmpuint (cv_test_listener_count (listener), ==, 16);
  gst_test_clock_advance_time (self->clock, 500 * TICK);
  wait_in_silence (self, 2);
  g_assert_cmpuint (listener->joints, ==, 1);
  cv_test_listener_free (listener);
}

/* ---- States and pads ---- */

static void
test_states (Fixture *self, gconstpointer unused)
{
  speak (self, 0, 0.2);
  CvTestListener *listener = listen (self, "src_1");
  for (guint i = 0; i < 3; i++) {
    play (self);
    converse (self, 10);
    gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
    guint64 frames = cv_test_listener_count (listener);
    gst_test_clock_advance_time (self->clock, GST_SECOND);
    g_usleep (30000);
    g_assert_cmpuint (cv_test_listener_count (listener), ==, frames);
    play (self);
    converse (self, LONG_FRAMES + 10);
    assert_level (listener, 0, -14);
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
    Speaker *speaker = g_ptr_array_index (self->speakers, 0);
    leave (self, speaker); /* it would have to begin anew as well */
    speak (self, 0, 0.2);
  }
  play (self);
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  GstClockTime least = 0;
  gboolean live = FALSE;
  g_assert_true (gst_pad_query (listener->pad, query));
  gst_query_parse_latency (query, &live, &least, NULL);
  g_assert_true (live);
  g_assert_cmpuint (least, ==, TICK);
  leave_all (self);
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

  GstPad *pads[CV_MIXER_MAX_PADS - 1];
  CvTestListener *listener = listen (self, "src_0");
  for (guint i = 0; i < G_N_ELEMENTS (pads); i++) {
    pads[i] = gst_element_request_pad_simple (self->mixer, "src_%u");
    g_assert_nonnull (pads[i]);
  }
  g_assert_null (gst_element_request_pad_simple (self->mixer, "src_%u"));
  play (self);
  wait_in_silence (self, 5); /* that the others are linked to nothing is no matter */
  g_assert_cmpuint (cv_test_listener_count (listener), ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (pads); i++) {
    gst_element_release_request_pad (self->mixer, pads[i]);
    gst_object_unref (pads[i]);
  }
  cv_test_listener_free (listener);
  gst_element_release_request_pad (self->mixer, seven);
  gst_element_release_request_pad (self->mixer, zero);
}

/* ---- On the real clock, with threads upstream ---- */

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

static GstElement *
start_source (Fixture *self, const char *pad)
{
  g_autoptr (GError) error = NULL;
  GstElement *source = gst_parse_bin_from_description (
    "audiotestsrc is-live=true samplesperbuffer=960 ! capsfilter caps=audio/x-raw,format=S16LE,rate=48000,channels=1",
    TRUE, &error);
  g_assert_no_error (error);
  gst_bin_add (GST_BIN (self->pipeline), source);
  g_assert_true (gst_element_link_pads (source, "src", self->mixer, pad));
  gst_element_sync_state_with_parent (source);
  return source;
}

static void
end_source (Fixture *self, GstElement *source)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (source, "src");
  g_autoptr (GstPad) pad = gst_pad_get_peer (src);
  gst_element_set_state (source, GST_STATE_NULL);
  gst_element_release_request_pad (self->mixer, pad);
  gst_bin_remove (GST_BIN (self->pipeline), source);
}

static void
come_and_go (Fixture *self, guint number, guint *gone)
{
  g_autofree char *out = g_strdup_printf ("src_%u", number), *in = g_strdup_printf ("sink_%u", number);
  GstElement *source = start_source (self, in);
  CvTestListener *listener = listen (self, out);
  GstPad *pad = gst_element_get_static_pad (self->mixer, in);
  g_object_weak_ref (G_OBJECT (pad), on_gone, gone);
  g_object_weak_ref (G_OBJECT (listener->pad), on_gone, gone);
  gst_object_unref (pad);
  if (number % 4 != 0)
    cv_test_listener_wait (listener, 1);
  if (number % 2 == 0) {
    cv_test_listener_free (listener);
    end_source (self, source);
  } else {
    end_source (self, source);
    cv_test_listener_free (listener);
  }
}

static void
test_cycles (Fixture *self, gconstpointer unused)
{
  guint gone = 0;
  GstElement *source = start_source (self, "sink_1000");
  CvTestListener *whole = listen (self, "src_2000");
  play (self);
  cv_test_listener_wait (whole, 10);
  guint threads = count_threads ();
  for (guint i = 0; i < 100; i++)
    come_and_go (self, i, &gone);
  cv_test_listener_wait (whole, 2);
  g_assert_cmpuint (gone, ==, 200);
  g_assert_cmpuint (self->mixer->numpads, ==, 2);
  /* GLib keeps a few threads that have nothing to do for a while: fewer than came. */
  for (guint i = 0; i < 500 && count_threads () > threads + 2; i++)
    g_usleep (20000);
  g_assert_cmpuint (count_threads (), <=, threads + 2);
  end_source (self, source);
  cv_test_listener_free (whole);
}

/* However close the end is to the beginning or to a tick. */
static void
test_quick_ends (Fixture *self, gconstpointer unused)
{
  CvTestListener *listener = listen (self, "src_0");
  for (guint i = 0; i < 300; i++) {
    play (self);
    if (i % 3 == 0)
      g_usleep (i * 70);
    if (i % 2 == 0)
      gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  }
  cv_test_listener_free (listener);
}

#define TEST(name, real, function) g_test_add (name, Fixture, real, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  cv_mixer_register ();
  TEST ("/mixer/mix-minus", NULL, test_mix_minus);
  TEST ("/mixer/full-scale", NULL, test_full_scale);
  TEST ("/mixer/own-limiter", NULL, test_own_limiter);
  TEST ("/mixer/loudest", NULL, test_loudest);
  TEST ("/mixer/join-and-leave", NULL, test_join_and_leave);
  TEST ("/mixer/torn-off", NULL, test_torn_off);
  TEST ("/mixer/end-of-one", NULL, test_end_of_one);
  TEST ("/mixer/bursts", NULL, test_bursts);
  TEST ("/mixer/late-ticks", NULL, test_late_ticks);
  TEST ("/mixer/states", NULL, test_states);
  TEST ("/mixer/pads", NULL, test_pads);
  TEST ("/mixer/quick-ends", REAL, test_quick_ends);
  TEST ("/mixer/cycles", REAL, test_cycles);
  return g_test_run ();
}
