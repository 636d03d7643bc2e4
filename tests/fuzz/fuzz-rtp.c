/* Fuzz target of RTP headers (libFuzzer). Whatever is accepted must lie within the packet, and each extension in the header. */
#include "rtp/rtp.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  CvRtp rtp;
  guint sum = 0;
  if (!cv_rtp_parse (&rtp, data, n))
    return 0;
  g_assert_cmpuint (n, <=, CV_RTP_MAX_PACKET);
  g_assert_cmpuint (rtp.header_n, >=, CV_RTP_HEADER);
  g_assert_cmpuint (rtp.header_n, <=, n);
  g_assert_cmpuint (rtp.payload_type, <, 128);
  for (guint id = 0; id <= CV_RTP_MAX_EXTENSION_ID; id++) {
    if (rtp.extension_n[id] == 0)
      continue;
    g_assert_cmpuint (id, >, 0);
    g_assert_cmpuint (rtp.extension_at[id], >=, CV_RTP_HEADER + 4);
    g_assert_cmpuint (rtp.extension_at[id] + rtp.extension_n[id], <=, rtp.header_n);
    for (guint i = 0; i < rtp.extension_n[id]; i++)
      sum += data[rtp.extension_at[id] + i];
  }
  return sum == G_MAXUINT; /* never: that the bytes are read shall not be optimised away */
}
