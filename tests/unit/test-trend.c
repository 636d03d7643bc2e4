/* A queue that grows is overuse, one that empties underuse; jitter, bursts and drifting clocks are neither. */
#include "media/trend.h"

/* Sends `n` packets 10 ms apart, each of which takes `grow_us` longer than the one before, give or take a jitter. */
static guint
send (CvTrend *trend, gint64 *now, gint64 *delay, guint n, gint64 grow_us, gint64 jitter_us)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint overuses = 0;
  for (guint i = 0; i < n; i++) {
    gint64 jitter = jitter_us == 0 ? 0 : g_rand_int_range (rand, 0, (gint32) jitter_us);
    *now += 10000;
    *delay += grow_us;
    overuses += cv_trend_add (trend, *now, *now + *delay + jitter) == CV_TREND_OVERUSE;
  }
  return overuses;
}

static void
test_grows (void)
{
  CvTrend trend;
  gint64 now = 0, delay = 20000;
  cv_trend_init (&trend);
  g_assert_cmpuint (send (&trend, &now, &delay, 200, 0, 0), ==, 0);
  g_assert_cmpuint (send (&trend, &now, &delay, 5, 2000, 0), ==, 0);
  g_assert_cmpuint (send (&trend, &now, &delay, 25, 2000, 0), >, 0);
  g_assert_cmpint (trend.state, ==, CV_TREND_OVERUSE);
  send (&trend, &now, &delay, 60, -500, 0);
  g_assert_cmpint (trend.state, ==, CV_TREND_UNDERUSE);
  g_assert_cmpuint (send (&trend, &now, &delay, 200, 0, 0), ==, 0);
  g_assert_cmpint (trend.state, ==, CV_TREND_NORMAL);
}

static void
test_drift (void)
{
  CvTrend trend;
  gint64 now = 0, delay = -(gint64) 5e9;
  cv_trend_init (&trend);
  g_assert_cmpuint (send (&trend, &now, &delay, 5000, 2, 0), ==, 0); /* 200 ppm */
}

static void
test_jitter (void)
{
  CvTrend trend;
  gint64 now = 0, delay = 20000;
  cv_trend_init (&trend);
  send (&trend, &now, &delay, 500, 0, 8000);
  g_assert_cmpuint (send (&trend, &now, &delay, 3000, 0, 8000), <=, 30);
  g_assert_cmpfloat (trend.threshold, >=, 6);
  g_assert_cmpuint (send (&trend, &now, &delay, 60, 3000, 8000), >, 0);
}

/* The threshold follows the path: who shares it with something that keeps filling queues is not starved. */
static void
test_adapts (void)
{
  CvTrend trend;
  gint64 now = 0, delay = 20000;
  cv_trend_init (&trend);
  g_assert_cmpuint (send (&trend, &now, &delay, 200, 0, 0), ==, 0);
  g_assert_cmpfloat (trend.threshold, <, 7);
  g_assert_cmpuint (send (&trend, &now, &delay, 100, 800, 0), >, 0);
  send (&trend, &now, &delay, 300, 800, 0);
  send (&trend, &now, &delay, 30, 600, 0);
  g_assert_cmpuint (send (&trend, &now, &delay, 30, 600, 0), ==, 0);
  g_assert_cmpfloat (trend.threshold, >, 13);
}

/* Packets that leave or come together are one group: what one of them waited for another is no trend. */
static void
test_bursts (void)
{
  CvTrend trend;
  cv_trend_init (&trend);
  for (gint64 frame = 0; frame < 300; frame++)
    for (gint64 i = 0; i < 8; i++)
      g_assert_cmpint (cv_trend_add (&trend, frame * 33000 + i * 200, frame * 33000 + 20000 + i * 3000), ==,
                       CV_TREND_NORMAL);
  cv_trend_init (&trend);
  for (gint64 i = 0; i < 3000; i++) /* a radio that sends each 40 ms */
    g_assert_cmpint (cv_trend_add (&trend, i * 8000, (i / 5 + 1) * 40000 + i % 5 * 100), ==, CV_TREND_NORMAL);
}

static void
test_silence (void)
{
  CvTrend trend;
  gint64 now = 0, delay = 20000;
  cv_trend_init (&trend);
  send (&trend, &now, &delay, 50, 0, 0);
  now += 10 * G_USEC_PER_SEC;
  delay += 500000; /* another path */
  g_assert_cmpuint (send (&trend, &now, &delay, 100, 0, 0), ==, 0);
}

/* Clocks that jump and packets that were overtaken break nothing, and the trend is found again. */
static void
test_jumps (void)
{
  CvTrend trend;
  gint64 now = 0, delay = 0;
  cv_trend_init (&trend);
  for (guint i = 0; i < 20; i++) {
    send (&trend, &now, &delay, 10, 0, 0);
    delay = i % 2 == 0 ? (gint64) 1 << 55 : -((gint64) 1 << 55);
    cv_trend_add (&trend, now - 50000, now);
  }
  send (&trend, &now, &delay, 50, 0, 0);
  g_assert_cmpuint (send (&trend, &now, &delay, 40, 3000, 0), >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trend/grows", test_grows);
  g_test_add_func ("/trend/drift", test_drift);
  g_test_add_func ("/trend/jitter", test_jitter);
  g_test_add_func ("/trend/adapts", test_adapts);
  g_test_add_func ("/trend/bursts", test_bursts);
  g_test_add_func ("/trend/silence", test_silence);
  g_test_add_func ("/trend/jumps", test_jumps);
  return g_test_run ();
}
