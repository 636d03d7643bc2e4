/* What comes from a person: repaired, asked for again, reported on; and whatever else stands in it. */
#include "lib/rtc-room.h"
#include "lib/wait.h"

#include <string.h>

#define ALICE "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"
#define SCREEN_SSRC 2000
#define SOUND_SSRC 3000
#define LEVEL 20
#define OWN_SSRC 42 /* of the clients' reports */
#define MUTATED 20000

/* Alice shares her screen, which has one layer; Bob watches. */
typedef struct {
  CvRtcRoom *room;
  CvRtcClient *alice, *bob;
  CvRtcTrack screen, sound;
  CvSlot *slot; /* Bob's */
  CvTrack *track;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->room = cv_rtc_room_new ();
  self->alice = cv_rtc_room_add (self->room, ALICE, 2, 2);
  self->bob = cv_rtc_room_add (self->room, BOB, 2, 2);
  cv_rtc_track_init (&self->screen, self->alice, "2", NULL, SCREEN_SSRC);
  cv_rtc_track_init (&self->sound, self->alice, "0", NULL, SOUND_SSRC);
  CvSource *source = cv_rtc_room_get (self->room, ALICE)->sources[CV_SOURCE_SCREEN];
  self->track = &source->tracks[0];
  cv_test_wait_until (source->slots->len == 1);
  self->slot = g_ptr_array_index (source->slots, 0);
  cv_test_wait_until (self->slot->layer == 0);
  cv_rtc_track_frame (&self->screen, TRUE, 4, 0);
  cv_test_wait_until (cv_rtc_track_count (&self->screen, self->bob, self->screen.index - 1) == 1);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (self->alice->twice + self->alice->rejected, ==, 0);
  g_assert_cmpuint (self->bob->twice + self->bob->rejected, ==, 0);
  cv_rtc_track_clear (&self->screen);
  cv_rtc_track_clear (&self->sound);
  cv_rtc_client_free (self->alice);
  cv_rtc_client_free (self->bob);
  cv_rtc_room_free (self->room);
}

static void
send_pli (Fixture *self)
{
  guint8 out[100];
  CvRtcpWriter writer = { .out = out, .size = sizeof out };
  cv_rtcp_write_rr (&writer, OWN_SSRC, NULL, 0);
  cv_rtcp_write_pli (&writer, OWN_SSRC, self->slot->ssrc);
  cv_rtc_client_send_rtcp (self->bob, out, writer.n);
}

static guint
count_plis (Fixture *self)
{
  return cv_rtc_client_count_rtcp (self->alice, CV_RTCP_PLI, SCREEN_SSRC, NULL);
}

/* ---- losses on the way up ---- */

static void
test_repairs (Fixture *self, gconstpointer data)
{
  CvRtcpItem nack;
  guint16 seqs[CV_RTCP_MAX_NACKS];
  guint64 first = self->screen.index;
  cv_rtc_track_frame (&self->screen, FALSE, 6, 1 << 2 | 1 << 4);
  cv_test_wait_until (cv_rtc_client_count_rtcp (self->alice, CV_RTCP_NACK, SCREEN_SSRC, &nack) > 0);
  cv_test_wait_until (self->bob->packets->len == 8);
  cv_rtc_client_count_rtcp (self->alice, CV_RTCP_NACK, SCREEN_SSRC, &nack);
  g_assert_cmpuint (cv_rtcp_nack_list (&nack, seqs, G_N_ELEMENTS (seqs)), >=, 1);
  cv_rtc_track_repair (&self->screen, first + 2);
  cv_rtc_track_again (&self->screen, first + 4); /* late, not lost */
  cv_rtc_client_settle (self->bob);
  /* And the other way round: of no use any more. */
  cv_rtc_track_again (&self->screen, first + 2);
  cv_rtc_track_repair (&self->screen, first + 4);
  cv_rtc_track_repair (&self->screen, first + 1);
  cv_rtc_track_frame (&self->screen, FALSE, 1, 0);
  cv_test_wait_until (cv_rtc_track_count (&self->screen, self->bob, first + 6) == 1);
  for (guint64 i = 0; i < 6; i++)
    g_assert_cmpuint (cv_rtc_track_count (&self->screen, self->bob, first + i), ==, 1);
  guint asked = cv_rtc_client_count_rtcp (self->alice, CV_RTCP_NACK, SCREEN_SSRC, NULL);
  cv_test_pause (200);
  g_assert_cmpuint (cv_rtc_client_count_rtcp (self->alice, CV_RTCP_NACK, SCREEN_SSRC, NULL), ==, asked);
}

/* What does not come although it was asked for: a keyframe helps. */
static void
test_gives_up (Fixture *self, gconstpointer data)
{
  cv_rtc_track_frame (&self->screen, FALSE, 3, 1 << 1);
  cv_test_wait_until (count_plis (self) > 0);
  g_assert_cmpuint (cv_rtc_client_count_rtcp (self->alice, CV_RTCP_NACK, SCREEN_SSRC, NULL), ==, 10);
  self->screen.index += 500; /* more than is worth repairing */
  guint before = count_plis (self);
  cv_rtc_track_frame (&self->screen, TRUE, 3, 0);
  cv_rtc_client_settle (self->bob);
  self->screen.index += 500;
  cv_rtc_track_frame (&self->screen, FALSE, 3, 0);
  cv_test_wait_until (count_plis (self) > before);
}

/* Padding over RTX says nothing, whatever would be missing. */
static void
test_padding (Fixture *self, gconstpointer data)
{
  guint8 padding[200] = { 0 };
  self->screen.index = 65534;
  cv_rtc_track_frame (&self->screen, TRUE, 4, 1 << 2); /* number 0 is missing */
  cv_rtc_client_settle (self->bob);
  guint before = self->bob->packets->len;
  padding[sizeof padding - 1] = sizeof padding;
  CvRtcSend what = { .ssrc = self->screen.rtx_ssrc,
                     .index = self->screen.rtx_index++,
                     .type = CV_RTC_RTX,
                     .padded = TRUE,
                     .mid = "2",
                     .payload = padding,
                     .n = sizeof padding };
  cv_rtc_client_send (self->alice, &what);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (self->bob->packets->len, ==, before);
  cv_rtc_track_repair (&self->screen, 65536);
  cv_test_wait_until (cv_rtc_track_count (&self->screen, self->bob, 65536) == 1);
}

/* ---- keyframes ---- */

static void
test_keyframe_requests (Fixture *self, gconstpointer data)
{
  guint before = count_plis (self);
  send_pli (self);
  cv_test_wait_until (count_plis (self) == before + 1);
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < 50; i++)
    send_pli (self);
  cv_rtc_client_settle (self->bob);
  /* A few a second, however many ask; and it is not forgotten while none comes. */
  cv_test_wait_until (count_plis (self) >= before + 3);
  gint64 elapsed = g_get_monotonic_time () - start;
  g_assert_cmpint (count_plis (self), <=, before + 2 + elapsed / (300 * 1000));
  cv_rtc_track_frame (&self->screen, TRUE, 1, 0);
  cv_rtc_client_settle (self->bob);
  before = count_plis (self);
  cv_test_pause (700);
  g_assert_cmpuint (count_plis (self), <=, before + 1); /* one may have been on its way */
}

/* Nobody shows it: no need to ask. */
static void
test_nobody_shows_it (Fixture *self, gconstpointer data)
{
  send_pli (self);
  cv_test_wait_until (count_plis (self) > 0);
  cv_router_set_view (self->room->router, BOB, NULL, 0);
  cv_test_wait_until (self->slot->source == NULL);
  guint before = count_plis (self);
  cv_test_pause (1000);
  g_assert_cmpuint (count_plis (self), ==, before);
}

/* ---- reports ---- */

static void
test_reports (Fixture *self, gconstpointer data)
{
  guint8 out[100];
  CvRtcpWriter writer = { .out = out, .size = sizeof out };
  cv_rtcp_write_sr (&writer, SCREEN_SSRC, G_GUINT64_CONSTANT (0x1234567890abcdef), 5000, 4, 240);
  cv_rtc_client_send_rtcp (self->alice, out, writer.n);
  cv_rtc_track_frame (&self->screen, FALSE, 4, 1 << 1);
  CvRtcpItem report;
  const CvRtcpBlock *block = NULL;
  gint64 start = g_get_monotonic_time ();
  while (block == NULL) {
    cv_rtc_track_frame (&self->screen, FALSE, 1, 0);
    cv_test_pause (20);
    cv_test_iterate (start, "a report", G_STRLOC);
    cv_rtc_client_count_rtcp (self->alice, CV_RTCP_RR, 0, &report);
    for (guint i = 0; i < report.n_blocks; i++)
      if (report.blocks[i].ssrc == SCREEN_SSRC && report.blocks[i].lsr != 0)
        block = &report.blocks[i];
  }
  g_assert_cmphex (block->lsr, ==, 0x567890ab);
  g_assert_cmpuint (block->dlsr, <, 20 * 65536);
  g_assert_cmpint (block->lost, ==, 1);
  g_assert_cmpuint (block->highest, >=, 1007);
  g_assert_cmpuint (block->highest, <, self->screen.index);
}

/* Feedback names every packet that came, in order, with plausible times. */
static void
test_feedback (Fixture *self, gconstpointer data)
{
  CvTwccSender *sender = cv_twcc_sender_new ();
  CvTwccResult results[CV_TWCC_RESULTS];
  guint came = 0, lost = 0;
  gint64 last = 0;
  for (guint i = 0; i < 30; i++) {
    if (i % 5 == 4)
      self->alice->twcc++; /* lost */
    cv_rtc_track_frame (&self->screen, FALSE, 1, 0);
    cv_test_pause (5);
  }
  guint sent = self->alice->twcc;
  for (guint i = 0; i < sent; i++)
    g_assert_cmpuint (cv_twcc_sender_sent (sender, 1000 * i, 100, 0), ==, i);
  gint64 start = g_get_monotonic_time ();
  for (guint read = 0; came + lost < sent;) {
    for (; read < self->alice->reports->len; read++) {
      GBytes *report = g_ptr_array_index (self->alice->reports, read);
      CvRtcpReader reader;
      CvRtcpItem item;
      cv_rtcp_reader_init (&reader, g_bytes_get_data (report, NULL), g_bytes_get_size (report));
      while (cv_rtcp_reader_next (&reader, &item)) {
        guint n = item.type != CV_RTCP_TWCC
                    ? 0
                    : cv_twcc_sender_feedback (sender, item.fci, item.fci_n, results, G_N_ELEMENTS (results));
        for (guint i = 0; i < n; i++) {
          came += !results[i].lost;
          lost += results[i].lost;
          g_assert_true (results[i].lost || results[i].arrival_us >= last);
          last = MAX (last, results[i].arrival_us);
        }
      }
    }
    cv_test_iterate (start, "feedback", G_STRLOC);
  }
  g_assert_cmpuint (lost, ==, 6);
  cv_twcc_sender_free (sender);
}

/* ---- whose stream is it? ---- */

/* Packets that are authentic but of no line, or of the wrong one. */
static void
test_unknown_streams (Fixture *self, gconstpointer data)
{
  const CvEndpoint *alice = cv_rtc_room_get (self->room, ALICE);
  guint8 payload[50] = { 0x90, 0 };
  guint before = alice->n_streams;
  CvRtcSend what = {
    .ssrc = 6000, .index = 1, .type = CV_RTC_VP8, .mid = "9", .payload = payload, .n = sizeof payload
  };
  cv_rtc_client_send (self->alice, &what); /* no such line */
  what = (CvRtcSend){ .ssrc = 6001, .index = 1, .type = CV_RTC_VP8, .mid = "1", .payload = payload, .n = 50 };
  cv_rtc_client_send (self->alice, &what); /* a camera without layer */
  what.ssrc = 6002, what.rid = "x";
  cv_rtc_client_send (self->alice, &what); /* no such layer */
  what.ssrc = 6003, what.rid = "q", what.type = CV_RTC_OPUS;
  cv_rtc_client_send (self->alice, &what); /* sound on a camera's line */
  what.ssrc = 6004, what.type = 100;
  cv_rtc_client_send (self->alice, &what); /* a type that was not offered */
  what.ssrc = 6005, what.type = CV_RTC_RTX;
  cv_rtc_client_send (self->alice, &what); /* a repair without the layer that it repairs */
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (alice->n_streams, ==, before);
  what.ssrc = 6006, what.type = CV_RTC_VP8;
  cv_rtc_client_send (self->alice, &what);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (alice->n_streams, ==, before + 1);
  g_assert_cmpuint (alice->sources[CV_SOURCE_CAMERA]->tracks[0].ssrc, ==, 6006);
}

/* An SSRC that changes with each packet ends as one that does not go on, and not in a full memory. */
static void
test_many_ssrcs (Fixture *self, gconstpointer data)
{
  const CvEndpoint *alice = cv_rtc_room_get (self->room, ALICE);
  guint8 payload[50] = { 0x90, 0 };
  for (guint i = 0; i < 500; i++) {
    CvRtcSend what = { .ssrc = 7000 + i, .index = 1, .type = CV_RTC_VP8, .mid = "2", .payload = payload, .n = 50 };
    cv_rtc_client_send (self->alice, &what);
  }
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (alice->n_retired, ==, CV_ENDPOINT_MAX_RETIRED);
  g_assert_cmpuint (alice->n_streams, ==, 1);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_test_wait_until (cv_rtc_track_count (&self->sound, self->bob, 1000) == 1);
}

/* ---- replays ---- */

static void
test_replayed_rtcp (Fixture *self, gconstpointer data)
{
  send_pli (self);
  cv_test_wait_until (count_plis (self) > 0);
  cv_rtc_track_frame (&self->screen, TRUE, 1, 0);
  cv_rtc_client_settle (self->bob);
  /* The feedback timer must not take its place. */
  g_autoptr (GBytes) other = NULL;
  send_pli (self);
  other = g_bytes_ref (self->bob->last);
  cv_rtc_client_settle (self->bob);
  cv_test_pause (400);
  cv_rtc_track_frame (&self->screen, TRUE, 1, 0);
  cv_rtc_client_settle (self->bob);
  guint before = count_plis (self);
  for (guint i = 0; i < 20; i++)
    cv_rtc_client_send_raw (self->bob, g_bytes_get_data (other, NULL), g_bytes_get_size (other));
  cv_test_pause (400);
  g_assert_cmpuint (count_plis (self), ==, before);
}

/* ---- hostile ---- */

static void
mutate (guint8 *data, gsize n)
{
  for (guint i = (guint) g_test_rand_int_range (1, 6); i > 0; i--)
    data[g_test_rand_int_range (0, (int) n)] ^= (guint8) g_test_rand_int_range (1, 256);
}

static void
send_mutated_rtp (Fixture *self, guint64 index)
{
  guint8 packet[400] = { 0x90, CV_RTC_VP8 };
  CvRtp rtp;
  static CvSrtpWindow windows[4];
  static const guint8 head[] = { 0xbe, 0xde, 0, 2,    0x31, 0, 1,    0x40, '2',  0,    0,    0,    0x90, 0xc0,
                                 0x80, 9,    7, 0x10, 0,    0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01 };
  static const guint8 types[] = { CV_RTC_VP8, CV_RTC_RTX, CV_RTC_OPUS, 98 };
  guint ssrc = (guint) g_test_rand_int_range (0, 4);
  gsize n = (gsize) g_test_rand_int_range (CV_RTP_HEADER, 300);
  packet[1] = types[g_test_rand_int_range (0, 4)];
  memcpy (packet + CV_RTP_HEADER, head, sizeof head);
  mutate (packet, n);
  packet[0] = (guint8) (0x80 | (packet[0] & 0x3f));
  cv_write16 (packet + 2, (guint16) index);
  cv_write32 (packet + 8, 8000 + ssrc);
  if (!cv_rtp_parse (&rtp, packet, n))
    return;
  n = cv_srtp_protect_rtp (self->alice->send, &windows[ssrc], index, packet, rtp.header_n, packet + rtp.header_n,
                           n - rtp.header_n);
  if (n > 0)
    cv_rtc_client_send_raw (self->alice, packet, n);
}

static void
send_mutated_rtcp (Fixture *self)
{
  guint8 out[600];
  guint16 seqs[] = { 1, 2, 3, 30, 31 };
  CvRtcpBlock block = { .ssrc = self->slot->ssrc, .lost = 5 };
  CvRtcpWriter writer = { .out = out, .size = 400 };
  cv_rtcp_write_sr (&writer, SCREEN_SSRC, g_test_rand_int (), 5000, 4, 240);
  cv_rtcp_write_rr (&writer, OWN_SSRC, &block, 1);
  cv_rtcp_write_nack (&writer, OWN_SSRC, self->slot->ssrc, seqs, G_N_ELEMENTS (seqs));
  cv_rtcp_write_fir (&writer, OWN_SSRC, self->slot->ssrc, 1);
  cv_rtcp_write_twcc (&writer, OWN_SSRC, 0, (const guint8 *) "\0\1\0\3\0\0\1\0\x20\3\1\1\1", 13);
  mutate (out, writer.n);
  out[1] = 200; /* it must go for RTCP, from a sender that the window has room for */
  cv_write32 (out + 4, SCREEN_SSRC);
  cv_rtc_client_send_rtcp (self->bob, out, writer.n);
  if (self->alice->send != NULL)
    cv_rtc_client_send_rtcp (self->alice, out, writer.n);
}

static void
test_mutated (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < MUTATED; i++) {
    send_mutated_rtp (self, i + 1);
    if (i % 4 == 0)
      send_mutated_rtcp (self);
    if (i % 200 == 0) {
      cv_rtc_client_settle (self->bob);
      g_ptr_array_set_size (self->bob->packets, 0);
    }
  }
  cv_rtc_client_settle (self->alice);
  g_assert_cmpstr (cv_rtc_room_get_news (self->room, "state " ALICE), ==, "connected");
  g_assert_cmpstr (cv_rtc_room_get_news (self->room, "state " BOB), ==, "connected");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/receiver/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("repairs", test_repairs);
  ADD ("gives-up", test_gives_up);
  ADD ("padding", test_padding);
  ADD ("keyframe-requests", test_keyframe_requests);
  ADD ("nobody-shows-it", test_nobody_shows_it);
  ADD ("reports", test_reports);
  ADD ("feedback", test_feedback);
  ADD ("unknown-streams", test_unknown_streams);
  ADD ("many-ssrcs", test_many_ssrcs);
  ADD ("replayed-rtcp", test_replayed_rtcp);
  ADD ("mutated", test_mutated);
  return g_test_run ();
}
