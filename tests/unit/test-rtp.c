/* Reads what a header says, and refuses what is cut short. */
#include "rtp/rtp.h"

static const guint8 one_byte[] = {
  0xb0, 0xe0, 0x12, 0x34, 0, 0, 0, 9, 0, 0, 0, 7, 0xbe, 0xde, 0, 2, 0x10, 'a', 0x31, 1, 2, 0, 0, 0, 'x', 1,
};
static const guint8 two_byte[] = {
  0x91, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0x10, 0x00, 0, 2, 4, 3, 'm', 'i', 'd', 0, 5, 0, 'p',
};

static void
test_one_byte (void)
{
  CvRtp rtp;
  g_assert_true (cv_rtp_parse (&rtp, one_byte, sizeof one_byte));
  g_assert_true (rtp.marker);
  g_assert_true (rtp.padded);
  g_assert_cmpuint (rtp.payload_type, ==, 0x60);
  g_assert_cmphex (rtp.seq, ==, 0x1234);
  g_assert_cmpuint (rtp.timestamp, ==, 9);
  g_assert_cmpuint (rtp.ssrc, ==, 7);
  g_assert_cmpuint (rtp.header_n, ==, 24);
  g_assert_cmpuint (rtp.extension_n[1], ==, 1);
  g_assert_cmpint (one_byte[rtp.extension_at[1]], ==, 'a');
  g_assert_cmpuint (rtp.extension_n[3], ==, 2);
  g_assert_cmpuint (rtp.extension_n[2], ==, 0);
}

static void
test_two_byte (void)
{
  CvRtp rtp;
  g_assert_true (cv_rtp_parse (&rtp, two_byte, sizeof two_byte));
  g_assert_cmpuint (rtp.header_n, ==, 28);
  g_assert_cmpuint (rtp.extension_n[4], ==, 3);
  g_assert_cmpint (two_byte[rtp.extension_at[4]], ==, 'm');
}

static void
test_cut_short (void)
{
  CvRtp rtp;
  for (gsize n = 0; n < 24; n++)
    g_assert_false (cv_rtp_parse (&rtp, one_byte, n));
  guint8 overlong[sizeof one_byte];
  for (gsize i = 0; i < sizeof one_byte; i++)
    overlong[i] = one_byte[i];
  overlong[18] = 0x3f; /* 16 bytes where 5 are left */
  g_assert_false (cv_rtp_parse (&rtp, overlong, sizeof overlong));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtp/one-byte", test_one_byte);
  g_test_add_func ("/rtp/two-byte", test_two_byte);
  g_test_add_func ("/rtp/cut-short", test_cut_short);
  return g_test_run ();
}
