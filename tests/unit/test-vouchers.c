/* Addresses to download from: for one document, for a minute. */
#include "signalling/vouchers.h"

static void
test_time (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (1000);
  g_autoptr (CvVouchers) vouchers = cv_vouchers_new (clock);
  g_autofree char *first = cv_vouchers_draw (vouchers, "fa");
  cv_clock_advance (clock, CV_VOUCHER_MS / 2);
  g_autofree char *second = cv_vouchers_draw (vouchers, "fb");
  g_assert_cmpstr (cv_vouchers_find (vouchers, first), ==, "fa");
  g_assert_cmpstr (cv_vouchers_find (vouchers, second), ==, "fb");
  g_assert_cmpstr (cv_vouchers_find (vouchers, second), ==, "fb");
  cv_clock_advance (clock, CV_VOUCHER_MS / 2);
  g_assert_null (cv_vouchers_find (vouchers, first));
  g_assert_cmpstr (cv_vouchers_find (vouchers, second), ==, "fb");
  g_autofree char *third = cv_vouchers_draw (vouchers, "fc");
  g_assert_null (cv_vouchers_find (vouchers, first));
  g_assert_null (cv_vouchers_find (vouchers, ""));
  g_assert_null (cv_vouchers_find (vouchers, "fc"));
}

static void
test_many (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (1000);
  g_autoptr (CvVouchers) vouchers = cv_vouchers_new (clock);
  g_autofree char *first = cv_vouchers_draw (vouchers, "fa");
  for (guint i = 0; i < CV_VOUCHERS_MAX - 1; i++)
    g_free (cv_vouchers_draw (vouchers, "fx"));
  g_assert_cmpstr (cv_vouchers_find (vouchers, first), ==, "fa");
  g_free (cv_vouchers_draw (vouchers, "fx"));
  g_assert_null (cv_vouchers_find (vouchers, first));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vouchers/time", test_time);
  g_test_add_func ("/vouchers/many", test_many);
  return g_test_run ();
}
