/* Fuzz target of the RTCP reader (libFuzzer).
 *
 * It comes to an end, and nothing that it says stands outside the packet. What it read can be written again and is read alike.
 */
#include "rtp/rtcp.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static gboolean
contains_all (const guint16 *seqs, guint n, const guint16 *others, guint n_others)
{
  for (guint i = 0; i < n_others; i++) {
    guint k = 0;
    while (k < n && seqs[k] != others[i])
      k++;
    if (k == n)
      return FALSE;
  }
  return TRUE;
}

/* A stranger's list need not be sorted or without repetitions; the same numbers are in it all the same. */
static void
check_nack (const CvRtcpItem *item)
{
  guint16 seqs[CV_RTCP_MAX_NACKS], again[CV_RTCP_MAX_NACKS];
  guint8 out[2000];
  CvRtcpWriter writer = { out, sizeof out, 0 };
  CvRtcpReader reader;
  CvRtcpItem written;
  guint n = cv_rtcp_nack_list (item, seqs, CV_RTCP_MAX_NACKS);

  if (n == 0)
    return;
  g_assert_true (cv_rtcp_write_nack (&writer, item->sender, item->media, seqs, n));
  cv_rtcp_reader_init (&reader, out, writer.n);
  g_assert_true (cv_rtcp_reader_next (&reader, &written));
  guint count = cv_rtcp_nack_list (&written, again, CV_RTCP_MAX_NACKS);
  g_assert_true (contains_all (seqs, n, again, count) && contains_all (again, count, seqs, n));
}

static void
check_report (const CvRtcpItem *item)
{
  guint8 out[1000];
  CvRtcpWriter writer = { out, sizeof out, 0 };
  CvRtcpReader reader;
  CvRtcpItem written;

  g_assert_true (cv_rtcp_write_rr (&writer, item->sender, item->blocks, item->n_blocks));
  cv_rtcp_reader_init (&reader, out, writer.n);
  g_assert_true (cv_rtcp_reader_next (&reader, &written));
  g_assert_cmpuint (written.n_blocks, ==, item->n_blocks);
  g_assert_cmpmem (written.blocks, sizeof written.blocks, item->blocks, sizeof item->blocks);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autofree guint8 *packet = g_memdup2 (data, n);
  CvRtcpReader reader;
  CvRtcpItem item;
  gsize items = 0;

  cv_rtcp_reader_init (&reader, packet, n);
  while (cv_rtcp_reader_next (&reader, &item)) {
    g_assert_cmpuint (++items, <=, n / 4);
    g_assert_cmpuint (item.n_blocks, <=, CV_RTCP_MAX_BLOCKS);
    if (item.fci != NULL)
      g_assert_true (item.fci >= packet && item.fci + item.fci_n <= packet + n);
    if (item.type == CV_RTCP_NACK)
      check_nack (&item);
    if (item.type == CV_RTCP_SR || item.type == CV_RTCP_RR)
      check_report (&item);
  }
  g_assert_false (cv_rtcp_reader_next (&reader, &item));
  return 0;
}
