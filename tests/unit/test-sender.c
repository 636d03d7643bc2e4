/* What goes to a person: sent again where they ask, within reason, reported on, probed; and no number of a key twice. */
#include "lib/rtc-room.h"
#include "lib/wait.h"

#include <string.h>

#define ALICE "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"
#define CAROL "pcccccccccccc"
#define LEVEL 20
#define OWN_SSRC 42
#define PACE_MS 10

/* Alice shares her screen, which has one layer, and her camera, which has three; Bob watches. */
typedef struct {
  CvRtcRoom *room;
  CvRtcClient *alice, *bob;
  CvRtcTrack screen, layers[3], sound;
  CvSource *source;
  CvSlot *slot; /* Bob's, with the screen */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const rids[] = { "q", "h", "f" };
  self->room = cv_rtc_room_new ();
  self->alice = cv_rtc_room_add (self->room, ALICE, 2, 2);
  self->bob = cv_rtc_room_add (self->room, BOB, 2, 2);
  for (guint i = 0; i < 3; i++)
    cv_rtc_track_init (&self->layers[i], self->alice, "1", rids[i], 1000 + i);
  cv_rtc_track_init (&self->screen, self->alice, "2", NULL, 2000);
  cv_rtc_track_init (&self->sound, self->alice, "0", NULL, 3000);
  self->source = cv_rtc_room_get (self->room, ALICE)->sources[CV_SOURCE_SCREEN];
  cv_test_wait_until (self->source->slots->len == 1);
  self->slot = g_ptr_array_index (self->source->slots, 0);
  cv_test_wait_until (self->slot->layer == 0);
  cv_rtc_track_frame (&self->screen, TRUE, 4, 0);
  cv_test_wait_until (cv_rtc_track_count (&self->screen, self->bob, self->screen.index - 1) == 1);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (self->alice->twice + self->alice->rejected, ==, 0);
  g_assert_cmpuint (self->bob->twice + self->bob->rejected, ==, 0);
  for (guint i = 0; i < 3; i++)
    cv_rtc_track_clear (&self->layers[i]);
  cv_rtc_track_clear (&self->screen);
  cv_rtc_track_clear (&self->sound);
  cv_rtc_client_free (self->alice);
  cv_rtc_client_free (self->bob);
  cv_rtc_room_free (self->room);
}

static void
send_nack (CvRtcClient *client, guint32 ssrc, const guint16 *seqs, guint n)
{
  guint8 out[1200];
  CvRtcpWriter writer = { .out = out, .size = sizeof out };
  cv_rtcp_write_rr (&writer, OWN_SSRC, NULL, 0);
  g_assert_true (cv_rtcp_write_nack (&writer, OWN_SSRC, ssrc, seqs, n));
  cv_rtc_client_send_rtcp (client, out, writer.n);
}

/* ---- retransmission ---- */

static void
test_sends_again (Fixture *self, gconstpointer data)
{
  guint64 first = self->slot->top - 3;
  guint16 seqs[] = { (guint16) first, (guint16) (first + 2), (guint16) (first + 900), (guint16) (first - 5) };
  send_nack (self->bob, self->slot->ssrc, seqs, G_N_ELEMENTS (seqs));
  cv_test_wait_until (cv_rtc_client_count (self->bob, self->slot->rtx_ssrc) == 2);
  const CvRtcPacket *packet = cv_rtc_client_get_last (self->bob, self->slot->rtx_ssrc);
  g_assert_cmpuint (packet->type, ==, CV_RTC_RTX);
  g_assert_cmpuint (cv_read16 (packet->payload), ==, seqs[1]);
  g_assert_cmpuint (packet->timestamp, ==, cv_rtc_client_get_last (self->bob, self->slot->ssrc)->timestamp);
  g_assert_cmpint (packet->twcc, >=, 0);
  g_assert_cmpuint (cv_rtc_track_count (&self->screen, self->bob, 1002), ==, 2);
  /* Of another's stream, of RTX itself, of nobody's: nothing. */
  send_nack (self->bob, self->slot->rtx_ssrc, seqs, G_N_ELEMENTS (seqs));
  send_nack (self->bob, 4711, seqs, G_N_ELEMENTS (seqs));
  send_nack (self->alice, self->slot->ssrc, seqs, G_N_ELEMENTS (seqs));
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (cv_rtc_client_count (self->bob, self->slot->rtx_ssrc), ==, 2);
  g_assert_cmpuint (self->alice->packets->len, ==, 0);
}

/* What came from a layer before is still there after the change, what was somebody else's is not. */
static void
test_sends_again_later (Fixture *self, gconstpointer data)
{
  guint16 seq = (guint16) self->slot->top;
  cv_rtc_track_frame (&self->screen, FALSE, 2, 0);
  cv_rtc_client_settle (self->bob);
  cv_router_set_may (self->room->router, ALICE, TRUE, TRUE, FALSE);
  send_nack (self->bob, self->slot->ssrc, &seq, 1);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (cv_rtc_client_count (self->bob, self->slot->rtx_ssrc), ==, 0);
}

/* Who asks for everything, always, gets no more than the path takes. */
static void
test_asks_for_too_much (Fixture *self, gconstpointer data)
{
  guint16 seqs[200];
  for (guint i = 0; i < 100; i++)
    cv_rtc_track_frame (&self->screen, FALSE, 2, 0);
  cv_rtc_client_settle (self->bob);
  CvEndpoint *bob = cv_rtc_room_get (self->room, BOB);
  guint64 sent = bob->sent_bytes;
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    seqs[i] = (guint16) (self->slot->top - G_N_ELEMENTS (seqs) + 1 + i);
  for (guint i = 0; i < 200; i++) {
    send_nack (self->bob, self->slot->ssrc, seqs, G_N_ELEMENTS (seqs));
    if (i % 20 == 0)
      cv_rtc_client_settle (self->bob);
  }
  cv_rtc_client_settle (self->bob);
  gint64 elapsed = g_get_monotonic_time () - start;
  g_assert_cmpuint (bob->retransmitted, >, 200);
  g_assert_cmpuint (bob->sent_bytes - sent, <, 300 * 1000 + (guint64) elapsed);
}

/* ---- reports ---- */

static void
test_reports (Fixture *self, gconstpointer data)
{
  guint8 out[100];
  CvRtcpWriter writer = { .out = out, .size = sizeof out };
  CvRtcpItem report;
  guint64 ntp = G_GUINT64_CONSTANT (0xe000000000000000);
  cv_slot_interrupt (self->slot, NULL); /* from here on its timestamps are others than the publisher's */
  self->screen.timestamp += 123456789;
  cv_rtc_track_frame (&self->screen, TRUE, 2, 0);
  cv_rtcp_write_sr (&writer, 2000, ntp, self->screen.timestamp - 90000, 4, 240);
  cv_rtc_client_send_rtcp (self->alice, out, writer.n);
  cv_rtc_track_frame (&self->screen, FALSE, 2, 0);
  cv_test_wait_until (cv_rtc_client_count_rtcp (self->bob, CV_RTCP_SR, self->slot->ssrc, &report) > 0 &&
                      report.ntp >> 32 >= ntp >> 32 && report.ntp >> 32 < (ntp >> 32) + 60);
  /* Its two times tell the same story as the publisher's. */
  guint64 elapsed = (report.ntp - ntp) * 90000 >> 32;
  guint32 expected = self->screen.timestamp - 3000 - 90000 + (guint32) elapsed;
  const CvRtcPacket *last = cv_rtc_client_get_last (self->bob, self->slot->ssrc);
  guint32 offset = last->timestamp - self->screen.timestamp;
  g_assert_cmpint (ABS ((gint32) (report.rtp_time - offset - expected)), <, 2 * 90);
  g_assert_cmpuint (offset, !=, 0);
  g_assert_cmpuint (report.packets, ==, 8);
  g_assert_cmpuint (report.octets, ==, 8 * 60);
}

/* ---- probes ---- */

static void
test_probes (Fixture *self, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();
  guint padding = 0;
  CvTile tile = { .person = ALICE, .source = CV_SOURCE_CAMERA, .width = 1280 };
  cv_router_set_view (self->room->router, BOB, &tile, 1);
  while (padding == 0) {
    /* The best layer is more than the path is known to take, and the others are too little to be a probe by themselves. */
    for (guint k = 0; k < 3; k++)
      cv_rtc_track_frame (&self->layers[k], k == 2, k == 2 ? 250 : k + 1, 0);
    cv_test_pause (PACE_MS);
    cv_test_iterate (start, "padding", G_STRLOC);
    for (guint i = 0; i < self->bob->packets->len; i++) {
      const CvRtcPacket *packet = g_ptr_array_index (self->bob->packets, i);
      if (packet->type == CV_RTC_RTX && packet->n == 255 && packet->payload[254] == 255)
        padding++;
    }
  }
}

/* ---- never twice ---- */

static void
ask_for_some (CvRtcClient *client)
{
  guint8 out[1200];
  guint slot = (guint) g_test_rand_int_range (0, (int) client->n_slots);
  CvRtcpWriter writer = { .out = out, .size = sizeof out };
  const CvRtcPacket *last = cv_rtc_client_get_last (client, client->slots[slot].ssrc);
  guint16 seqs[20];
  if (last == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    seqs[i] = (guint16) (last->index - 40 + 2 * i);
  cv_rtcp_write_rr (&writer, OWN_SSRC, NULL, 0);
  cv_rtcp_write_nack (&writer, OWN_SSRC, client->slots[slot].ssrc, seqs, G_N_ELEMENTS (seqs));
  if (g_test_rand_int_range (0, 5) == 0)
    cv_rtcp_write_pli (&writer, OWN_SSRC, client->slots[slot].ssrc);
  cv_rtc_client_send_rtcp (client, out, writer.n);
}

static void
send_some (CvRtcTrack *track)
{
  guint64 first = track->index;
  guint packets = (guint) g_test_rand_int_range (1, 8), lost = (guint) g_test_rand_int () & (guint) g_test_rand_int ();
  if (g_test_rand_int_range (0, 50) == 0)
    track->index += (guint64) g_test_rand_int_range (1, 40000); /* a break */
  first = track->index;
  cv_rtc_track_frame (track, g_test_rand_int_range (0, 6) == 0, packets, lost);
  for (guint i = packets; i > 0; i--) { /* late, the last ones first, or repaired, or both */
    if ((lost & 1u << (i - 1)) == 0)
      continue;
    int how = g_test_rand_int_range (0, 4);
    if (how & 1)
      cv_rtc_track_repair (track, first + i - 1);
    if (how & 2)
      cv_rtc_track_again (track, first + i - 1);
  }
}

static void
turn_about (Fixture *self)
{
  CvTile tiles[] = { { ALICE, CV_SOURCE_CAMERA, 160 }, { ALICE, CV_SOURCE_SCREEN, 1280 } };
  tiles[0].width = (guint) g_test_rand_int_range (100, 1300);
  switch (g_test_rand_int_range (0, 8)) {
  case 0:
    cv_router_set_view (self->room->router, BOB, tiles, (guint) g_test_rand_int_range (0, 3));
    break;
  case 1:
    cv_router_set_may (self->room->router, ALICE, TRUE, g_test_rand_bit (), g_test_rand_bit ());
    break;
  case 2:
    cv_router_set_may (self->room->router, ALICE, TRUE, TRUE, TRUE);
    cv_router_set_view (self->room->router, BOB, tiles, 2);
    break;
  default:
    for (guint i = 0; i < self->source->slots->len; i++)
      cv_slot_set_layer (g_ptr_array_index (self->source->slots, i), g_test_rand_int_range (-1, 1));
    break;
  }
}

/* Switches layers as the estimate never would. */
static void
switch_layers (Fixture *self)
{
  CvSource *camera = cv_rtc_room_get (self->room, ALICE)->sources[CV_SOURCE_CAMERA];
  for (guint i = 0; i < camera->slots->len; i++)
    cv_slot_set_layer (g_ptr_array_index (camera->slots, i), g_test_rand_int_range (-1, 3));
}

static void
test_never_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (CvRtcClient) carol = cv_rtc_room_add (self->room, CAROL, 2, 2);
  gint64 end = g_get_monotonic_time () + 6 * G_USEC_PER_SEC;
  guint rounds = 0;
  while (g_get_monotonic_time () < end || rounds < 300) {
    rounds++;
    for (guint k = 0; k < 3; k++)
      send_some (&self->layers[k]);
    send_some (&self->screen);
    cv_rtc_track_sound (&self->sound, LEVEL);
    if (rounds % 3 == 0)
      switch_layers (self);
    ask_for_some (self->bob);
    ask_for_some (carol);
    if (rounds % 10 == 0)
      turn_about (self);
    if (rounds % 2 == 0)
      cv_test_pause (2);
  }
  cv_rtc_client_settle (self->bob);
  cv_rtc_client_settle (carol);
  guint retransmitted = 0;
  for (guint i = 0; i < self->bob->n_slots; i++)
    if (self->bob->slots[i].rtx_ssrc != 0)
      retransmitted += cv_rtc_client_count (self->bob, self->bob->slots[i].rtx_ssrc);
  g_assert_cmpuint (self->bob->packets->len, >, 300);
  g_assert_cmpuint (retransmitted, >, 20);
  g_assert_cmpuint (carol->twice + carol->rejected, ==, 0);
  g_test_message ("%u rounds, %u packets, %u of them again", rounds, self->bob->packets->len, retransmitted);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/sender/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("sends-again", test_sends_again);
  ADD ("sends-again-later", test_sends_again_later);
  ADD ("asks-for-too-much", test_asks_for_too_much);
  ADD ("reports", test_reports);
  ADD ("probes", test_probes);
  ADD ("never-twice", test_never_twice);
  return g_test_run ();
}
