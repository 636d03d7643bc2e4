/* When frames happened: jitter does not show, breaks do. */
#include "media/timeline.h"

#define MS 1000
#define CLOCK 48000
#define STEP 960 /* 20 ms */

/* `n` packets, 20 ms apart from `at` on, each delayed by what `delay` says for it. */
static void
arrive (CvTimeline *timeline, guint32 *timestamp, gint64 at, guint n, gint64 first_delay, gint64 delay)
{
  for (guint i = 0; i < n; i++, *timestamp += STEP)
    cv_timeline_arrive (timeline, *timestamp, at + i * 20 * MS + (i == 0 ? first_delay : i % 7 == 3 ? 0 : delay));
}

/* The first packet is late, and so are most: time is that of the one that was not. */
static void
test_jitter (void)
{
  CvTimeline timeline;
  guint32 timestamp = 0xffffff00; /* wraps */
  cv_timeline_init (&timeline, CLOCK);
  arrive (&timeline, &timestamp, 1000 * MS, 10, 80 * MS, 30 * MS);
  g_assert_false (timeline.settled);
  g_assert_false (cv_timeline_is_settled (&timeline, 1200 * MS));
  g_assert_true (cv_timeline_is_settled (&timeline, 1400 * MS));
  g_assert_cmpint (cv_timeline_get (&timeline, 0xffffff00), ==, 1000 * MS);
  g_assert_cmpint (cv_timeline_get (&timeline, 0xffffff00 + STEP), ==, 1020 * MS);
  /* From now on it is the stream's clock, whatever comes. */
  arrive (&timeline, &timestamp, 1200 * MS, 100, 200 * MS, 100 * MS);
  g_assert_cmpint (cv_timeline_get (&timeline, timestamp), ==, 3200 * MS);
}

static void
test_drift (void)
{
  CvTimeline timeline;
  guint32 timestamp = 5;
  cv_timeline_init (&timeline, CLOCK);
  for (guint i = 0; i < 50000; i++, timestamp += STEP) /* 100 ppm for a quarter of an hour */
    cv_timeline_arrive (&timeline, timestamp, i * 20 * MS + i * 2);
  g_assert_cmpint (cv_timeline_get (&timeline, timestamp), ==, G_GINT64_CONSTANT (50000) * 20 * MS);
}

/* Nothing came for 10 s, and the timestamps say nothing of it. */
static void
test_pause (void)
{
  CvTimeline timeline;
  guint32 timestamp = 0;
  cv_timeline_init (&timeline, CLOCK);
  arrive (&timeline, &timestamp, 0, 50, 0, 5 * MS);
  guint32 first = timestamp;
  arrive (&timeline, &timestamp, 11000 * MS, 10, 30 * MS, 30 * MS);
  g_assert_false (timeline.settled);
  arrive (&timeline, &timestamp, 11200 * MS, 40, 0, 5 * MS);
  g_assert_true (timeline.settled);
  g_assert_cmpint (cv_timeline_get (&timeline, first), ==, 11000 * MS);
}

/* One picture now and then, as of a screen where nothing moves: its time is not that of its delay. */
static void
test_seldom (void)
{
  CvTimeline timeline;
  cv_timeline_init (&timeline, CLOCK);
  for (guint i = 0; i < 20; i++) {
    cv_timeline_arrive (&timeline, i * 3 * CLOCK, i * 3000 * MS + (i % 2) * 60 * MS);
    cv_timeline_is_settled (&timeline, i * 3000 * MS + 1000 * MS);
    g_assert_cmpint (cv_timeline_get (&timeline, i * 3 * CLOCK), ==, i * 3000 * MS);
  }
}

/* Nothing came for 2 s, then all of it at once: the path stood still, not the stream. */
static void
test_stall (void)
{
  CvTimeline timeline;
  guint32 timestamp = 0;
  cv_timeline_init (&timeline, CLOCK);
  arrive (&timeline, &timestamp, 0, 50, 0, 0);
  guint32 first = timestamp;
  for (guint i = 0; i < 100; i++, timestamp += STEP)
    cv_timeline_arrive (&timeline, timestamp, 3000 * MS + i);
  arrive (&timeline, &timestamp, 3000 * MS, 50, 10 * MS, 10 * MS);
  g_assert_true (timeline.settled);
  g_assert_cmpint (cv_timeline_get (&timeline, first), ==, 1000 * MS);
}

/* A clock that runs at twice the pace does not lead anywhere. */
static void
test_runs_away (void)
{
  CvTimeline timeline;
  guint32 timestamp = 0;
  cv_timeline_init (&timeline, CLOCK);
  for (guint i = 0; i < 3000; i++, timestamp += 2 * STEP) {
    cv_timeline_arrive (&timeline, timestamp, i * 20 * MS);
    g_assert_cmpint (ABS (cv_timeline_get (&timeline, timestamp) - (gint64) i * 20 * MS), <, 4000 * MS);
  }
}

static void
test_follow (void)
{
  CvTimeline low, high;
  guint32 timestamp = 70000, other = 3000000000u;
  gint64 ntp = G_GINT64_CONSTANT (4000000000) * G_USEC_PER_SEC;
  cv_timeline_init (&low, CLOCK);
  cv_timeline_init (&high, CLOCK);
  g_assert_false (cv_timeline_follow (&high, other, ntp, &low, timestamp, ntp));
  arrive (&low, &timestamp, 0, 50, 0, 0);
  arrive (&high, &other, 0, 10, 40 * MS, 35 * MS);
  /* Reports that were made at one moment, 1 s after the beginning; arrivals say 40 ms later. */
  g_assert_true (cv_timeline_follow (&high, 3000000000u + CLOCK / 2, ntp, &low, 70000 + CLOCK, ntp + 500 * MS));
  g_assert_true (high.settled);
  g_assert_cmpint (cv_timeline_get (&high, 3000000000u), ==, 0);
  /* One that lies. */
  g_assert_false (cv_timeline_follow (&high, 3000000000u, ntp + 5000 * MS, &low, 70000, ntp));
  g_assert_cmpint (cv_timeline_get (&high, 3000000000u), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timeline/jitter", test_jitter);
  g_test_add_func ("/timeline/drift", test_drift);
  g_test_add_func ("/timeline/pause", test_pause);
  g_test_add_func ("/timeline/seldom", test_seldom);
  g_test_add_func ("/timeline/stall", test_stall);
  g_test_add_func ("/timeline/runs-away", test_runs_away);
  g_test_add_func ("/timeline/follow", test_follow);
  return g_test_run ();
}
