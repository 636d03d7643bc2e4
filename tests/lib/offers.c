/* See offers.h. */
#include "lib/offers.h"

#include <string.h>

#define EXTENSIONS                                                                                                     \
  "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"                           \
  "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
#define AUDIO                                                                                                          \
  EXTENSIONS                                                                                                           \
  "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=rtpmap:111 opus/48000/2\r\n"                            \
  "a=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"
#define VIDEO                                                                                                          \
  EXTENSIONS                                                                                                           \
  "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"                                                      \
  "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\na=rtpmap:96 VP8/90000\r\n"                    \
  "a=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"                \
  "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
#define SIMULCAST "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send q;h;f\r\n"

static void
add (GString *text, guint mid, gboolean video, const char *direction, const char *more)
{
  g_string_append_printf (
    text, "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\nc=IN IP4 0.0.0.0\r\na=mid:%u\r\na=%s\r\na=rtcp-mux\r\n%s%s",
    video ? "video" : "audio", video ? "96 97" : "111", mid, direction, video ? VIDEO : AUDIO, more);
}

char *
cv_offer_text (const char *fingerprint, guint audio_slots, guint video_slots)
{
  GString *text = g_string_new ("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
  guint n = 4 + audio_slots + video_slots;
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, " %u", i);
  g_string_append_printf (text,
                          "\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\n"
                          "a=fingerprint:sha-256 %s\r\n",
                          fingerprint);
  add (text, 0, FALSE, "sendonly", "");
  add (text, 1, TRUE, "sendonly", SIMULCAST);
  add (text, 2, TRUE, "sendonly", "");
  add (text, 3, FALSE, "sendonly", "");
  for (guint i = 4; i < n; i++)
    add (text, i, i >= 4 + audio_slots, "recvonly", "");
  return g_string_free (text, FALSE);
}

CvSdpOffer *
cv_offer_new (guint audio_slots, guint video_slots)
{
  g_autoptr (GString) fingerprint = g_string_new ("AA");
  g_autoptr (GError) error = NULL;
  for (guint i = 1; i < 32; i++)
    g_string_append (fingerprint, ":AA");
  g_autofree char *text = cv_offer_text (fingerprint->str, audio_slots, video_slots);
  CvSdpOffer *offer = cv_sdp_parse_offer (text, strlen (text), &error);
  g_assert_no_error (error);
  return offer;
}
