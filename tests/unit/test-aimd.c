/* How the rate grows and falls. */
#include "media/aimd.h"

#define MS 1000

static CvAimdInput
input (CvTrendState trend, double bps)
{
  return (CvAimdInput){ trend, bps, bps, 50 * MS };
}

/* Runs for `ms` with all of the rate sent and come. */
static void
grow (CvAimd *aimd, gint64 *now, guint ms)
{
  for (guint t = 0; t < ms; t += 50) {
    CvAimdInput all = input (CV_TREND_NORMAL, aimd->rate);
    *now += 50 * MS;
    g_assert_false (cv_aimd_update (aimd, &all, *now));
  }
}

static void
test_grows (void)
{
  CvAimd aimd;
  gint64 now = G_USEC_PER_SEC;
  cv_aimd_init (&aimd, 1e6, 1e5, 3e6);
  grow (&aimd, &now, 50);
  g_assert_cmpfloat (aimd.rate, ==, 1e6); /* the first time tells nothing */
  grow (&aimd, &now, 1000);
  g_assert_cmpfloat_with_epsilon (aimd.rate, 1.08e6, 2000);
  grow (&aimd, &now, 60000);
  g_assert_cmpfloat (aimd.rate, ==, 3e6);
}

static void
test_falls (void)
{
  CvAimd aimd;
  gint64 now = G_USEC_PER_SEC;
  CvAimdInput over = input (CV_TREND_OVERUSE, 1e6);
  over.sent_bps = 1.2e6;
  cv_aimd_init (&aimd, 1.2e6, 1e5, 3e6);
  g_assert_true (cv_aimd_update (&aimd, &over, now));
  g_assert_cmpfloat_with_epsilon (aimd.rate, 845000, 1);
  /* once for each time that the path needs */
  over.acked_bps = 9e5;
  g_assert_false (cv_aimd_update (&aimd, &over, now + 20 * MS));
  over.acked_bps = 5e5;
  g_assert_true (cv_aimd_update (&aimd, &over, now + 60 * MS));
  /* unless it is far worse */
  over.acked_bps = 1e5;
  g_assert_true (cv_aimd_update (&aimd, &over, now + 65 * MS));
  g_assert_cmpfloat (aimd.rate, ==, 1e5);
  over.acked_bps = -1;
  cv_aimd_set (&aimd, 1e6, now);
  g_assert_true (cv_aimd_update (&aimd, &over, now + 600 * MS));
  g_assert_cmpfloat (aimd.rate, ==, 5e5);
}

/* Near what the path took it grows by packets and no more by percents; when it takes much more, by percents again. */
static void
test_capacity (void)
{
  CvAimd aimd;
  gint64 now = G_USEC_PER_SEC;
  CvAimdInput over = input (CV_TREND_OVERUSE, 3e6);
  cv_aimd_init (&aimd, 3e6, 1e5, 9e6);
  cv_aimd_update (&aimd, &over, now);
  double before = aimd.rate;
  grow (&aimd, &now, 50);
  g_assert_cmpfloat (aimd.rate, ==, before); /* the queue empties first */
  grow (&aimd, &now, 1000);
  g_assert_cmpfloat (aimd.rate - before, >, 30000);
  g_assert_cmpfloat (aimd.rate - before, <, 80000);
  cv_aimd_set (&aimd, 5e6, now);
  before = aimd.rate;
  grow (&aimd, &now, 1000);
  g_assert_cmpfloat (aimd.rate - before, >, 300000);
}

static void
test_holds (void)
{
  CvAimd aimd;
  gint64 now = G_USEC_PER_SEC;
  CvAimdInput under = input (CV_TREND_UNDERUSE, 1e6), little = input (CV_TREND_NORMAL, 1e5);
  cv_aimd_init (&aimd, 1e6, 1e5, 3e6);
  for (guint i = 0; i < 100; i++)
    cv_aimd_update (&aimd, &under, now += 50 * MS);
  g_assert_cmpfloat (aimd.rate, ==, 1e6);
  /* who sends little does not learn that more would pass */
  for (guint i = 0; i < 100; i++)
    cv_aimd_update (&aimd, &little, now += 50 * MS);
  g_assert_cmpfloat (aimd.rate, ==, 1e6);
  /* and is not thrown back to that little */
  little.trend = CV_TREND_OVERUSE;
  g_assert_true (cv_aimd_update (&aimd, &little, now));
  g_assert_cmpfloat_with_epsilon (aimd.rate, 7e5, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aimd/grows", test_grows);
  g_test_add_func ("/aimd/falls", test_falls);
  g_test_add_func ("/aimd/capacity", test_capacity);
  g_test_add_func ("/aimd/holds", test_holds);
  return g_test_run ();
}
