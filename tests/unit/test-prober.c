/* When a path is probed, and what is learnt from that. */
#include "media/prober.h"

#define SECOND G_USEC_PER_SEC

/* Sends a probe's packets over a path of that rate, on which they have `late_us` of jitter at the end. */
static double
send (CvProber *prober, const CvProbe *probe, double path_bps, guint n_lost)
{
  guint n = MAX (probe->packets_min, (guint) (probe->bps / 8e6 * (double) probe->duration_us / 1000));
  guint bytes = (guint) (probe->bps / 8e6 * (double) probe->duration_us / n) + 1;
  gint64 free_at = 0;
  for (guint i = 0; i < n; i++) {
    gint64 sent = 5 * SECOND + i * probe->duration_us / n;
    free_at = MAX (free_at, sent) + (gint64) (bytes * 8e6 / path_bps);
    if (i >= n_lost)
      cv_prober_add (prober, probe->number, bytes, sent, free_at + 77 * SECOND);
  }
  return cv_prober_get_result (prober, probe->number);
}

static void
test_first (void)
{
  CvProber prober;
  CvProbe probe;
  gint64 now = SECOND;
  cv_prober_init (&prober, 8e6);
  g_assert_true (cv_prober_take (&prober, 5e5, now, &probe));
  g_assert_cmpuint (probe.number, ==, 1);
  g_assert_cmpuint (probe.bps, ==, 1500000);
  g_assert_false (cv_prober_take (&prober, 5e5, now + 1000, &probe)); /* one after the other */
  g_assert_true (cv_prober_take (&prober, 5e5, now + 60000, &probe));
  g_assert_cmpuint (probe.bps, ==, 3000000);
  g_assert_false (cv_prober_take (&prober, 5e5, now + 3 * SECOND, &probe));
  g_assert_true (cv_prober_take (&prober, 5e5, now + 5 * SECOND, &probe));
  g_assert_cmpuint (probe.bps, ==, 1000000);
  cv_prober_succeeded (&prober, 9e5);
  g_assert_true (cv_prober_take (&prober, 9e5, now + 6 * SECOND, &probe));
  g_assert_cmpuint (probe.bps, ==, 1800000);
}

static void
test_limit (void)
{
  CvProber prober;
  CvProbe probe;
  cv_prober_init (&prober, 1e6);
  g_assert_false (cv_prober_take (&prober, 1e6, SECOND, &probe));
  g_assert_true (cv_prober_take (&prober, 5e5, SECOND, &probe));
  g_assert_cmpuint (probe.bps, ==, 1000000);
  cv_prober_set_limit (&prober, 5e5);
  g_assert_false (cv_prober_take (&prober, 5e5, 20 * SECOND, &probe));
}

static void
test_recovery (void)
{
  CvProber prober;
  CvProbe probe;
  cv_prober_init (&prober, 8e6);
  while (cv_prober_take (&prober, 1e6, SECOND, &probe) || prober.n_pending > 0)
    prober.busy_until = 0;
  cv_prober_fell (&prober, 1e6, 8e5, SECOND); /* no fall to speak of */
  g_assert_false (cv_prober_take (&prober, 8e5, SECOND * 5 / 2, &probe));
  cv_prober_fell (&prober, 2e6, 5e5, SECOND);
  cv_prober_fell (&prober, 5e5, 3e5, SECOND + 1);
  cv_prober_hold (&prober, SECOND * 3 / 2);
  g_assert_false (cv_prober_take (&prober, 3e5, SECOND * 2 + 1000, &probe));
  g_assert_true (cv_prober_take (&prober, 3e5, SECOND * 5 / 2, &probe));
  g_assert_cmpuint (probe.bps, ==, 1700000);
  g_assert_false (cv_prober_take (&prober, 3e5, SECOND * 3, &probe));
}

static void
test_results (void)
{
  CvProber prober;
  CvProbe probe;
  cv_prober_init (&prober, 8e6);
  g_assert_true (cv_prober_take (&prober, 1e6, SECOND, &probe));
  g_assert_cmpfloat (cv_prober_get_result (&prober, probe.number), <, 0);
  g_assert_cmpfloat_with_epsilon (send (&prober, &probe, 50e6, 0), 3e6, 1e5);
  g_assert_true (cv_prober_take (&prober, 1e6, 2 * SECOND, &probe));
  g_assert_cmpfloat_with_epsilon (send (&prober, &probe, 2e6, 0), 0.95 * 2e6, 1e5);
  /* too little came of it */
  g_assert_true (cv_prober_take (&prober, 1e6, 20 * SECOND, &probe));
  g_assert_cmpfloat (send (&prober, &probe, 50e6, 15), <, 0);
  /* numbers that are no probe's */
  cv_prober_add (&prober, 0, 1000, 1, 1);
  cv_prober_add (&prober, 200, 1000, 1, 1);
  g_assert_cmpfloat (cv_prober_get_result (&prober, 0), <, 0);
  g_assert_cmpfloat (cv_prober_get_result (&prober, 200), <, 0);
}

/* Packets that leave in lumps, or that were held back and came at once, do not show more than was tried. */
static void
test_lumps (void)
{
  CvProber prober;
  CvProbe probe;
  cv_prober_init (&prober, 8e6);
  g_assert_true (cv_prober_take (&prober, 2e5, SECOND, &probe));
  for (gint64 i = 0; i < 12; i++)
    cv_prober_add (&prober, probe.number, 400, i / 4 * 20000, i / 4 * 20000 + i % 4 * 10);
  g_assert_cmpfloat (cv_prober_get_result (&prober, probe.number), <=, probe.bps);
  g_assert_true (cv_prober_take (&prober, 2e5, 2 * SECOND, &probe));
  for (gint64 i = 0; i < 20; i++)
    cv_prober_add (&prober, probe.number, 400, i * 2000, i * 10);
  g_assert_cmpfloat (cv_prober_get_result (&prober, probe.number), <, 0);
}

/* Few packets, the first one of a picture and large, the last one small: what came is compared with what was sent, not with the
 * packets' sizes. */
static void
test_sizes (void)
{
  static const guint sizes[] = { 1100, 700, 700, 700, 300 };
  static const struct {
    gint64 every_us; /* as they come; they are sent every 12 ms */
    gboolean open;
    double low, high;
  } paths[] = { { 12000, TRUE, 420000, 480000 }, { 12900, TRUE, 420000, 480000 }, { 16000, FALSE, 310000, 360000 } };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    CvProber prober;
    CvProbe probe;
    cv_prober_init (&prober, 480000);
    g_assert_true (cv_prober_take (&prober, 240000, SECOND, &probe));
    g_assert_false (cv_prober_found_open (&prober, probe.number));
    for (gint64 k = 0; k < 5; k++)
      cv_prober_add (&prober, probe.number, sizes[k], k * 12000, k * paths[i].every_us);
    double result = cv_prober_get_result (&prober, probe.number);
    g_assert_cmpfloat (result, >=, paths[i].low);
    g_assert_cmpfloat (result, <=, paths[i].high);
    g_assert_cmpint (cv_prober_found_open (&prober, probe.number), ==, paths[i].open);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prober/first", test_first);
  g_test_add_func ("/prober/limit", test_limit);
  g_test_add_func ("/prober/recovery", test_recovery);
  g_test_add_func ("/prober/results", test_results);
  g_test_add_func ("/prober/lumps", test_lumps);
  g_test_add_func ("/prober/sizes", test_sizes);
  return g_test_run ();
}
