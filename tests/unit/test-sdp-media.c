/* What is chosen of a media section: codecs, retransmission, feedback, simulcast, sources. */
#include "media/sdp-media.h"

#include <string.h>

static CvSpan
span (const char *text)
{
  return (CvSpan){ text, strlen (text) };
}

/* A section of these lines, the first of which is the m-line (all without their letter); what is wrong with it. */
static const char *
read_section (CvSdpSection *section, const char *const *lines)
{
  CvSdpError code;
  memset (section, 0, sizeof *section);
  section->media.sends = section->media.receives = TRUE;
  const char *problem = cv_sdp_section_begin (section, span (*lines++), &code);
  for (; *lines != NULL && problem == NULL; lines++) {
    CvSpan value = span (*lines);
    CvSpan name = cv_span_until (&value, ':');
    problem = cv_sdp_section_attribute (section, name, value, &code);
  }
  return problem != NULL ? problem : cv_sdp_section_end (section, &code);
}

#define READ(section, ...) read_section (section, (const char *const[]){ __VA_ARGS__, NULL })
#define VIDEO "video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 101 70 0"

static void
test_codecs (void)
{
  CvSdpSection s;
  CvSdpMedia *media = &s.media;
  /* of H.264 constrained baseline is taken, of the others the first that is fine */
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 H264/90000",
                       "fmtp:96 packetization-mode=1;profile-level-id=640c1f", "rtpmap:97 H264/90000",
                       "fmtp:97 packetization-mode=1;profile-level-id=42001f", "rtpmap:98 h264/90000",
                       "fmtp:98 profile-level-id=42E01F; packetization-mode=1;x=<y>", "rtpmap:99 H264/90000",
                       "fmtp:99 packetization-mode=0;profile-level-id=42e01f", "rtpmap:100 rtx/90000",
                       "fmtp:100 apt=97", "rtpmap:101 rtx/90000", "fmtp:101 apt=98"));
  g_assert_cmpuint (media->payload_type[CV_CODEC_H264], ==, 98);
  g_assert_cmpuint (media->rtx_type[CV_CODEC_H264], ==, 101);
  g_assert_cmpstr (media->fmtp[CV_CODEC_H264], ==, "packetization-mode=1;profile-level-id=42E01F");
  g_assert_cmpuint (media->payload_type[CV_CODEC_VP8], ==, 0);

  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP9/90000", "fmtp:96 profile-id=2", "rtpmap:98 VP9/90000",
                       "fmtp:98 profile-id=0", "rtpmap:97 VP8/90000", "rtpmap:99 VP8/90000"));
  g_assert_cmpuint (media->payload_type[CV_CODEC_VP9], ==, 98);
  g_assert_cmpuint (media->payload_type[CV_CODEC_VP8], ==, 97);
  g_assert_cmpuint (media->rtx_type[CV_CODEC_VP8], ==, 0);
  g_assert_cmpstr (media->fmtp[CV_CODEC_VP8], ==, "");

  /* types that would be taken for RTCP, and 0, cannot be used; audio codecs are none of video */
  g_assert_null (READ (&s, VIDEO, "rtpmap:70 VP8/90000", "rtpmap:0 VP8/90000", "rtpmap:96 opus/48000/2"));
  g_assert_true (media->rejected);
  g_assert_null (READ (&s, "text 9 UDP/TLS/RTP/SAVPF 96", "rtpmap:96 VP8/90000"));
  g_assert_true (media->rejected);
  g_assert_null (READ (&s, "video 0 UDP/TLS/RTP/SAVPF 96", "rtpmap:96 VP8/90000"));
  g_assert_true (media->rejected);
  g_assert_null (READ (&s, "video 0 UDP/TLS/RTP/SAVPF 96", "rtcp-mux", "bundle-only", "rtpmap:96 VP8/90000"));
  g_assert_false (media->rejected);
  g_assert_nonnull (READ (&s, "video 9 UDP/TLS/RTP/SAVPF 96", "rtpmap:96 VP8/90000"));
}

static void
test_feedback (void)
{
  CvSdpSection s;
  CvSdpMedia *media = &s.media;
  const char *twcc = "extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtcp-rsize", "rtpmap:96 VP8/90000", "rtpmap:97 VP9/90000", twcc,
                       "rtcp-fb:* nack", "rtcp-fb:96 nack pli", "rtcp-fb:97 nack pli", "rtcp-fb:96 ccm fir",
                       "rtcp-fb:96 transport-cc", "rtcp-fb:97 transport-cc", "rtcp-fb:97 goog-remb"));
  g_assert_true (media->nack && media->pli && media->twcc && media->rsize);
  g_assert_false (media->fir); /* for one of the two only */
  g_assert_cmpuint (media->extension[CV_EXTENSION_TWCC], ==, 3);
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", twcc));
  g_assert_cmpuint (media->extension[CV_EXTENSION_TWCC], ==, 0);
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", "rtcp-fb:96 transport-cc"));
  g_assert_false (media->twcc);
  g_assert_null (READ (&s, "audio 9 UDP/TLS/RTP/SAVPF 111", "rtcp-mux", "rtpmap:111 opus/48000/2", "rtcp-fb:111 nack",
                       "fmtp:111 useinbandfec=1;usedtx=1;stereo=1;minptime=10"));
  g_assert_false (media->nack);
  g_assert_cmpstr (media->fmtp[CV_CODEC_OPUS], ==, "minptime=10;useinbandfec=1;usedtx=1");
}

#define RID "extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
#define THREE "rid:q send", "rid:h send", "rid:f send"

static void
test_simulcast (void)
{
  CvSdpSection s;
  CvSdpMedia *media = &s.media;
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", RID, THREE, "simulcast:send ~q;x,h;f"));
  g_assert_cmpuint (media->n_rids, ==, 3);
  g_assert_cmpstr (media->rids[0], ==, "q");
  g_assert_cmpstr (media->rids[1], ==, "h");
  g_assert_cmpstr (media->rids[2], ==, "f");
  g_assert_true (media->rid_paused[0] && !media->rid_paused[1] && !media->rid_paused[2]);
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", RID, THREE, "rid:g send", "rid:r recv",
                       "simulcast:recv r send f;r;h;q;g"));
  g_assert_cmpuint (media->n_rids, ==, 3);
  g_assert_cmpstr (media->rids[0], ==, "f");
  g_assert_cmpstr (media->rids[1], ==, "h"); /* r is not sent */
  /* of no use: nobody could tell the streams apart, or nothing is sent */
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", THREE, "simulcast:send q;h;f"));
  g_assert_cmpuint (media->n_rids, ==, 0);
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", RID, "recvonly", THREE, "simulcast:send q;h"));
  g_assert_cmpuint (media->n_rids, ==, 0);
  g_assert_nonnull (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", RID, THREE, "simulcast:send q;q"));
}

static void
test_sources (void)
{
  CvSdpSection s;
  CvSdpMedia *media = &s.media;
  g_assert_null (READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", "ssrc:1 cname:x", "ssrc:2 cname:x",
                       "ssrc:1 msid:y", "ssrc:4", "ssrc-group:FID 1 2", "ssrc-group:SIM 1 4"));
  g_assert_cmpuint (media->n_sources, ==, 2);
  g_assert_cmpuint (media->sources[0].ssrc, ==, 1);
  g_assert_cmpuint (media->sources[0].rtx_ssrc, ==, 2);
  g_assert_cmpuint (media->sources[1].ssrc, ==, 4);
  g_assert_cmpuint (media->sources[1].rtx_ssrc, ==, 0);
}

static void
test_extensions (void)
{
  CvSdpSection s;
  CvSdpMedia *media = &s.media;
  g_assert_null (
    READ (&s, VIDEO, "rtcp-mux", "rtpmap:96 VP8/90000", "extmap:4/recvonly urn:ietf:params:rtp-hdrext:sdes:mid",
          "extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid x y", "extmap:20 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
          "extmap:6 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "extmap:7 urn:x",
          "extmap:8/inactive urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"));
  g_assert_cmpuint (media->extension[CV_EXTENSION_MID], ==, 4);
  g_assert_true (media->extension_receives[CV_EXTENSION_MID]);
  g_assert_false (media->extension_sends[CV_EXTENSION_MID]);
  g_assert_cmpuint (media->extension[CV_EXTENSION_RID], ==, 0);
  g_assert_cmpuint (media->extension[CV_EXTENSION_REPAIRED_RID], ==, 0);
  g_assert_cmpuint (media->extension[CV_EXTENSION_AUDIO_LEVEL], ==, 0); /* means nothing for video */
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp-media/codecs", test_codecs);
  g_test_add_func ("/sdp-media/feedback", test_feedback);
  g_test_add_func ("/sdp-media/simulcast", test_simulcast);
  g_test_add_func ("/sdp-media/sources", test_sources);
  g_test_add_func ("/sdp-media/extensions", test_extensions);
  return g_test_run ();
}
