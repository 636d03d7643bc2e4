/* A queue that stands is told from one that comes and goes. */
#include "media/backlog.h"

/* Packets 20 ms apart for a time; the largest backlog that was told. */
static gint64
run (CvBacklog *backlog, gint64 *now, guint ms, gint64 delay, gint64 every_tenth)
{
  gint64 most = 0;
  for (guint t = 0; t < ms; t += 20) {
    gint64 extra = t / 20 % 10 == 0 ? every_tenth : delay;
    *now += 20000;
    if (cv_backlog_add (backlog, *now, *now - 777 * G_USEC_PER_SEC + extra))
      most = MAX (most, backlog->standing);
  }
  return most;
}

static void
test_stands (void)
{
  CvBacklog backlog = { 0 };
  gint64 now = 800 * G_USEC_PER_SEC;
  g_assert_cmpint (run (&backlog, &now, 3000, 20000, 20000), ==, 0);
  g_assert_cmpint (run (&backlog, &now, 3000, 220000, 20000), ==, 0); /* empty now and then */
  g_assert_cmpint (run (&backlog, &now, 1200, 220000, 220000), ==, 200000);
  g_assert_cmpint (run (&backlog, &now, 3000, 20000, 20000), <=, 200000);
  g_assert_cmpint (run (&backlog, &now, 3000, 20000, 20000), ==, 0);
}

/* After half a minute the path is as it is; or at once where that is said. */
static void
test_accepted (void)
{
  CvBacklog backlog = { 0 };
  gint64 now = 800 * G_USEC_PER_SEC;
  run (&backlog, &now, 1000, 20000, 20000);
  g_assert_cmpint (run (&backlog, &now, 12000, 90000, 90000), ==, 70000);
  run (&backlog, &now, 20000, 90000, 90000);
  g_assert_cmpint (run (&backlog, &now, 10000, 90000, 90000), ==, 0);
  g_assert_cmpint (run (&backlog, &now, 2000, 150000, 150000), ==, 60000);
  cv_backlog_accept (&backlog);
  g_assert_cmpint (run (&backlog, &now, 2000, 150000, 150000), ==, 0);
}

/* The other's clock was set: it starts anew. */
static void
test_clock (void)
{
  CvBacklog backlog = { 0 };
  gint64 now = 800 * G_USEC_PER_SEC;
  run (&backlog, &now, 1000, 20000, 20000);
  now -= 500 * G_USEC_PER_SEC;
  g_assert_cmpint (run (&backlog, &now, 3000, 20000, 20000), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backlog/stands", test_stands);
  g_test_add_func ("/backlog/accepted", test_accepted);
  g_test_add_func ("/backlog/clock", test_clock);
  return g_test_run ();
}
