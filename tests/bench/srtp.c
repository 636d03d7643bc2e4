/* What SRTP costs: nanoseconds of processor time for a packet of 1150 bytes, each profile, both ways.
 *
 *   ninja -C build tests/bench/conclave-srtp && build/tests/bench/conclave-srtp
 *
 * The median of some rounds. What is protected reads one payload and writes a ring of 32 packets, as a forwarder does;
 * what is unprotected lies in memory that the cache has lost.
 */
#include "rtp/srtp.h"

#include <stdlib.h>
#include <time.h>

#include "rtp/bytes.h"

enum { ROUNDS = 15, PACKETS = 20000, LENGTH = 1150, HEADER = 20, STRIDE = 1216, RING = 32 };

static double
now (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e9 + (double) time.tv_nsec;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
report (const char *name, double *values)
{
  qsort (values, ROUNDS, sizeof *values, compare);
  g_print ("%-32s %6.0f ns (%.0f to %.0f)\n", name, values[ROUNDS / 2], values[0], values[ROUNDS - 1]);
}

static gsize
protect (CvSrtp *srtp, CvSrtpWindow *sent, guint64 index, guint8 *packet, const guint8 *payload)
{
  cv_write32 (packet, 0x90600000 | (guint32) (index & 0xffff));
  return cv_srtp_protect_rtp (srtp, sent, index, packet, HEADER, payload, LENGTH - HEADER);
}

static void
measure (CvSrtpProfile profile, const char *name)
{
  static guint8 key[CV_SRTP_MAX_KEY], salt[CV_SRTP_MAX_SALT], payload[LENGTH];
  g_autofree guint8 *packets = g_malloc0 ((gsize) PACKETS * STRIDE);
  g_autofree char *protecting = g_strconcat (name, " protect", NULL);
  g_autofree char *unprotecting = g_strconcat (name, " unprotect", NULL);
  double out[ROUNDS], in[ROUNDS];
  for (guint round = 0; round < ROUNDS; round++) {
    g_autoptr (CvSrtp) sender = cv_srtp_new (profile, key, salt);
    g_autoptr (CvSrtp) receiver = cv_srtp_new (profile, key, salt);
    CvSrtpWindow ring = { 0 }, sent = { 0 }, received = { 0 };
    double start = now ();
    for (guint i = 0; i < PACKETS; i++)
      if (protect (sender, &ring, i, packets + (gsize) (i % RING) * STRIDE, payload) == 0)
        g_error ("not protected");
    out[round] = (now () - start) / PACKETS;
    gsize n = 0;
    for (guint i = 0; i < PACKETS; i++)
      n = protect (sender, &sent, i, packets + (gsize) i * STRIDE, payload);
    start = now ();
    for (guint i = 0; i < PACKETS; i++) {
      guint64 index;
      gsize length = n;
      if (!cv_srtp_unprotect_rtp (receiver, &received, packets + (gsize) i * STRIDE, HEADER, &length, &index))
        g_error ("not unprotected");
    }
    in[round] = (now () - start) / PACKETS;
  }
  report (protecting, out);
  report (unprotecting, in);
}

int
main (void)
{
  measure (CV_SRTP_AES128_CM_SHA1_80, "AES128_CM_SHA1_80");
  measure (CV_SRTP_AEAD_AES_128_GCM, "AEAD_AES_128_GCM");
  measure (CV_SRTP_AEAD_AES_256_GCM, "AEAD_AES_256_GCM");
  return 0;
}
