/* Asks for what is missing, a few times, and no longer than it matters. */
#include "media/nacks.h"

#define MS 1000

static CvNacks
start (guint64 top)
{
  CvNacks nacks = { 0 };
  g_assert_false (cv_nacks_received (&nacks, top, 0));
  return nacks;
}

static void
test_in_order (void)
{
  CvNacks nacks = start (65530);
  guint16 seqs[8];
  for (guint64 i = 65531; i < 65600; i++)
    g_assert_false (cv_nacks_received (&nacks, i, 0));
  g_assert_cmpuint (cv_nacks_take_due (&nacks, 0, 0, seqs, 8), ==, 0);
}

static void
test_gap (void)
{
  CvNacks nacks = start (65534);
  guint16 seqs[8];
  g_assert_true (cv_nacks_received (&nacks, 65538, 5 * MS));
  g_assert_true (cv_nacks_is_missing (&nacks, 65536));
  g_assert_cmpuint (cv_nacks_take_due (&nacks, 5 * MS, 30 * MS, seqs, 8), ==, 3);
  g_assert_cmpuint (seqs[0], ==, 65535);
  g_assert_cmpuint (seqs[1], ==, 0);
  g_assert_cmpuint (seqs[2], ==, 1);
  g_assert_cmpuint (cv_nacks_take_due (&nacks, 34 * MS, 30 * MS, seqs, 8), ==, 0);
  g_assert_false (cv_nacks_received (&nacks, 65536, 34 * MS));
  g_assert_false (cv_nacks_is_missing (&nacks, 65536));
  g_assert_cmpuint (cv_nacks_take_due (&nacks, 35 * MS, 30 * MS, seqs, 8), ==, 2);
}

static void
test_gives_up (void)
{
  CvNacks nacks = start (10);
  guint16 seqs[8];
  guint asked = 0;
  cv_nacks_received (&nacks, 12, 0);
  for (gint64 now = 0; now < 2000 * MS; now += 10 * MS)
    asked += cv_nacks_take_due (&nacks, now, 20 * MS, seqs, 8);
  g_assert_cmpuint (asked, ==, 10);
  g_assert_true (cv_nacks_take_gave_up (&nacks));
  g_assert_false (cv_nacks_take_gave_up (&nacks));
  g_assert_false (cv_nacks_is_missing (&nacks, 11));
}

static void
test_long_break (void)
{
  CvNacks nacks = start (10);
  g_assert_false (cv_nacks_received (&nacks, 10000, 0));
  g_assert_cmpuint (nacks.n, ==, 0);
  g_assert_true (cv_nacks_take_gave_up (&nacks));
  for (guint64 i = 10002; i < 11000; i += 2) /* every second one is lost: never more than there is room for */
    cv_nacks_received (&nacks, i, 0);
  g_assert_cmpuint (nacks.n, <=, CV_NACKS_MAX);
}

static void
test_keyframe (void)
{
  CvNacks nacks = start (10);
  cv_nacks_received (&nacks, 20, 0);
  cv_nacks_forget_before (&nacks, 15);
  g_assert_false (cv_nacks_is_missing (&nacks, 14));
  g_assert_true (cv_nacks_is_missing (&nacks, 15));
  g_assert_cmpuint (nacks.n, ==, 5);
  cv_nacks_forget_before (&nacks, 100);
  g_assert_cmpuint (nacks.n, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nacks/in-order", test_in_order);
  g_test_add_func ("/nacks/gap", test_gap);
  g_test_add_func ("/nacks/gives-up", test_gives_up);
  g_test_add_func ("/nacks/long-break", test_long_break);
  g_test_add_func ("/nacks/keyframe", test_keyframe);
  return g_test_run ();
}
