/* Answers: nothing that was not offered, every m-line in its place. */
#include "media/sdp-answer.h"

#include <string.h>

static const guint8 fingerprint[32] = { 0xab, 1, 2, 3, [31] = 0xff };
static const char *const candidates[] = { "192.0.2.1 5000", "2001:db8::1 5001" };

static char *
answer_to (const char *name, CvSdpOffer **offer)
{
  g_autofree char *path = g_strdup_printf (CV_TESTS_DIR "/fuzz/corpus/sdp/%s.sdp", name);
  g_autofree char *text = NULL;
  gsize n;
  g_assert_true (g_file_get_contents (path, &text, &n, NULL));
  *offer = cv_sdp_parse_offer (text, n, NULL);
  g_assert_nonnull (*offer);
  g_autofree CvSdpSlot *slots = g_new0 (CvSdpSlot, (*offer)->n_media);
  for (guint i = 0; i < (*offer)->n_media; i++) {
    slots[i] = (CvSdpSlot){ .ssrc = 1000 + i, .rtx_ssrc = 2000 + i };
    g_snprintf (slots[i].msid, sizeof slots[i].msid, "s%u t%u", i, i);
  }
  CvSdpAnswer answer = { "server", "password-of-24-characters", fingerprint, candidates, 2, "cname", slots };
  return cv_sdp_write_answer (*offer, &answer);
}

/* The m-th media section, its lines as a NULL-terminated array; the session for -1. */
static char **
section (const char *answer, int m)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);
  GPtrArray *found = g_ptr_array_new ();
  int at = -1;
  for (guint i = 0; lines[i] != NULL; i++) {
    at += g_str_has_prefix (lines[i], "m=");
    if (at == m && *lines[i] != '\0')
      g_ptr_array_add (found, g_strdup (lines[i]));
  }
  g_ptr_array_add (found, NULL);
  return (char **) g_ptr_array_free (found, FALSE);
}

static void
assert_lines (const char *answer, int m, const char *const *expected)
{
  g_auto (GStrv) lines = section (answer, m);
  for (guint i = 0; lines[i] != NULL || expected[i] != NULL; i++)
    g_assert_cmpstr (lines[i], ==, expected[i]);
}

#define ASSERT_LINES(answer, m, ...) assert_lines (answer, m, (const char *const[]){ __VA_ARGS__, NULL })
#define TRANSPORT                                                                                                      \
  "a=ice-ufrag:server", "a=ice-pwd:password-of-24-characters",                                                         \
    "a=fingerprint:sha-256 "                                                                                           \
    "AB:01:02:03:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:FF",                 \
    "a=setup:passive", "a=rtcp-mux"

static void
test_sending (void)
{
  g_autoptr (CvSdpOffer) offer = NULL;
  g_autofree char *answer = answer_to ("chromium-small", &offer);
  g_assert_true (g_str_has_prefix (answer, "v=0\r\no=- "));
  g_assert_true (g_str_has_suffix (answer, "\r\n"));
  g_assert_nonnull (strstr (answer, "\r\na=ice-lite\r\na=group:BUNDLE 0 1 2 3 4 5\r\nm="));
  ASSERT_LINES (answer, 0, "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0", TRANSPORT, "a=rtcp-rsize",
                "a=recvonly", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtcp-fb:111 transport-cc",
                "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",
                "a=candidate:2 1 udp 2130706175 2001:db8::1 5001 typ host", "a=end-of-candidates");
  g_assert_nonnull (strstr (answer, "\r\na=simulcast:recv ~q;h;f\r\n"));
  ASSERT_LINES (answer, 6, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:6",
                "a=inactive");
}

static void
test_simulcast (void)
{
  g_autoptr (CvSdpOffer) offer = NULL;
  g_autofree char *answer = answer_to ("firefox-desktop", &offer);
  ASSERT_LINES (answer, 1, "m=video 9 UDP/TLS/RTP/SAVPF 120 124", "c=IN IP4 0.0.0.0", "a=mid:1", TRANSPORT,
                "a=rtcp-rsize", "a=recvonly", "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                "a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
                "a=extmap:10/recvonly urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", "a=rtpmap:120 VP8/90000",
                "a=rtcp-fb:120 transport-cc", "a=rtcp-fb:120 ccm fir", "a=rtcp-fb:120 nack", "a=rtcp-fb:120 nack pli",
                "a=rtpmap:124 rtx/90000", "a=fmtp:124 apt=120", "a=rid:q recv", "a=rid:h recv", "a=rid:f recv",
                "a=simulcast:recv q;h;f");
}

static void
test_slots (void)
{
  g_autoptr (CvSdpOffer) offer = NULL;
  g_autofree char *answer = answer_to ("webrtcbin-slots", &offer);
  /* sendrecv counts as sending: no slot */
  g_assert_null (strstr (answer, "a=ssrc:1000 "));
  ASSERT_LINES (answer, 2, "m=audio 9 UDP/TLS/RTP/SAVPF 97", "c=IN IP4 0.0.0.0", "a=mid:audio2", TRANSPORT,
                "a=rtcp-rsize", "a=sendonly", "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=rtpmap:97 opus/48000/2", "a=msid:s2 t2", "a=ssrc:1002 cname:cname");
  ASSERT_LINES (answer, 3, "m=video 9 UDP/TLS/RTP/SAVPF 96 98", "c=IN IP4 0.0.0.0", "a=mid:video3", TRANSPORT,
                "a=rtcp-rsize", "a=sendonly", "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 transport-cc", "a=rtcp-fb:96 ccm fir", "a=rtcp-fb:96 nack",
                "a=rtcp-fb:96 nack pli", "a=rtpmap:98 rtx/90000", "a=fmtp:98 apt=96", "a=msid:s3 t3",
                "a=ssrc-group:FID 1003 2003", "a=ssrc:1003 cname:cname", "a=ssrc:2003 cname:cname");
}

/* Of the first line, which is refused, nothing is used, and the transport moves to the next. */
static void
test_first_is_refused (void)
{
  const char *text =
    "v=0\na=group:BUNDLE a b\na=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv12\n"
    "a=fingerprint:sha-256 F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:"
    "F0:F0:F0:F0:F0:F0\nm=video 9 UDP/TLS/RTP/SAVPF 45\na=mid:a\na=rtpmap:45 AV1/90000\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 45 102 98 96\na=mid:b\na=inactive\na=rtcp-mux\na=rtpmap:45 AV1/90000\n"
    "a=rtpmap:96 VP8/90000\na=rtpmap:98 VP9/90000\na=rtpmap:102 H264/90000\n"
    "a=fmtp:102 packetization-mode=1\nm=audio 9 RTP/AVP 0";
  g_autoptr (CvSdpOffer) offer = cv_sdp_parse_offer (text, strlen (text), NULL);
  CvSdpAnswer with = { "server", "password-of-24-characters", fingerprint, candidates, 1, "cname", NULL };
  g_autofree char *answer = cv_sdp_write_answer (offer, &with);
  g_assert_nonnull (strstr (answer, "\r\na=group:BUNDLE b\r\n"));
  ASSERT_LINES (answer, 0, "m=video 0 UDP/TLS/RTP/SAVPF 45", "c=IN IP4 0.0.0.0", "a=mid:a", "a=inactive");
  /* our order of codecs, not the client's */
  ASSERT_LINES (answer, 1, "m=video 9 UDP/TLS/RTP/SAVPF 96 98 102", "c=IN IP4 0.0.0.0", "a=mid:b", TRANSPORT,
                "a=inactive", "a=rtpmap:96 VP8/90000", "a=rtpmap:98 VP9/90000", "a=rtpmap:102 H264/90000",
                "a=fmtp:102 packetization-mode=1", "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",
                "a=end-of-candidates");
  ASSERT_LINES (answer, 2, "m=audio 0 RTP/AVP 0", "c=IN IP4 0.0.0.0", "a=inactive");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp-answer/sending", test_sending);
  g_test_add_func ("/sdp-answer/simulcast", test_simulcast);
  g_test_add_func ("/sdp-answer/slots", test_slots);
  g_test_add_func ("/sdp-answer/first-is-refused", test_first_is_refused);
  return g_test_run ();
}
