/* Fuzz target of STUN requests (libFuzzer).
 *
 * What is read must lie within the packet; a response to it must be STUN again. The fingerprint would keep everything that
 * was found out: what has one is given a right one first.
 */
#include "media/stun.h"

#include <netinet/in.h>
#include <string.h>

#include "rtp/bytes.h"

#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static void
mend_fingerprint (guint8 *packet, gsize n)
{
  guint32 crc = 0xffffffff;
  if (n < CV_STUN_HEADER + 8 || cv_read32 (packet + n - 8) != 0x80280004)
    return;
  for (gsize i = 0; i < n - 8; i++) {
    crc ^= packet[i];
    for (guint k = 0; k < 8; k++)
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  cv_write32 (packet + n - 4, ~crc ^ 0x5354554e);
}

static void
answer (const CvStunRequest *request)
{
  struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = 1 };
  guint8 out[CV_STUN_MAX_RESPONSE];
  gsize n = cv_stun_write_response (out, sizeof out, request, (const struct sockaddr *) &from, PASSWORD);
  g_assert_true (cv_stun_is (out, n));
  n = cv_stun_write_conflict (out, sizeof out, request, PASSWORD);
  g_assert_true (cv_stun_is (out, n));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autofree guint8 *packet = g_memdup2 (data, n);
  CvStunRequest request;
  char ufrag[32];
  gboolean is = cv_stun_is (packet, n);
  if (packet != NULL)
    mend_fingerprint (packet, n);
  if (!cv_stun_parse_request (&request, packet, n))
    return 0;
  g_assert_true (is);
  g_assert_true ((const guint8 *) request.username >= packet + CV_STUN_HEADER);
  g_assert_true ((const guint8 *) request.username + request.username_n <= packet + request.integrity_at);
  g_assert_cmpuint (request.integrity_at + 24, <=, n);
  cv_stun_verify (&request, packet, n, PASSWORD);
  if (cv_stun_copy_ufrag (&request, ufrag, sizeof ufrag))
    g_assert_cmpuint (strlen (ufrag), >=, 4);
  answer (&request);
  return 0;
}
