/* What a receiver report says of what came. */
#include "sip/reception.h"

static void
test_report (void)
{
  CvReception reception = { 0 };
  CvRtcpBlock block;
  g_assert_false (cv_reception_report (&reception, &block, 0));
  cv_reception_start (&reception, 7, 8000);
  for (guint i = 0; i < 100; i++)
    if (i % 4 != 3) /* a quarter is lost, the rest comes 5 ms early and late by turns */
      cv_reception_count (&reception, 65500 + i, i * 160, 20000 * (gint64) i + (i % 2 == 0 ? 5000 : 0));
  CvRtcpItem report = { .type = CV_RTCP_SR, .ntp = G_GUINT64_CONSTANT (0x1122334455667788) };
  cv_reception_sender_report (&reception, &report, G_USEC_PER_SEC);
  g_assert_true (cv_reception_report (&reception, &block, 3 * G_USEC_PER_SEC / 2));
  g_assert_cmpuint (block.ssrc, ==, 7);
  g_assert_cmpuint (block.fraction_lost, >=, 60);
  g_assert_cmpuint (block.fraction_lost, <=, 64);
  g_assert_cmpint (block.lost, ==, 24);
  g_assert_cmpuint (block.highest, ==, 65500 + 98);
  g_assert_cmphex (block.lsr, ==, 0x33445566);
  g_assert_cmpuint (block.dlsr, ==, 32768);
  g_assert_cmpuint (block.jitter, >=, 15);
  g_assert_cmpuint (block.jitter, <=, 45);
  g_assert_cmpuint (cv_reception_get_jitter_ms (&reception), >=, 2);
  g_assert_cmpuint (cv_reception_get_lost (&reception), ==, 24);
  cv_reception_count (&reception, 65599, 99 * 160, 0);
  g_assert_true (cv_reception_report (&reception, &block, 2 * G_USEC_PER_SEC));
  g_assert_cmpuint (block.fraction_lost, ==, 0);
}

static void
test_ntp (void)
{
  g_assert_cmphex (cv_reception_get_ntp (0) >> 32, ==, 2208988800u);
  g_assert_cmphex (cv_reception_get_ntp (500000) & 0xffffffff, ==, 0x80000000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reception/report", test_report);
  g_test_add_func ("/reception/ntp", test_ntp);
  return g_test_run ();
}
