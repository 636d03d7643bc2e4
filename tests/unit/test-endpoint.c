/* What becomes of an offer: sources, slots, and to which of them a packet belongs. */
#include "media/endpoint.h"

#include <string.h>
#include <sys/socket.h>

#include "lib/offers.h"

#define ALICE "paaaaaaaaaaaa"
#define FINGERPRINT "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA"
#define HEAD                                                                                                           \
  "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-ufrag:abcd\r\n"                      \
  "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\na=fingerprint:sha-256 " FINGERPRINT "\r\n"
#define AUDIO                                                                                                          \
  "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
#define VIDEO                                                                                                          \
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"        \
  "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"

typedef struct {
  CvDtlsIdentity *identity;
  CvSocket *socket;
} Fixture;

static void
on_datagram (guint8 *data, gsize n, const CvAddress *from, gint64 at, gpointer user_data)
{
}

static void
on_batch (gint64 now, gpointer user_data)
{
}

static void
on_changed (CvTransport *transport, gpointer user_data)
{
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const CvSocketFuncs funcs = { on_datagram, on_batch };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  self->identity = cv_dtls_identity_new (NULL);
  self->socket = cv_socket_new (&fd, 1, &funcs, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_socket_free (self->socket);
  cv_dtls_identity_free (self->identity);
}

static CvEndpoint *
make (Fixture *self, const CvSdpOffer *offer)
{
  g_autoptr (GError) error = NULL;
  CvTransport *transport = cv_transport_new (self->socket, self->identity, offer->fingerprint, 1, on_changed, NULL);
  CvEndpoint *endpoint = cv_endpoint_new (ALICE, offer, transport, &error);
  g_assert_no_error (error);
  return endpoint;
}

static CvEndpoint *
make_of_text (Fixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSdpOffer) offer = cv_sdp_parse_offer (text, strlen (text), &error);
  g_assert_no_error (error);
  return make (self, offer);
}

/* A packet with these extensions, as cv_endpoint_bind_stream() gets it. */
static CvStream *
bind_packet (CvEndpoint *endpoint, guint32 ssrc, guint8 type, const char *mid, const char *rid, const char *repaired)
{
  guint8 packet[100] = { 0x90, type };
  const struct {
    guint8 id;
    const char *text;
  } extensions[] = { { 4, mid }, { 10, rid }, { 11, repaired } };
  gsize at = CV_RTP_HEADER + 4;
  CvRtp rtp;
  CvSrtpWindow window = { .top = ssrc, .started = TRUE };
  cv_write32 (packet + 8, ssrc);
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++) {
    if (extensions[i].text == NULL)
      continue;
    gsize n = strlen (extensions[i].text);
    packet[at++] = (guint8) (extensions[i].id << 4 | (n - 1));
    memcpy (packet + at, extensions[i].text, n);
    at += n;
  }
  while (at % 4 != 0)
    at++;
  cv_write16 (packet + CV_RTP_HEADER, 0xbede);
  cv_write16 (packet + CV_RTP_HEADER + 2, (guint16) ((at - CV_RTP_HEADER) / 4 - 1));
  g_assert_true (cv_rtp_parse (&rtp, packet, sizeof packet));
  return cv_endpoint_bind_stream (endpoint, &rtp, packet, &window);
}

/* ---- offers ---- */

static void
test_lines (Fixture *self, gconstpointer data)
{
  g_autoptr (CvSdpOffer) offer = cv_offer_new (3, 5);
  CvEndpoint *endpoint = make (self, offer);
  static const char *const mids[CV_N_SOURCES] = { "0", "1", "2", "3" };
  for (guint i = 0; i < CV_N_SOURCES; i++) {
    g_assert_cmpstr (endpoint->sources[i]->media.mid, ==, mids[i]);
    g_assert_cmpint (endpoint->sources[i]->type, ==, i);
    g_assert_cmpuint (endpoint->sources[i]->n_tracks, ==, i == CV_SOURCE_CAMERA ? 3 : 1);
    g_assert_false (endpoint->sources[i]->may);
  }
  g_assert_cmpuint (endpoint->n_slots, ==, 8);
  for (guint i = 0; i < 8; i++) {
    g_assert_cmpint (endpoint->slots[i].kind, ==, i < 3 ? CV_KIND_AUDIO : CV_KIND_VIDEO);
    g_assert_cmpuint (endpoint->slots[i].number, ==, i < 3 ? i : i - 3);
  }
  g_assert_nonnull (endpoint->incoming);
  g_assert_nonnull (endpoint->outgoing);
  g_assert_nonnull (endpoint->bandwidth);
  cv_endpoint_set_may (endpoint, TRUE, FALSE, TRUE);
  g_assert_true (endpoint->sources[CV_SOURCE_MICROPHONE]->may);
  g_assert_false (endpoint->sources[CV_SOURCE_CAMERA]->may);
  g_assert_true (endpoint->sources[CV_SOURCE_SCREEN]->may);
  g_assert_true (endpoint->sources[CV_SOURCE_SCREEN_AUDIO]->may);
  g_assert_false (cv_endpoint_is_connected (endpoint));
  cv_endpoint_free (endpoint);
}

/* What only publishes, and what only watches: WHIP and WHEP. */
static void
test_one_way (Fixture *self, gconstpointer data)
{
  CvEndpoint *endpoint = make_of_text (self, HEAD AUDIO "a=sendonly\r\n" VIDEO "a=sendrecv\r\n");
  g_assert_cmpuint (endpoint->n_slots, ==, 0);
  g_assert_nonnull (endpoint->sources[CV_SOURCE_MICROPHONE]);
  g_assert_nonnull (endpoint->sources[CV_SOURCE_CAMERA]);
  g_assert_null (endpoint->sources[CV_SOURCE_SCREEN]);
  g_assert_null (endpoint->outgoing);
  g_assert_null (endpoint->incoming); /* was not offered */
  cv_endpoint_set_may (endpoint, TRUE, TRUE, TRUE);
  cv_endpoint_free (endpoint);

  endpoint = make_of_text (self, HEAD AUDIO "a=recvonly\r\n" VIDEO "a=recvonly\r\n");
  g_assert_cmpuint (endpoint->n_slots, ==, 2);
  for (guint i = 0; i < CV_N_SOURCES; i++)
    g_assert_null (endpoint->sources[i]);
  g_assert_null (bind_packet (endpoint, 1, 96, "1", NULL, NULL));
  cv_endpoint_free (endpoint);
}

static void
test_nothing (Fixture *self, gconstpointer data)
{
  static const char text[] = HEAD AUDIO "a=inactive\r\n" VIDEO "a=inactive\r\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSdpOffer) offer = cv_sdp_parse_offer (text, strlen (text), &error);
  if (offer == NULL)
    return; /* refused earlier */
  CvTransport *transport = cv_transport_new (self->socket, self->identity, offer->fingerprint, 1, on_changed, NULL);
  g_assert_null (cv_endpoint_new (ALICE, offer, transport, &error));
  g_assert_error (error, CV_SDP_ERROR, CV_SDP_ERROR_NO_CODEC);
  cv_transport_free (transport); /* the caller's still */
}

static void
test_answer (Fixture *self, gconstpointer data)
{
  static const char *const candidates[] = { "192.0.2.1 5000" };
  g_autoptr (CvSdpOffer) offer = cv_offer_new (1, 1);
  CvEndpoint *endpoint = make (self, offer);
  const guint8 *fingerprint = cv_dtls_identity_get_fingerprint (self->identity);
  g_autofree char *answer = cv_endpoint_answer (endpoint, offer, fingerprint, candidates, 1);
  g_autofree char *ufrag = g_strdup_printf ("a=ice-ufrag:%s\r\n", endpoint->transport->ufrag);
  g_autofree char *pwd = g_strdup_printf ("a=ice-pwd:%s\r\n", endpoint->transport->pwd);
  g_autofree char *sound = g_strdup_printf ("a=ssrc:%u cname:conclave\r\n", endpoint->slots[0].ssrc);
  g_autofree char *pair =
    g_strdup_printf ("a=ssrc-group:FID %u %u\r\n", endpoint->slots[1].ssrc, endpoint->slots[1].rtx_ssrc);
  const char *const parts[] = {
    ufrag, pwd, sound, pair, "192.0.2.1 5000 typ host", "a=msid:slot-5 5\r\n", "a=simulcast:recv q;h;f\r\n"
  };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_nonnull (strstr (answer, parts[i]));
  cv_endpoint_free (endpoint);
}

/* 64 lines; no two SSRCs of ours are alike, however often. */
static void
test_ssrcs (Fixture *self, gconstpointer data)
{
  g_autoptr (CvSdpOffer) offer = cv_offer_new (20, 40);
  g_assert_cmpuint (offer->n_media, ==, 64);
  for (guint round = 0; round < 200; round++) {
    g_autoptr (GHashTable) ssrcs = g_hash_table_new (g_direct_hash, g_direct_equal);
    CvEndpoint *endpoint = make (self, offer);
    g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (endpoint->ssrc)));
    for (guint i = 0; i < endpoint->n_slots; i++) {
      g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (endpoint->slots[i].ssrc)));
      g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (endpoint->slots[i].rtx_ssrc)));
    }
    cv_endpoint_free (endpoint);
  }
}

/* ---- streams ---- */

static void
test_streams (Fixture *self, gconstpointer data)
{
  g_autoptr (CvSdpOffer) offer = cv_offer_new (1, 1);
  CvEndpoint *endpoint = make (self, offer);
  CvSource *camera = endpoint->sources[CV_SOURCE_CAMERA], *screen = endpoint->sources[CV_SOURCE_SCREEN];
  g_assert_null (cv_endpoint_find_stream (endpoint, 0));
  CvStream *stream = bind_packet (endpoint, 1, 96, "1", "h", NULL);
  g_assert_true (stream->source == camera && stream->track == &camera->tracks[1] && !stream->rtx);
  g_assert_cmpuint (camera->tracks[1].window.top, ==, 1);
  stream = bind_packet (endpoint, 2, 97, "1", NULL, "h");
  g_assert_true (stream->track == &camera->tracks[1] && stream->rtx);
  g_assert_cmpuint (camera->tracks[1].rtx_window.top, ==, 2);
  stream = bind_packet (endpoint, 3, 96, "2", NULL, NULL);
  g_assert_true (stream->source == screen && stream->track == &screen->tracks[0]);
  stream = bind_packet (endpoint, 4, 111, "3", NULL, NULL);
  g_assert_true (stream->source == endpoint->sources[CV_SOURCE_SCREEN_AUDIO]);
  stream = bind_packet (endpoint, 5, 111, NULL, NULL, NULL); /* without a MID: the first that it can be */
  g_assert_true (stream->source == endpoint->sources[CV_SOURCE_MICROPHONE]);
  for (guint32 ssrc = 1; ssrc <= 5; ssrc++) {
    g_assert_cmpuint (cv_endpoint_find_stream (endpoint, ssrc)->ssrc, ==, ssrc);
    g_assert_true (cv_endpoint_find_stream (endpoint, ssrc) == cv_endpoint_find_stream (endpoint, ssrc));
  }
  g_assert_null (bind_packet (endpoint, 6, 96, "1", NULL, NULL));
  g_assert_null (bind_packet (endpoint, 6, 96, "1", "z", NULL));
  g_assert_null (bind_packet (endpoint, 6, 97, "1", "h", NULL));
  g_assert_null (bind_packet (endpoint, 6, 96, "0", NULL, NULL));
  g_assert_null (bind_packet (endpoint, 6, 96, "10", "h", NULL));
  g_assert_null (bind_packet (endpoint, 6, 50, "1", "h", NULL));
  g_assert_cmpuint (endpoint->n_streams, ==, 5);
  cv_endpoint_free (endpoint);
}

/* Another SSRC takes a stream's place for good, and so often only. */
static void
test_other_ssrc (Fixture *self, gconstpointer data)
{
  g_autoptr (CvSdpOffer) offer = cv_offer_new (1, 1);
  CvEndpoint *endpoint = make (self, offer);
  CvTrack *track = &endpoint->sources[CV_SOURCE_CAMERA]->tracks[2];
  bind_packet (endpoint, 1, 96, "1", "f", NULL);
  bind_packet (endpoint, 2, 97, "1", NULL, "f");
  g_assert_nonnull (bind_packet (endpoint, 100, 96, "1", "f", NULL));
  g_assert_cmpuint (track->ssrc, ==, 100);
  g_assert_cmpuint (track->window.top, ==, 100);
  g_assert_cmpuint (track->rtx_window.top, ==, 2); /* goes on, and knows what came */
  g_assert_true (cv_endpoint_find_stream (endpoint, 2)->track == track);
  g_assert_null (cv_endpoint_find_stream (endpoint, 1));
  g_assert_null (bind_packet (endpoint, 1, 96, "1", "f", NULL));
  g_assert_null (bind_packet (endpoint, 1, 96, "1", "q", NULL));
  g_assert_cmpuint (endpoint->n_streams, ==, 2);
  for (guint32 ssrc = 101; ssrc < 300; ssrc++)
    bind_packet (endpoint, ssrc, 96, "1", "f", NULL);
  g_assert_cmpuint (endpoint->n_retired, ==, CV_ENDPOINT_MAX_RETIRED);
  g_assert_cmpuint (endpoint->n_streams, ==, 2);
  g_assert_cmpuint (track->ssrc, ==, 100 + CV_ENDPOINT_MAX_RETIRED - 1);
  cv_endpoint_free (endpoint);
}

/* As many streams as there can be. */
static void
test_all_streams (Fixture *self, gconstpointer data)
{
  static const char *const rids[] = { "q", "h", "f" };
  g_autoptr (CvSdpOffer) offer = cv_offer_new (1, 1);
  CvEndpoint *endpoint = make (self, offer);
  for (guint32 round = 0; round < 3; round++) {
    guint32 ssrc = 100 * round + 1;
    for (guint i = 0; i < 3; i++) {
      g_assert_nonnull (bind_packet (endpoint, ssrc++, 96, "1", rids[i], NULL));
      g_assert_nonnull (bind_packet (endpoint, ssrc++, 97, "1", NULL, rids[i]));
    }
    g_assert_nonnull (bind_packet (endpoint, ssrc++, 96, "2", NULL, NULL));
    g_assert_nonnull (bind_packet (endpoint, ssrc++, 97, "2", NULL, NULL));
    g_assert_nonnull (bind_packet (endpoint, ssrc++, 111, "0", NULL, NULL));
    g_assert_nonnull (bind_packet (endpoint, ssrc++, 111, "3", NULL, NULL));
    g_assert_cmpuint (endpoint->n_streams, ==, 10);
  }
  g_assert_cmpuint (endpoint->n_streams, <=, CV_ENDPOINT_MAX_STREAMS);
  cv_endpoint_free (endpoint);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/endpoint/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("lines", test_lines);
  ADD ("one-way", test_one_way);
  ADD ("nothing", test_nothing);
  ADD ("answer", test_answer);
  ADD ("ssrcs", test_ssrcs);
  ADD ("streams", test_streams);
  ADD ("other-ssrc", test_other_ssrc);
  ADD ("all-streams", test_all_streams);
  return g_test_run ();
}
