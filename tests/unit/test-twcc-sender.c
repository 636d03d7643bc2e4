/* What a subscriber's feedback is taken for, and what is refused of it. */
#include "media/twcc.h"

#include <string.h>

/* Sends `n` packets, 10 ms apart from 1 s on; packet i has 100 + i bytes. */
static CvTwccSender *
send_packets (guint n)
{
  CvTwccSender *sender = cv_twcc_sender_new ();
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (cv_twcc_sender_sent (sender, G_USEC_PER_SEC + i * 10000, 100 + i, i % 3), ==, i & 0xffff);
  return sender;
}

static void
test_feedback (void)
{
  static const guint8 fci[] = { 0, 1, 0, 4, 0, 0, 2, 0, 0xd1, 0x80, 4, 0xff, 0xff, 0xfc };
  g_autoptr (CvTwccSender) sender = send_packets (10);
  CvTwccResult results[16];

  g_assert_cmpint (cv_twcc_sender_get_silence (sender), ==, 90000);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 16), ==, 4);
  g_assert_cmpint (results[0].sent_us, ==, 1010000);
  g_assert_cmpint (results[0].arrival_us, ==, 129000);
  g_assert_cmpuint (results[0].bytes, ==, 101);
  g_assert_cmpuint (results[0].probe, ==, 1);
  g_assert_true (results[1].lost);
  g_assert_false (results[2].lost);
  g_assert_cmpint (results[2].arrival_us, ==, 129000 + 63750);
  g_assert_cmpint (results[3].arrival_us, ==, 129000 + 63750 - 1000);
  g_assert_cmpuint (results[3].bytes, ==, 104);
  g_assert_cmpint (cv_twcc_sender_get_silence (sender), ==, 0);
  /* once more: nothing new */
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 16), ==, 0);
  cv_twcc_sender_sent (sender, 2000000, 100, 0);
  cv_twcc_sender_sent (sender, 2100000, 100, 0);
  g_assert_cmpint (cv_twcc_sender_get_silence (sender), ==, 100000);
}

/* What went somewhere else has no results, not even that it is lost; what is sent after it has. */
static void
test_forget (void)
{
  static const guint8 before[] = { 0, 0, 0, 3, 0, 0, 1, 0, 0x80 | 0x28, 0x00, 0, 0 };
  static const guint8 after[] = { 0, 1, 0, 3, 0, 0, 1, 1, 0x20, 0x03, 0, 0, 0 };
  g_autoptr (CvTwccSender) sender = send_packets (3);
  CvTwccResult results[4];

  cv_twcc_sender_forget (sender);
  g_assert_cmpint (cv_twcc_sender_get_silence (sender), ==, 0);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, before, sizeof before, results, 4), ==, 0);
  g_assert_cmpuint (cv_twcc_sender_sent (sender, 2000000, 100, 0), ==, 3);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, after, sizeof after, results, 4), ==, 1);
  g_assert_cmpint (results[0].sent_us, ==, 2000000);
}

/* A packet is lost once, and may come late once. */
static void
test_late (void)
{
  static const guint8 lost[] = { 0, 0, 0, 3, 0, 0, 1, 0, 0x80 | 0x28, 0x00, 0, 0 };
  static const guint8 came[] = { 0, 0, 0, 3, 0, 0, 1, 1, 0x20, 0x03, 0, 0, 0 };
  g_autoptr (CvTwccSender) sender = send_packets (3);
  CvTwccResult results[4];

  g_assert_cmpuint (cv_twcc_sender_feedback (sender, lost, sizeof lost, results, 4), ==, 3);
  g_assert_true (results[1].lost);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, lost, sizeof lost, results, 4), ==, 0);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, came, sizeof came, results, 4), ==, 1);
  g_assert_cmpuint (results[0].bytes, ==, 101);
  g_assert_true (results[0].late && !results[0].lost);
}

/* What lies between two feedbacks is lost, unless a feedback between them was. */
static void
test_between (void)
{
  guint8 fci[] = { 0, 0, 0, 1, 0, 0, 1, 0xff, 0x20, 0x01, 0 };
  g_autoptr (CvTwccSender) sender = send_packets (20);
  CvTwccResult results[16];

  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 16), ==, 1);
  fci[1] = 3;
  fci[7] = 0;
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 16), ==, 3);
  g_assert_true (results[0].lost && results[1].lost && !results[2].lost);
  g_assert_cmpuint (results[0].bytes, ==, 101);
  fci[1] = 9;
  fci[7] = 2;
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 16), ==, 1);
  /* the one that was overtaken comes after all */
  fci[1] = 5;
  fci[7] = 1;
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 16), ==, 1);
  g_assert_cmpuint (results[0].bytes, ==, 105);
  fci[1] = 11;
  fci[7] = 3;
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 16), ==, 2);
  g_assert_cmpuint (results[0].bytes, ==, 110);
}

static void
test_reference_wraps (void)
{
  guint8 fci[] = { 0, 0, 0, 1, 0xff, 0xff, 0xff, 0, 0x20, 0x01, 4 };
  g_autoptr (CvTwccSender) sender = send_packets (8);
  CvTwccResult a, b, c;

  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, &a, 1), ==, 1);
  memcpy (fci, (guint8[]){ 0, 1, 0, 1, 0, 0, 1, 1 }, 8);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, &b, 1), ==, 1);
  g_assert_cmpint (b.arrival_us - a.arrival_us, ==, 128000);
  memcpy (fci, (guint8[]){ 0, 2, 0, 1, 0xff, 0xff, 0xfe, 2 }, 8);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, &c, 1), ==, 1);
  g_assert_cmpint (c.arrival_us - b.arrival_us, ==, -3 * 64000);
}

static void
test_numbers_wrap (void)
{
  g_autoptr (CvTwccSender) sender = send_packets (65536 + 100);
  guint8 fci[] = { 0xff, 0xfe, 0, 4, 0, 0, 1, 0, 0x20, 0x04, 0, 1, 1, 1 };
  CvTwccResult results[8];

  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 8), ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (results[i].sent_us, ==, G_USEC_PER_SEC + (65534 + (gint64) i) * 10000);
  /* only what fits is told, and the rest is forgotten */
  cv_write16 (fci, 10);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 3), ==, 3);
  g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, sizeof fci, results, 8), ==, 0);
}

typedef struct {
  const char *why;
  guint8 fci[16];
  gsize n;
} Refused;

static void
test_refused (void)
{
  static const Refused refused[] = {
    { "empty", { 0 }, 0 },
    { "no chunk", { 0, 0, 0, 1, 0, 0, 0, 0 }, 8 },
    { "no packets", { 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 1, 0, 0 }, 12 },
    { "half a chunk", { 0, 0, 0, 1, 0, 0, 0, 0, 0x20 }, 9 },
    { "no delta", { 0, 0, 0, 1, 0, 0, 0, 0, 0x20, 1 }, 10 },
    { "half a delta", { 0, 0, 0, 1, 0, 0, 0, 0, 0x40, 1, 0 }, 11 },
    { "chunks end early", { 0, 0, 0, 9, 0, 0, 0, 0, 0xc0, 0 }, 10 },
    { "reserved symbol in a run", { 0, 0, 0, 1, 0, 0, 0, 0, 0x60, 1, 0, 0, 0, 0 }, 14 },
    { "reserved symbol in a vector", { 0, 0, 0, 1, 0, 0, 0, 0, 0xf0, 0, 0, 0, 0, 0 }, 14 },
    { "run of nothing", { 0, 0, 0, 1, 0, 0, 0, 0, 0x20, 0, 0x20, 1, 0, 0 }, 14 },
    { "more packets than any ring", { 0, 0, 0x20, 0, 0, 0, 0, 0, 0x1f, 0xff, 0, 1, 0, 0 }, 14 },
    { "not sent yet", { 0, 10, 0, 1, 0, 0, 0, 0, 0x20, 1, 0, 0 }, 12 },
    { "long ago", { 0x80, 0, 0, 1, 0, 0, 0, 0, 0x20, 1, 0, 0 }, 12 },
  };
  CvTwccResult results[8];

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (CvTwccSender) sender = send_packets (10);
    g_autofree guint8 *fci = g_memdup2 (refused[i].fci, refused[i].n);
    g_test_message ("%s", refused[i].why);
    g_assert_cmpuint (cv_twcc_sender_feedback (sender, fci, refused[i].n, results, 8), ==, 0);
  }
  g_autoptr (CvTwccSender) nothing_sent = cv_twcc_sender_new ();
  g_assert_cmpuint (cv_twcc_sender_feedback (nothing_sent, refused[11].fci, 12, results, 8), ==, 0);
}

static void
test_cost (void)
{
  enum { N = 10000000 };
  g_autoptr (CvTwccSender) sender = cv_twcc_sender_new ();
  guint sum = 0;

  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < N; i++)
    sum += cv_twcc_sender_sent (sender, start + i, 1200, 0);
  double ns = 1000.0 * (double) (g_get_monotonic_time () - start) / N;
  g_test_minimized_result (ns, "%.2f ns a packet (%u)", ns, sum);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twcc-sender/feedback", test_feedback);
  g_test_add_func ("/twcc-sender/late", test_late);
  g_test_add_func ("/twcc-sender/forget", test_forget);
  g_test_add_func ("/twcc-sender/between", test_between);
  g_test_add_func ("/twcc-sender/reference-wraps", test_reference_wraps);
  g_test_add_func ("/twcc-sender/numbers-wrap", test_numbers_wrap);
  g_test_add_func ("/twcc-sender/refused", test_refused);
  if (g_test_perf ())
    g_test_add_func ("/twcc-sender/cost", test_cost);
  return g_test_run ();
}
