/* What a stream's packets become: kept, counted, reported; retransmissions in the place of what was lost. */
#include "media/track.h"

#include <string.h>

#define MS 1000
#define PT 96

typedef struct {
  guint8 data[1500];
  CvPacket packet;
} Made;

/* A VP8 packet: descriptor, and where it begins a keyframe the header of one of 640×360. */
static CvPacket *
make (Made *made, guint64 index, gboolean keyframe, gint64 now)
{
  static const guint8 key[] = { 0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01 };
  static const guint8 delta[] = { 0x00, 0x01, 0x02 };
  memset (made, 0, sizeof *made);
  made->data[0] = 0x80;
  made->data[1] = PT;
  cv_write16 (made->data + 2, (guint16) index);
  cv_write32 (made->data + 4, (guint32) index * 3000);
  cv_write32 (made->data + 8, 7);
  memcpy (made->data + 12, keyframe ? key : delta, keyframe ? sizeof key : sizeof delta);
  gsize n = 12 + (keyframe ? sizeof key : sizeof delta);
  made->packet = (CvPacket){
    .data = made->data, .n = n, .header_n = 12, .index = index, .timestamp = (guint32) index * 3000, .at = now
  };
  cv_payload_inspect (&made->packet.payload, CV_CODEC_VP8, made->data + 12, n - 12);
  return &made->packet;
}

static void
start (CvTrack *track)
{
  cv_track_init (track, 90000, TRUE);
  track->ssrc = 7;
}

static void
test_receive (void)
{
  CvTrack track;
  Made made;
  gboolean asks = TRUE;
  start (&track);
  g_assert_false (cv_track_is_live (&track, 0));
  cv_track_want_keyframe (&track);
  g_assert_true (cv_track_receive (&track, make (&made, 100, TRUE, 10 * MS), &asks));
  g_assert_false (asks);
  g_assert_false (track.keyframe_wanted);
  g_assert_cmpuint (track.width, ==, 640);
  g_assert_cmpuint (track.height, ==, 360);
  g_assert_true (cv_track_is_live (&track, 20 * MS));
  g_assert_true (cv_track_receive (&track, make (&made, 103, FALSE, 20 * MS), &asks));
  g_assert_true (asks);
  g_assert_true (cv_track_receive (&track, make (&made, 102, FALSE, 21 * MS), &asks));
  g_assert_false (cv_track_receive (&track, make (&made, 102, FALSE, 22 * MS), &asks)); /* the same again */
  g_assert_false (cv_track_receive (&track, make (&made, 99, FALSE, 23 * MS), &asks));  /* from before we listened */
  CvHistoryPacket kept;
  g_assert_true (cv_history_get (track.history, 102, &kept));
  g_assert_false (cv_history_get (track.history, 101, &kept));
  g_assert_false (cv_track_is_live (&track, 2000 * MS));
  cv_track_clear (&track);
}

/* An RTX packet as RFC 4588 has it: the original's number before its payload. */
static CvPacket *
make_rtx (Made *made, guint16 original)
{
  CvPacket *packet = make (made, 5000, FALSE, 30 * MS);
  memmove (made->data + 14, made->data + 12, 3);
  cv_write16 (made->data + 12, original);
  cv_write32 (made->data + 8, 8);
  made->data[1] = 0x80 | 97;
  packet->n += 2;
  return packet;
}

static void
test_rtx (void)
{
  CvTrack track;
  Made made;
  gboolean asks = FALSE;
  start (&track);
  track.window = (CvSrtpWindow){ .started = TRUE, .top = 65538 };
  cv_track_receive (&track, make (&made, 65535, TRUE, 0), &asks);
  cv_track_receive (&track, make (&made, 65538, FALSE, 0), &asks);
  CvPacket *packet = make_rtx (&made, 1); /* 65537 */
  g_assert_true (cv_track_unwrap_rtx (&track, packet, PT));
  g_assert_cmpuint (packet->index, ==, 65537);
  g_assert_cmpuint (packet->n, ==, 15);
  g_assert_cmpuint (packet->data[1], ==, 0x80 | PT);
  g_assert_cmpuint (cv_read16 (packet->data + 2), ==, 1);
  g_assert_cmpuint (cv_read32 (packet->data + 8), ==, 7);
  g_assert_true (cv_track_receive (&track, packet, &asks));
  g_assert_false (cv_track_unwrap_rtx (&track, make_rtx (&made, 1), PT)); /* it is there now */
  g_assert_false (cv_track_unwrap_rtx (&track, make_rtx (&made, 9), PT)); /* never missed */
  packet = make_rtx (&made, 0);
  packet->n = 13; /* padding: no original number in it */
  g_assert_false (cv_track_unwrap_rtx (&track, packet, PT));
  cv_track_clear (&track);
}

static void
test_keyframe_requests (void)
{
  CvTrack track;
  start (&track);
  g_assert_false (cv_track_take_keyframe_request (&track, 1000 * MS));
  cv_track_want_keyframe (&track);
  g_assert_true (cv_track_take_keyframe_request (&track, 1000 * MS));
  g_assert_false (cv_track_take_keyframe_request (&track, 1100 * MS)); /* too soon: later, but not never */
  g_assert_true (cv_track_take_keyframe_request (&track, 1300 * MS));
  cv_track_clear (&track);
}

static void
test_report (void)
{
  CvTrack track;
  Made made;
  CvRtcpBlock block;
  gboolean asks = FALSE;
  start (&track);
  g_assert_false (cv_track_report (&track, &block, 0));
  for (guint64 i = 0; i < 100; i++)
    if (i % 4 != 1)
      cv_track_receive (&track, make (&made, 1000 + i, i == 0, (gint64) i * 33333), &asks);
  CvRtcpItem report = { .type = CV_RTCP_SR, .ntp = G_GUINT64_CONSTANT (0x1234567890abcdef), .rtp_time = 5 };
  cv_track_sender_report (&track, &report, 4000 * MS);
  g_assert_true (cv_track_report (&track, &block, 4500 * MS));
  g_assert_cmpuint (block.ssrc, ==, 7);
  g_assert_cmpint (block.lost, ==, 25);
  g_assert_cmpuint (block.fraction_lost, ==, 64);
  g_assert_cmpuint (block.highest, ==, 1099);
  g_assert_cmphex (block.lsr, ==, 0x567890ab);
  g_assert_cmpuint (block.dlsr, ==, 32768);
  g_assert_cmpuint (block.jitter, <=, 2);
  g_assert_true (cv_track_report (&track, &block, 4600 * MS));
  g_assert_cmpuint (block.fraction_lost, ==, 0);
  cv_track_clear (&track);
}

static void
test_rate (void)
{
  CvTrack track;
  Made made;
  gboolean asks = FALSE;
  start (&track);
  cv_track_measure (&track, 1);
  for (guint64 i = 0; i < 100; i++)
    cv_track_receive (&track, make (&made, i, FALSE, (gint64) i * 10 * MS), &asks);
  cv_track_measure (&track, 1 + G_USEC_PER_SEC);
  g_assert_cmpuint (track.bps, ==, 15 * 8 * 100);
  cv_track_measure (&track, 1 + 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (track.bps, ==, 15 * 8 * 50);
  cv_track_clear (&track);
}

static void
test_restart (void)
{
  CvTrack track;
  Made made;
  CvHistoryPacket kept;
  gboolean asks = FALSE;
  start (&track);
  strcpy (track.rid, "q");
  cv_track_receive (&track, make (&made, 10, TRUE, 0), &asks);
  cv_track_restart (&track, 99);
  g_assert_cmpuint (track.ssrc, ==, 99);
  g_assert_cmpstr (track.rid, ==, "q");
  g_assert_cmpuint (track.width, ==, 640);
  g_assert_false (cv_history_get (track.history, 10, &kept));
  g_assert_true (cv_track_receive (&track, make (&made, 3, TRUE, 0), &asks));
  cv_track_clear (&track);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/track/receive", test_receive);
  g_test_add_func ("/track/rtx", test_rtx);
  g_test_add_func ("/track/keyframe-requests", test_keyframe_requests);
  g_test_add_func ("/track/report", test_report);
  g_test_add_func ("/track/rate", test_rate);
  g_test_add_func ("/track/restart", test_restart);
  return g_test_run ();
}
