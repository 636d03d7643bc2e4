/* Fuzz target of transport-wide feedback (libFuzzer).
 *
 * The first byte chooses: feedback as a stranger may send it, or arrivals, whose feedback our own reader must take for what
 * they were. Each packet is reported as come at most once, and as lost at most once and only before.
 */
#include "media/twcc.h"

#include <string.h>

#define N_SENT 3000

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

typedef struct {
  guint8 came[N_SENT];
  guint8 lost[N_SENT];
  CvTwccResult results[CV_TWCC_RING];
} Seen;

static CvTwccSender *
send_all (void)
{
  CvTwccSender *sender = cv_twcc_sender_new ();
  for (guint i = 0; i < N_SENT; i++)
    cv_twcc_sender_sent (sender, G_USEC_PER_SEC + i * 1000, i, i % 256);
  return sender;
}

static void
note (Seen *seen, guint n)
{
  for (guint i = 0; i < n; i++) {
    const CvTwccResult *result = &seen->results[i];
    g_assert_cmpuint (result->bytes, <, N_SENT);
    g_assert_cmpint (result->sent_us, ==, G_USEC_PER_SEC + (gint64) result->bytes * 1000);
    g_assert_cmpuint (result->probe, ==, result->bytes % 256);
    g_assert_true (i == 0 || result->sent_us > result[-1].sent_us);
    g_assert_cmpint (result->late, ==, !result->lost && seen->lost[result->bytes]);
    g_assert_false (seen->came[result->bytes]);
    g_assert_false (result->lost && seen->lost[result->bytes]);
    (result->lost ? seen->lost : seen->came)[result->bytes] = 1;
  }
}

/* Feedbacks one after the other, each with its length in one byte before it. */
static void
read_feedback (Seen *seen, const guint8 *data, gsize n)
{
  g_autoptr (CvTwccSender) sender = send_all ();
  for (gsize at = 0; at < n;) {
    gsize length = MIN (data[at], n - at - 1);
    g_autofree guint8 *fci = g_memdup2 (data + at + 1, length);
    guint max = at % 5 == 4 ? 7 : CV_TWCC_RING;
    guint found = cv_twcc_sender_feedback (sender, fci, length, seen->results, max);
    g_assert_cmpuint (found, <=, max);
    note (seen, found);
    if (found == max)
      return; /* what did not fit was forgotten */
    at += 1 + length;
  }
}

/* Arrivals of three bytes: how far the number moves, and the time; 0 writes feedback. */
static void
write_feedback (Seen *seen, const guint8 *data, gsize n)
{
  g_autoptr (CvTwccSender) sender = send_all ();
  g_autoptr (CvTwccReceiver) receiver = cv_twcc_receiver_new ();
  g_autofree gint64 *arrivals = g_new0 (gint64, N_SENT);
  guint8 out[CV_TWCC_MAX_BYTES];
  gint seq = 100;
  gint64 now = (gint64) 1 << 40;

  for (gsize at = 0; at + 3 <= n; at += 3) {
    seq = CLAMP (seq + (gint8) data[at], 0, N_SENT - 1);
    now = MAX (0, now + (gint16) cv_read16 (data + at + 1) * 250);
    if (arrivals[seq] == 0)
      arrivals[seq] = now;
    cv_twcc_receiver_add (receiver, (guint16) seq, arrivals[seq]);
    CvRtcpWriter writer = { out, data[at] == 0 ? 24 + data[at + 1] : 0, 0 };
    while (cv_twcc_receiver_write (receiver, &writer, 1, 2)) {
      guint found = cv_twcc_sender_feedback (sender, out + 12, writer.n - 12, seen->results, CV_TWCC_RING);
      note (seen, found);
      for (guint i = 0; i < found; i++) {
        gint64 came = arrivals[seen->results[i].bytes];
        if (!seen->results[i].lost)
          g_assert_cmpint ((seen->results[i].arrival_us - came / 250 * 250) % ((gint64) 64000 << 24), ==, 0);
      }
      writer.n = 0;
    }
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n == 0)
    return 0;
  g_autofree Seen *seen = g_new0 (Seen, 1);
  if (data[0] & 1)
    write_feedback (seen, data + 1, n - 1);
  else
    read_feedback (seen, data + 1, n - 1);
  return 0;
}
