/* A slot is one unbroken stream whatever is behind it, and nothing of it ever leaves twice under one number. */
#include "media/slot.h"

#include <string.h>

#define MS 1000
#define ROOM 1600
#define MID_ID 4
#define TWCC_ID 3

/* A source with three layers, a slot, and the client's end of its transport. */
typedef struct {
  CvSource *sources[2];
  CvSlot slot;
  CvSrtp *send, *receive;
  CvSrtpWindow window, rtx_window;
  guint8 out[ROOM];
  gsize n;
  /* of the last packet that the client got */
  CvRtp rtp;
  guint64 index;
  CvPayload payload;
  guint16 picture;
  guint8 tl0;
} Fixture;

static CvSdpMedia
make_media (gboolean sends)
{
  CvSdpMedia media = {
    .kind = CV_KIND_VIDEO, .mid = "12", .sends = sends, .receives = !sends, .twcc = TRUE, .nack = TRUE
  };
  media.payload_type[CV_CODEC_VP8] = sends ? 96 : 100;
  media.rtx_type[CV_CODEC_VP8] = sends ? 97 : 101;
  media.extension[CV_EXTENSION_MID] = MID_ID;
  media.extension[CV_EXTENSION_TWCC] = TWCC_ID;
  media.extension_receives[CV_EXTENSION_MID] = media.extension_receives[CV_EXTENSION_TWCC] = TRUE;
  if (sends) {
    media.n_rids = 3;
    strcpy (media.rids[0], "q");
    strcpy (media.rids[1], "h");
    strcpy (media.rids[2], "f");
  }
  return media;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  guint8 key[CV_SRTP_MAX_KEY] = { 1, 2, 3 }, salt[CV_SRTP_MAX_SALT] = { 4, 5, 6 };
  CvSdpMedia sends = make_media (TRUE), receives = make_media (FALSE);
  self->send = cv_srtp_new (CV_SRTP_AEAD_AES_128_GCM, key, salt);
  self->receive = cv_srtp_new (CV_SRTP_AEAD_AES_128_GCM, key, salt);
  self->sources[0] = cv_source_new (CV_SOURCE_CAMERA, "paaaaaaaaaaaa", &sends);
  self->sources[1] = cv_source_new (CV_SOURCE_CAMERA, "pbbbbbbbbbbbb", &sends);
  for (guint s = 0; s < 2; s++)
    for (guint i = 0; i < 3; i++)
      self->sources[s]->tracks[i].ssrc = 1000 * (s + 1) + i;
  cv_slot_init (&self->slot, &receives, 0, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_slot_assign (&self->slot, NULL);
  cv_source_free (self->sources[0]);
  cv_source_free (self->sources[1]);
  cv_srtp_free (self->send);
  cv_srtp_free (self->receive);
}

typedef struct {
  guint8 data[200];
  CvPacket packet;
} Made;

/* VP8 with 15 bits of picture id and TL0PICIDX; the payload tells the layer and the index that it was made for. */
static CvPacket *
make (Made *made, guint layer, guint64 index, gboolean keyframe, gint64 at)
{
  guint8 *p = made->data;
  memset (made, 0, sizeof *made);
  p[0] = 0x80;
  p[1] = 96;
  cv_write16 (p + 2, (guint16) index);
  cv_write32 (p + 4, (guint32) (index * 3000 + layer * 7777777));
  cv_write32 (p + 8, 1000 + layer);
  p[12] = 0x90; /* X, S */
  p[13] = 0xc0; /* I, L */
  cv_write16 (p + 14, (guint16) (0x8000 | ((index + layer * 5000) & 0x7fff)));
  p[16] = (guint8) (index + layer * 50);
  p[17] = keyframe ? 0x10 : 0x11; /* P: 0 is a keyframe */
  p[20] = 0x9d, p[21] = 0x01, p[22] = 0x2a;
  cv_write64 (p + 40, index);
  p[48] = (guint8) layer;
  made->packet = (CvPacket){
    .data = p,
    .n = 100,
    .header_n = 12,
    .index = index,
    .timestamp = cv_read32 (p + 4),
    .codec = CV_CODEC_VP8,
    .at = at,
  };
  cv_payload_inspect (&made->packet.payload, CV_CODEC_VP8, p + 12, 88);
  g_assert_cmpint (made->packet.payload.keyframe, ==, keyframe);
  return &made->packet;
}

/* Opens what was written, as the client would. */
static void
open_packet (Fixture *self, gboolean rtx)
{
  guint8 packet[ROOM];
  memcpy (packet, self->out, self->n);
  g_assert_true (cv_rtp_parse (&self->rtp, packet, self->n));
  g_assert_cmpuint (self->rtp.ssrc, ==, rtx ? self->slot.rtx_ssrc : self->slot.ssrc);
  g_assert_cmpuint (self->rtp.payload_type, ==, rtx ? 101 : 100);
  g_assert_true (cv_srtp_unprotect_rtp (self->receive, rtx ? &self->rtx_window : &self->window, packet,
                                        self->rtp.header_n, &self->n, &self->index));
  memcpy (self->out, packet, self->n);
  const guint8 *payload = packet + self->rtp.header_n + (rtx ? 2 : 0);
  cv_payload_inspect (&self->payload, CV_CODEC_VP8, payload, self->n - (gsize) (payload - packet));
  self->picture = cv_vp8_get_picture_id (&self->payload, payload);
  self->tl0 = cv_vp8_get_tl0 (&self->payload, payload);
}

/* FALSE: the slot does not show it. */
static gboolean
pass (Fixture *self, guint source, guint layer, const CvPacket *packet)
{
  CvStretch as;
  if (self->slot.source != self->sources[source] ||
      !cv_slot_accept (&self->slot, &self->sources[source]->tracks[layer], packet, &as))
    return FALSE;
  cv_history_put (self->sources[source]->tracks[layer].history, packet->index, packet->data, packet->n,
                  packet->header_n, packet->at);
  self->n = cv_slot_write (&self->slot, packet, &as, self->send, 4711, self->out);
  if (self->n > 0)
    open_packet (self, FALSE);
  return self->n > 0;
}

static void
test_begins (Fixture *self, gconstpointer data)
{
  Made made;
  g_assert_false (pass (self, 0, 0, make (&made, 0, 1, TRUE, MS)));
  cv_slot_assign (&self->slot, self->sources[0]);
  g_assert_false (pass (self, 0, 0, make (&made, 0, 2, TRUE, MS))); /* no layer was chosen */
  cv_slot_set_layer (&self->slot, 0);
  g_assert_true (self->sources[0]->tracks[0].keyframe_wanted);
  g_assert_false (pass (self, 0, 0, make (&made, 0, 3, FALSE, MS)));
  g_assert_false (pass (self, 0, 1, make (&made, 1, 3, TRUE, MS)));
  g_assert_true (pass (self, 0, 0, make (&made, 0, 4, TRUE, MS)));
  guint64 first = self->index;
  g_assert_cmpuint (self->rtp.extension_n[MID_ID], ==, 2);
  g_assert_cmpmem (self->out + self->rtp.extension_at[MID_ID], 2, "12", 2);
  g_assert_cmpuint (cv_read16 (self->out + self->rtp.extension_at[TWCC_ID]), ==, 4711);
  g_assert_false (pass (self, 0, 0, make (&made, 0, 3, FALSE, MS))); /* from before the keyframe */
  g_assert_true (pass (self, 0, 0, make (&made, 0, 6, FALSE, MS)));
  g_assert_cmpuint (self->index, ==, first + 2);
  g_assert_true (pass (self, 0, 0, make (&made, 0, 5, FALSE, MS))); /* late, but in its place */
  g_assert_cmpuint (self->index, ==, first + 1);
}

/* Numbers, times and VP8's counters go on without a break from layer to layer and from person to person. */
static void
test_changes (Fixture *self, gconstpointer data)
{
  Made made;
  gint64 at = MS;
  guint64 in[2][3] = { { 65000, 200, 300 }, { 40000, 500, 600 } };
  guint64 index = 0;
  guint32 timestamp = 0;
  guint16 picture = 0;
  guint8 tl0 = 0;
  gboolean started = FALSE;
  cv_slot_assign (&self->slot, self->sources[0]);
  for (guint turn = 0; turn < 40; turn++) {
    guint source = turn / 10 % 2, layer = turn % 3;
    cv_slot_assign (&self->slot, self->sources[source]);
    cv_slot_set_layer (&self->slot, (int) layer);
    for (guint i = 0; i < 30; i++) {
      at += 33 * MS;
      for (guint l = 0; l < 3; l++) {
        gboolean keyframe = i == 5 + l;
        if (!pass (self, source, l, make (&made, l, in[source][l]++, keyframe, at)))
          continue;
        if (started) {
          g_assert_cmpuint (self->index, ==, index + 1);
          g_assert_cmpuint (self->rtp.timestamp - timestamp, >=, 2900);
          g_assert_cmpuint (self->rtp.timestamp - timestamp, <, 90000);
          g_assert_cmpuint (self->picture, ==, (picture + 1) & 0x7fff);
          g_assert_cmpuint (self->tl0, ==, (tl0 + 1) & 0xff);
        }
        started = TRUE;
        index = self->index;
        timestamp = self->rtp.timestamp;
        picture = self->picture;
        tl0 = self->tl0;
      }
    }
  }
  g_assert_cmpuint (self->slot.packets, >, 900);
}

static void
test_rtx (Fixture *self, gconstpointer data)
{
  Made made;
  gint64 at = MS;
  guint16 seqs[40];
  guint16 pictures[40];
  cv_slot_assign (&self->slot, self->sources[0]);
  for (guint i = 0; i < 40; i++) { /* in the middle the layer changes */
    guint layer = i < 20 ? 0 : 2;
    cv_slot_set_layer (&self->slot, (int) layer);
    g_assert_true (pass (self, 0, layer, make (&made, layer, 65530 + i, i % 20 == 0, at += 33 * MS)));
    seqs[i] = self->rtp.seq;
    pictures[i] = self->picture;
  }
  for (guint i = 0; i < 40; i++) {
    g_assert_cmpuint (cv_slot_find_sent (&self->slot, seqs[i]), ==, 100);
    self->n = cv_slot_write_rtx (&self->slot, seqs[i], self->send, 1, self->out);
    g_assert_cmpuint (self->n, >, 0);
    open_packet (self, TRUE);
    const guint8 *payload = self->out + self->rtp.header_n;
    g_assert_cmpuint (cv_read16 (payload), ==, seqs[i]);
    g_assert_cmpuint (self->picture, ==, pictures[i]);
    g_assert_cmpuint (cv_read64 (payload + 2 + 28), ==, 65530 + i);
    g_assert_cmpuint (payload[2 + 36], ==, i < 20 ? 0 : 2);
  }
  g_assert_cmpuint (cv_slot_find_sent (&self->slot, (guint16) (seqs[39] + 1)), ==, 0); /* not sent yet */
  g_assert_cmpuint (cv_slot_find_sent (&self->slot, (guint16) (seqs[0] - 1)), ==, 0);
  g_assert_cmpuint (cv_slot_write_rtx (&self->slot, (guint16) (seqs[39] + 1), self->send, 1, self->out), ==, 0);
  cv_slot_assign (&self->slot, NULL);
  g_assert_cmpuint (cv_slot_find_sent (&self->slot, seqs[39]), ==, 0);
}

static void
test_padding (Fixture *self, gconstpointer data)
{
  cv_slot_assign (&self->slot, self->sources[0]);
  g_assert_true (cv_slot_can_pad (&self->slot));
  self->sources[0]->codec = CV_CODEC_H264; /* which this client has not */
  g_assert_false (cv_slot_can_pad (&self->slot));
  self->sources[0]->codec = CV_CODEC_VP8;
  self->n = cv_slot_write_padding (&self->slot, 200, self->send, 1, self->out);
  open_packet (self, TRUE);
  g_assert_true (self->rtp.padded);
  g_assert_cmpuint (self->n, ==, self->rtp.header_n + 200);
  g_assert_cmpuint (self->out[self->n - 1], ==, 200);
}

/* Whatever comes in whatever order: no number of either stream is used twice. The key's windows refuse it, and what
 * does go out is seen here once only. */
static void
test_never_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint64 top[2][3] = { { 65000, 65100, 65200 }, { 10, 20, 30 } };
  guint sent = 0, repeated = 0;
  Made made;
  cv_slot_assign (&self->slot, self->sources[0]);
  for (guint i = 0; i < 60000; i++) {
    guint source = g_rand_int_range (rand, 0, 2), layer = (guint) g_rand_int_range (rand, 0, 3);
    int action = g_rand_int_range (rand, 0, 100);
    guint64 index = top[source][layer] + 1;
    if (action < 1)
      cv_slot_assign (&self->slot, self->sources[source]);
    else if (action < 3)
      cv_slot_set_layer (&self->slot, g_rand_int_range (rand, -1, 3));
    else if (action < 4)
      cv_slot_interrupt (&self->slot, &self->sources[source]->tracks[layer]);
    else if (action < 14) /* an old one again */
      index -= (guint64) g_rand_int_range (rand, 1, 9);
    else if (action < 20) /* some were lost */
      index += (guint64) g_rand_int_range (rand, 1, 50);
    else if (action < 30) {
      guint16 seq = (guint16) (self->slot.top - (guint64) g_rand_int_range (rand, 0, 20));
      self->n = cv_slot_write_rtx (&self->slot, seq, self->send, 1, self->out);
      if (self->n > 0) {
        open_packet (self, TRUE);
        g_assert_true (g_hash_table_add (seen, g_memdup2 (&(gint64){ (gint64) (self->index | 1ull << 60) }, 8)));
        repeated++;
      }
      continue;
    }
    top[source][layer] = MAX (top[source][layer], index);
    if (!pass (self, source, layer,
               make (&made, layer, index, g_rand_int_range (rand, 0, 5) == 0, (gint64) (i + 1) * MS)))
      continue;
    g_assert_true (g_hash_table_add (seen, g_memdup2 (&(gint64){ (gint64) self->index }, 8)));
    sent++;
  }
  g_assert_cmpuint (sent, >, 3000);
  g_assert_cmpuint (repeated, >, 1000);
}

static void
test_pauses (Fixture *self, gconstpointer data)
{
  Made made;
  cv_slot_assign (&self->slot, self->sources[0]);
  cv_slot_set_layer (&self->slot, 1);
  g_assert_true (pass (self, 0, 1, make (&made, 1, 10, TRUE, MS)));
  guint64 index = self->index;
  cv_slot_set_layer (&self->slot, -1);
  g_assert_false (pass (self, 0, 1, make (&made, 1, 11, TRUE, MS)));
  cv_slot_set_layer (&self->slot, 1);
  g_assert_false (pass (self, 0, 1, make (&made, 1, 12, FALSE, MS)));
  g_assert_true (pass (self, 0, 1, make (&made, 1, 13, TRUE, 10000 * MS)));
  g_assert_cmpuint (self->index, ==, index + 1);
}

static void
test_report (Fixture *self, gconstpointer data)
{
  Made made;
  guint8 out[200];
  CvRtcpWriter writer = { .out = out, .size = sizeof out };
  CvTrack *track = &self->sources[0]->tracks[0];
  cv_slot_assign (&self->slot, self->sources[0]);
  cv_slot_set_layer (&self->slot, 0);
  g_assert_false (cv_slot_write_report (&self->slot, &writer, "c", 0));
  g_assert_true (pass (self, 0, 0, make (&made, 0, 10, TRUE, 1000 * MS)));
  track->sr_ntp = 5ull << 32;
  track->sr_rtp = 30000;
  track->sr_at = 2000 * MS;
  g_assert_true (cv_slot_write_report (&self->slot, &writer, "c", 3500 * MS));
  CvRtcpReader reader;
  CvRtcpItem item;
  cv_rtcp_reader_init (&reader, out, writer.n);
  g_assert_true (cv_rtcp_reader_next (&reader, &item));
  g_assert_cmpint (item.type, ==, CV_RTCP_SR);
  g_assert_cmpuint (item.sender, ==, self->slot.ssrc);
  g_assert_cmpuint (item.ntp >> 31, ==, 13); /* 6.5 s */
  g_assert_cmpuint (item.rtp_time, ==, 30000 + 135000);
  g_assert_cmpuint (item.packets, ==, 1);
  g_assert_cmpuint (item.octets, ==, 88);
}

static void
test_codec (Fixture *self, gconstpointer data)
{
  Made made;
  CvPacket *packet = make (&made, 0, 10, TRUE, MS);
  cv_slot_assign (&self->slot, self->sources[0]);
  cv_slot_set_layer (&self->slot, 0);
  packet->codec = CV_CODEC_H264;
  g_assert_false (cv_slot_takes (&self->slot, CV_CODEC_H264));
  g_assert_false (pass (self, 0, 0, packet));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/slot/begins", test_begins);
  ADD ("/slot/changes", test_changes);
  ADD ("/slot/rtx", test_rtx);
  ADD ("/slot/padding", test_padding);
  ADD ("/slot/never-twice", test_never_twice);
  ADD ("/slot/pauses", test_pauses);
  ADD ("/slot/report", test_report);
  ADD ("/slot/codec", test_codec);
  return g_test_run ();
}
