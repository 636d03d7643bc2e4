/* What is written is read again; what is malformed ends the reading, and what stood before it counts. */
#include "rtp/rtcp.h"

#include <string.h>

static guint8 buffer[1500];

static CvRtcpWriter
writer (void)
{
  memset (buffer, 0xee, sizeof buffer);
  return (CvRtcpWriter){ buffer, sizeof buffer, 0 };
}

static void
test_reports (void)
{
  CvRtcpWriter w = writer ();
  CvRtcpBlock blocks[2] = { { 1, 128, -3, 4, 5, 6, 7 }, { 2, 0, 0x7fffff, 0, 0, 0, G_MAXUINT32 } };
  CvRtcpReader reader;
  CvRtcpItem item;
  g_assert_true (cv_rtcp_write_sr (&w, 0xaabbccdd, 0x1122334455667788, 90000, 10, 2000));
  g_assert_true (cv_rtcp_write_rr (&w, 9, blocks, 2));
  g_assert_true (cv_rtcp_write_cname (&w, 9, "abc"));
  g_assert_true (cv_rtcp_write_bye (&w, 9));
  g_assert_cmpuint (w.n, ==, 28 + 56 + 16 + 8);

  cv_rtcp_reader_init (&reader, buffer, w.n);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_SR);
  g_assert_cmphex (item.sender, ==, 0xaabbccdd);
  g_assert_cmphex (item.ntp, ==, 0x1122334455667788);
  g_assert_cmpuint (item.rtp_time, ==, 90000);
  g_assert_cmpuint (item.packets, ==, 10);
  g_assert_cmpuint (item.octets, ==, 2000);
  g_assert_cmpuint (item.n_blocks, ==, 0);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_RR);
  g_assert_cmpuint (item.n_blocks, ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpuint (item.blocks[i].ssrc, ==, blocks[i].ssrc);
    g_assert_cmpuint (item.blocks[i].fraction_lost, ==, blocks[i].fraction_lost);
    g_assert_cmpint (item.blocks[i].lost, ==, blocks[i].lost);
    g_assert_cmpuint (item.blocks[i].highest, ==, blocks[i].highest);
    g_assert_cmpuint (item.blocks[i].jitter, ==, blocks[i].jitter);
    g_assert_cmpuint (item.blocks[i].lsr, ==, blocks[i].lsr);
    g_assert_cmpuint (item.blocks[i].dlsr, ==, blocks[i].dlsr);
  }
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_OTHER);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_BYE);
  g_assert_cmpuint (item.media, ==, 9);
  g_assert_false (cv_rtcp_reader_next (&reader, &item));
  g_assert_false (reader.malformed);
}

/* RFC 3550 §6.5: the text, at least one zero, whole words. */
static void
test_cname (void)
{
  static const guint8 two[] = { 0x81, 202, 0, 3, 0, 0, 0, 9, 1, 2, 'a', 'b', 0, 0, 0, 0 };
  static const guint8 one[] = { 0x81, 202, 0, 2, 0, 0, 0, 9, 1, 1, 'a', 0 };
  CvRtcpWriter w = writer ();
  g_assert_true (cv_rtcp_write_cname (&w, 9, "ab"));
  g_assert_cmpmem (buffer, w.n, two, sizeof two);
  w = writer ();
  g_assert_true (cv_rtcp_write_cname (&w, 9, "a"));
  g_assert_cmpmem (buffer, w.n, one, sizeof one);
  g_autofree char *longest = g_strnfill (CV_RTCP_MAX_CNAME, 'x'), *longer = g_strnfill (CV_RTCP_MAX_CNAME + 1, 'x');
  g_assert_true (cv_rtcp_write_cname (&w, 9, longest));
  g_assert_false (cv_rtcp_write_cname (&w, 9, longer));
}

static void
test_nack (void)
{
  static const guint16 seqs[] = { 65530, 65531, 3, 10, 11, 12, 27, 28, 28, 500 };
  static const guint16 expected[] = { 65530, 65531, 3, 10, 11, 12, 27, 28, 500 };
  static const guint8 fci[] = { 0xff, 0xfa, 0x81, 0x01, 0, 11, 0x80, 0x01, 0, 28, 0, 0, 1, 0xf4, 0, 0 };
  CvRtcpWriter w = writer ();
  CvRtcpReader reader;
  CvRtcpItem item;
  guint16 list[64];
  g_assert_true (cv_rtcp_write_nack (&w, 1, 2, seqs, G_N_ELEMENTS (seqs)));
  cv_rtcp_reader_init (&reader, buffer, w.n);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_NACK);
  g_assert_cmpuint (item.sender, ==, 1);
  g_assert_cmpuint (item.media, ==, 2);
  g_assert_cmpmem (item.fci, item.fci_n, fci, sizeof fci);
  guint n = cv_rtcp_nack_list (&item, list, G_N_ELEMENTS (list));
  g_assert_cmpmem (list, n * sizeof list[0], expected, sizeof expected);
  g_assert_cmpuint (cv_rtcp_nack_list (&item, list, 3), ==, 3);
  item.type = CV_RTCP_TWCC;
  g_assert_cmpuint (cv_rtcp_nack_list (&item, list, 3), ==, 0);
  g_assert_false (cv_rtcp_write_nack (&w, 1, 2, seqs, 0));
  g_assert_false (cv_rtcp_write_nack (&w, 1, 2, seqs, CV_RTCP_MAX_NACKS + 1));
}

static void
test_keyframe_requests (void)
{
  CvRtcpWriter w = writer ();
  CvRtcpReader reader;
  CvRtcpItem item;
  g_assert_true (cv_rtcp_write_pli (&w, 1, 2));
  g_assert_true (cv_rtcp_write_fir (&w, 1, 3, 200));
  cv_rtcp_reader_init (&reader, buffer, w.n);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_PLI);
  g_assert_cmpuint (item.media, ==, 2);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_FIR);
  g_assert_cmpuint (item.sender, ==, 1);
  g_assert_cmpuint (item.media, ==, 3);
  g_assert_cmpuint (item.fir_seq, ==, 200);
  g_assert_false (cv_rtcp_reader_next (&reader, &item));

  /* each entry, and each that says goodbye (with a reason behind), is an item of its own */
  static const guint8 several[] = { 0x84, 206, 0, 6, 0, 0, 0,    1,   0, 0, 0, 0, 0, 0, 0, 3, 9, 0, 0, 0,   0,   0,
                                    0,    4,   8, 0, 0, 0, 0x82, 203, 0, 3, 0, 0, 0, 5, 0, 0, 0, 6, 2, 'o', 'k', 0 };
  static const guint32 expected[] = { 3, 4, 5, 6 };
  cv_rtcp_reader_init (&reader, several, sizeof several);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_true (cv_rtcp_reader_next (&reader, &item));
    g_assert_cmpint (item.type, ==, i < 2 ? CV_RTCP_FIR : CV_RTCP_BYE);
    g_assert_cmpuint (item.media, ==, expected[i]);
  }
  g_assert_false (cv_rtcp_reader_next (&reader, &item));
  g_assert_false (reader.malformed);
}

static void
test_twcc (void)
{
  static const guint8 fci[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
  CvRtcpWriter w = writer ();
  CvRtcpReader reader;
  CvRtcpItem item;
  g_assert_true (cv_rtcp_write_twcc (&w, 1, 2, fci, sizeof fci));
  g_assert_true (cv_rtcp_write_twcc (&w, 1, 2, fci, 8));
  g_assert_cmpuint (w.n, ==, 24 + 20);
  cv_rtcp_reader_init (&reader, buffer, w.n);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_TWCC);
  g_assert_cmpmem (item.fci, item.fci_n, fci, sizeof fci);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpmem (item.fci, item.fci_n, fci, 8);
}

/* TRUE: `n` bytes can be read; as many items as said come first either way. */
static gboolean
is_fine (const guint8 *packet, gsize n, guint items)
{
  g_autofree guint8 *copy = g_memdup2 (packet, n);
  CvRtcpReader reader;
  CvRtcpItem item;
  cv_rtcp_reader_init (&reader, copy, n);
  for (guint i = 0; i < items; i++)
    g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_false (cv_rtcp_reader_next (&reader, &item));
  g_assert_false (cv_rtcp_reader_next (&reader, &item)); /* and stays so */
  return !reader.malformed;
}

#define IS_FINE(items, ...) is_fine ((const guint8[]){ __VA_ARGS__ }, sizeof ((const guint8[]){ __VA_ARGS__ }), items)

static void
test_malformed (void)
{
  g_assert_true (is_fine ((const guint8 *) "", 0, 0));
  g_assert_false (IS_FINE (0, 0x80));
  g_assert_false (IS_FINE (0, 0x80, 201, 0));
  g_assert_false (IS_FINE (0, 0x40, 201, 0, 1, 0, 0, 0, 1));               /* version 1 */
  g_assert_false (IS_FINE (0, 0x80, 201, 0, 2, 0, 0, 0, 1));               /* longer than it is */
  g_assert_false (IS_FINE (0, 0x80, 201, 0xff, 0xff, 0, 0, 0, 1));         /* much longer */
  g_assert_false (IS_FINE (0, 0x80, 201, 0, 0));                           /* no sender */
  g_assert_false (IS_FINE (0, 0x81, 201, 0, 1, 0, 0, 0, 1));               /* a block that is not there */
  g_assert_false (IS_FINE (0, 0x80, 200, 0, 1, 0, 0, 0, 1));               /* a sender's report without its values */
  g_assert_false (IS_FINE (0, 0x81, 205, 0, 1, 0, 0, 0, 1));               /* feedback about nobody */
  g_assert_false (IS_FINE (0, 0x84, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0));   /* FIR without entries */
  g_assert_false (IS_FINE (0, 0x82, 203, 0, 1, 0, 0, 0, 1));               /* two leave, one is named */
  g_assert_true (IS_FINE (1, 0x80, 203, 0, 0));                            /* nobody leaves */
  g_assert_true (IS_FINE (1, 0x80, 207, 0, 0));                            /* extended reports: passed over */
  g_assert_true (IS_FINE (1, 0x8f, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2));    /* REMB and its like, too */
  g_assert_true (IS_FINE (1, 0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4));    /* padding */
  g_assert_false (IS_FINE (0, 0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0));   /* none, but announced */
  g_assert_false (IS_FINE (0, 0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 9));   /* more than there is */
  g_assert_false (IS_FINE (0, 0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 8));   /* all of it */
  g_assert_false (IS_FINE (0, 0xa0, 201, 0, 0));                           /* nothing to take it from */
  g_assert_false (IS_FINE (0, 0xa0, 207, 0, 1, 0, 0, 0, 200));             /* far more */
  g_assert_false (IS_FINE (1, 0x80, 201, 0, 1, 0, 0, 0, 1, 0x81, 206, 0)); /* what stands before counts */
}

static void
test_no_room (void)
{
  static const guint16 seqs[] = { 1, 100 };
  static const CvRtcpBlock blocks[CV_RTCP_MAX_BLOCKS + 1] = { 0 };
  guint8 out[60];
  for (gsize size = 0; size < 8; size++) {
    CvRtcpWriter w = { out, size, 0 };
    g_assert_false (cv_rtcp_write_sr (&w, 1, 2, 3, 4, 5));
    g_assert_false (cv_rtcp_write_rr (&w, 1, NULL, 0));
    g_assert_false (cv_rtcp_write_cname (&w, 1, ""));
    g_assert_false (cv_rtcp_write_nack (&w, 1, 2, seqs, 2));
    g_assert_false (cv_rtcp_write_pli (&w, 1, 2));
    g_assert_false (cv_rtcp_write_fir (&w, 1, 2, 3));
    g_assert_false (cv_rtcp_write_twcc (&w, 1, 2, out, 1));
    g_assert_false (cv_rtcp_write_bye (&w, 1));
    g_assert_cmpuint (w.n, ==, 0);
  }
  CvRtcpWriter w = writer ();
  g_assert_false (cv_rtcp_write_rr (&w, 1, blocks, CV_RTCP_MAX_BLOCKS + 1));
  g_assert_true (cv_rtcp_write_rr (&w, 1, blocks, CV_RTCP_MAX_BLOCKS));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtcp/reports", test_reports);
  g_test_add_func ("/rtcp/cname", test_cname);
  g_test_add_func ("/rtcp/nack", test_nack);
  g_test_add_func ("/rtcp/keyframe-requests", test_keyframe_requests);
  g_test_add_func ("/rtcp/twcc", test_twcc);
  g_test_add_func ("/rtcp/malformed", test_malformed);
  g_test_add_func ("/rtcp/no-room", test_no_room);
  return g_test_run ();
}
