/* Jitter as reports have it, and timestamps that are anything. */
#include "rtp/interarrival.h"

#define CLOCK 8000
#define FRAME_US 20000
#define FRAME 160

static void
test_even (void)
{
  CvInterarrival jitter = { 0 };
  for (guint i = 0; i < 100; i++)
    cv_interarrival_add (&jitter, CLOCK, G_MAXUINT32 - 50 * FRAME + i * FRAME, (gint64) i * FRAME_US);
  g_assert_cmpuint (cv_interarrival_get (&jitter), ==, 0);
}

/* Each second packet is 5 ms late: that is what it settles at. */
static void
test_uneven (void)
{
  CvInterarrival jitter = { 0 };
  for (guint i = 0; i < 200; i++)
    cv_interarrival_add (&jitter, CLOCK, i * FRAME, (gint64) i * FRAME_US + (i % 2 == 0 ? 5000 : 0));
  g_assert_cmpuint (cv_interarrival_get (&jitter), >=, 38);
  g_assert_cmpuint (cv_interarrival_get (&jitter), <=, 40);
}

/* Steps of every size, half of what a timestamp can say among them, are new timelines. */
static void
test_new_timelines (void)
{
  static const guint32 steps[] = { 0x80000000, 0x80000001, 0x7fffffff, 10 * CLOCK, 0x80000000 };
  CvInterarrival jitter = { 0 };
  guint32 timestamp = 0;
  cv_interarrival_add (&jitter, CLOCK, timestamp, 0);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    cv_interarrival_add (&jitter, CLOCK, timestamp += steps[i], 0);
  g_assert_cmpuint (cv_interarrival_get (&jitter), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/interarrival/even", test_even);
  g_test_add_func ("/interarrival/uneven", test_uneven);
  g_test_add_func ("/interarrival/new-timelines", test_new_timelines);
  return g_test_run ();
}
