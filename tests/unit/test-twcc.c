/* Feedback as it is written: each sort of chunk and delta, byte by byte, and read again by our own sender's end. */
#include "media/twcc.h"

#include <string.h>

#define SENDER 0x11121314u
#define MEDIA 0x21222324u

/* What a feedback packet says. */
static guint
chunk_at (const CvRtcpWriter *writer, guint i)
{
  return cv_read16 (writer->out + 20 + 2 * i);
}

static guint
base_of (const CvRtcpWriter *writer)
{
  return cv_read16 (writer->out + 12);
}

static guint
count_of (const CvRtcpWriter *writer)
{
  return cv_read16 (writer->out + 14);
}

static gboolean
write_one (CvTwccReceiver *receiver, CvRtcpWriter *writer)
{
  writer->n = 0;
  if (!cv_twcc_receiver_write (receiver, writer, SENDER, MEDIA))
    return FALSE;
  g_assert_cmpuint (writer->n % 4, ==, 0);
  g_assert_cmpuint (writer->n, <=, CV_TWCC_MAX_BYTES);
  g_assert_cmpuint (cv_read16 (writer->out + 2), ==, writer->n / 4 - 1);
  return TRUE;
}

static void
test_bytes (void)
{
  static const guint8 expected[] = {
    0x8f, 0xcd, 0,    6,    0x11, 0x12, 0x13, 0x14, 0x21, 0x22, 0x23,
    0x24, 0xff, 0xff, 0,    4,    0,    0,    0x10, 0,    0xd1, 0x80, /* small, lost, small, large */
    4,    0xff, 1,    0x90,                                           /* 1 ms behind 1024 ms; 63.75 ms; 100 ms */
    0,    0,
  };
  guint8 out[1200];
  CvRtcpWriter writer = { out, sizeof out, 0 };
  g_autoptr (CvTwccReceiver) receiver = cv_twcc_receiver_new ();

  g_assert_false (write_one (receiver, &writer));
  cv_twcc_receiver_add (receiver, 0xffff, 1025000);
  cv_twcc_receiver_add (receiver, 1, 1025000 + 63750);
  cv_twcc_receiver_add (receiver, 2, 1025000 + 163750);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpmem (out, writer.n, expected, sizeof expected);
  g_assert_false (write_one (receiver, &writer));
}

static void
test_chunks (void)
{
  guint8 out[1200];
  CvRtcpWriter writer = { out, sizeof out, 0 };
  g_autoptr (CvTwccReceiver) receiver = cv_twcc_receiver_new ();

  /* all came: one run */
  for (guint16 seq = 0; seq < 100; seq++)
    cv_twcc_receiver_add (receiver, seq, 1000 * seq);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmphex (chunk_at (&writer, 0), ==, 0x2000 | 100);
  g_assert_cmpuint (out[19], ==, 0);

  /* every second one: vectors of one bit, the last one not full */
  for (guint16 seq = 101; seq < 121; seq += 2)
    cv_twcc_receiver_add (receiver, seq, 1000 * seq);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 100);
  g_assert_cmpuint (count_of (&writer), ==, 20);
  g_assert_cmphex (chunk_at (&writer, 0), ==, 0x8000 | 0x1555);
  g_assert_cmphex (chunk_at (&writer, 1), ==, 0x8000 | 0x1500);
  g_assert_cmpuint (out[19], ==, 1);

  /* late ones: a vector of two bits; then a run of lost ones */
  cv_twcc_receiver_add (receiver, 121, 200000);
  cv_twcc_receiver_add (receiver, 122, 300000);
  cv_twcc_receiver_add (receiver, 400, 300250);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 120);
  g_assert_cmpuint (count_of (&writer), ==, 281);
  g_assert_cmphex (chunk_at (&writer, 0), ==, 0xc000 | 0 << 12 | 1 << 10 | 2 << 8); /* lost, small, large, lost … */
  g_assert_cmphex (chunk_at (&writer, 1), ==, 400 - 127);
  g_assert_cmphex (chunk_at (&writer, 2), ==, 0x2000 | 1);

  /* a large delta at the tenth place: no vector of one bit, which would have to be full */
  for (guint16 seq = 402; seq < 422; seq += 2)
    cv_twcc_receiver_add (receiver, seq, 310000 + (seq >= 410 ? 90000 : 0));
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 401);
  g_assert_cmphex (chunk_at (&writer, 0), ==, 0xc000 | 0x0444);
  g_assert_cmphex (chunk_at (&writer, 1), ==, 0xc000 | 1 << 12 | 2 << 8 | 1 << 4 | 1);
  g_assert_cmphex (chunk_at (&writer, 2), ==, 0x8000 | 0x1500);
}

/* A packet that was overtaken has a negative delta; one that came after its feedback is said again. */
static void
test_reordered (void)
{
  guint8 out[1200];
  CvRtcpWriter writer = { out, sizeof out, 0 };
  g_autoptr (CvTwccReceiver) receiver = cv_twcc_receiver_new ();

  cv_twcc_receiver_add (receiver, 11, 64000);
  cv_twcc_receiver_add (receiver, 10, 65000);
  cv_twcc_receiver_add (receiver, 11, 66000); /* twice: the first counts */
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 10);
  g_assert_cmpuint (out[22], ==, 4);
  g_assert_cmpint ((gint16) cv_read16 (out + 23), ==, -4);

  cv_twcc_receiver_add (receiver, 14, 70000);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 12);
  cv_twcc_receiver_add (receiver, 13, 71000);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 13);
  g_assert_cmpuint (count_of (&writer), ==, 2);
  g_assert_false (write_one (receiver, &writer));
}

/* A delta beyond 16 bits begins another packet; so does what fits no packet; a jump beyond the window starts anew. */
static void
test_several (void)
{
  guint8 out[1200];
  CvRtcpWriter writer = { out, sizeof out, 0 };
  g_autoptr (CvTwccReceiver) receiver = cv_twcc_receiver_new ();

  cv_twcc_receiver_add (receiver, 0, 0);
  cv_twcc_receiver_add (receiver, 1, 9 * G_USEC_PER_SEC);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (count_of (&writer), ==, 1);
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 1);
  g_assert_cmpuint (cv_read24 (out + 16), ==, 9000 / 64);
  g_assert_false (write_one (receiver, &writer));

  guint packets = 0, n = 0;
  for (guint16 seq = 2; seq < 2002; seq++)
    cv_twcc_receiver_add (receiver, seq, 10 * G_USEC_PER_SEC + 70000 * seq);
  for (; write_one (receiver, &writer); packets++) {
    g_assert_cmpuint (base_of (&writer), ==, 2 + n);
    g_assert_cmpuint (writer.n, >, 900 * (packets < 4));
    n += count_of (&writer);
  }
  g_assert_cmpuint (n, ==, 2000);
  g_assert_cmpuint (packets, ==, 5);

  cv_twcc_receiver_add (receiver, 30000, 200 * G_USEC_PER_SEC);
  cv_twcc_receiver_add (receiver, 2100, 200 * G_USEC_PER_SEC); /* too old now */
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (base_of (&writer), ==, 30000);
  g_assert_cmpuint (count_of (&writer), ==, 1);
}

static void
test_room (void)
{
  guint8 out[64];
  CvRtcpWriter writer = { out, 23, 0 };
  g_autoptr (CvTwccReceiver) receiver = cv_twcc_receiver_new ();

  for (guint16 seq = 0; seq < 60; seq++)
    cv_twcc_receiver_add (receiver, seq, 1000 * seq);
  g_assert_false (cv_twcc_receiver_write (receiver, &writer, SENDER, MEDIA));
  writer.size = 24;
  g_assert_true (write_one (receiver, &writer));
  g_assert_cmpuint (count_of (&writer), ==, 2);
  writer = (CvRtcpWriter){ out, sizeof out, 40 }; /* behind what is there */
  g_assert_true (cv_twcc_receiver_write (receiver, &writer, SENDER, MEDIA));
  g_assert_cmpuint (writer.n, ==, 64);
  g_assert_cmphex (out[41], ==, 205);
}

typedef struct {
  CvTwccReceiver *receiver;
  CvTwccSender *sender;
  gint64 arrivals[CV_TWCC_RING]; /* by the number of 1000 bytes sent; 0: lost */
  guint seen;
  gint64 offset;
} Trip;

static void
read_all (Trip *trip)
{
  guint8 out[CV_TWCC_MAX_BYTES];
  CvRtcpWriter writer = { out, sizeof out, 0 };
  CvTwccResult results[CV_TWCC_RING];
  while (write_one (trip->receiver, &writer)) {
    guint n = cv_twcc_sender_feedback (trip->sender, out + 12, writer.n - 12, results, G_N_ELEMENTS (results));
    for (guint i = 0; i < n; i++) {
      gint64 expected = trip->arrivals[results[i].bytes % CV_TWCC_RING];
      g_assert_cmpint (results[i].lost, ==, expected == 0);
      if (expected == 0)
        continue;
      if (trip->seen == 0)
        trip->offset = results[i].arrival_us - expected;
      g_assert_cmpint (ABS (results[i].arrival_us - expected - trip->offset), <=, 250);
      trip->seen++;
    }
  }
}

/* What a receiver writes is what a sender reads, over wraps of the numbers and of the reference time (12.4 days). */
static void
test_round_trip (void)
{
  g_autoptr (CvTwccReceiver) receiver = cv_twcc_receiver_new ();
  g_autoptr (CvTwccSender) sender = cv_twcc_sender_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autofree Trip *trip = g_new0 (Trip, 1);
  gint64 now = ((gint64) 64000 << 24) - 20 * G_USEC_PER_SEC;
  guint came = 0;

  trip->receiver = receiver;
  trip->sender = sender;
  for (guint i = 0; i < 100000; i++) {
    guint16 seq = cv_twcc_sender_sent (sender, now, i % CV_TWCC_RING, 0);
    gboolean lost = g_rand_int_range (rand, 0, 100) < (int) (i / 1000 % 10) * 10;
    gint64 jitter = g_rand_int_range (rand, 0, 1 + (int) (i / 10000) * 20000);
    trip->arrivals[i % CV_TWCC_RING] = lost ? 0 : now + jitter;
    if (!lost) {
      cv_twcc_receiver_add (receiver, seq, now + jitter);
      came++;
    }
    now += 1000;
    if (i % 97 == 0)
      read_all (trip);
  }
  read_all (trip);
  g_assert_cmpuint (trip->seen, ==, came);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twcc/bytes", test_bytes);
  g_test_add_func ("/twcc/chunks", test_chunks);
  g_test_add_func ("/twcc/reordered", test_reordered);
  g_test_add_func ("/twcc/several", test_several);
  g_test_add_func ("/twcc/room", test_room);
  g_test_add_func ("/twcc/round-trip", test_round_trip);
  return g_test_run ();
}
