/* Offers of browsers, of GStreamer, of others; and what is said to those that contradict themselves. The fuzz target's
 * corpus has them.
 */
#include "media/sdp.h"

#include <string.h>

static char *
load (const char *name)
{
  g_autofree char *path = g_strdup_printf (CV_TESTS_DIR "/fuzz/corpus/sdp/%s.sdp", name);
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static CvSdpOffer *
parse (const char *name)
{
  g_autofree char *text = load (name);
  g_autoptr (GError) error = NULL;
  CvSdpOffer *offer = cv_sdp_parse_offer (text, strlen (text), &error);
  g_assert_no_error (error);
  return offer;
}

static void
assert_error (const char *text, CvSdpError code, const char *sentence)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_sdp_parse_offer (text, strlen (text), &error));
  g_assert_nonnull (error);
  if (strstr (error->message, sentence) == NULL)
    g_error ("“%s” and not “%s”", error->message, sentence);
  g_assert_error (error, CV_SDP_ERROR, (gint) code);
}

/* ---- Offers ---- */

static guint
count (const CvSdpOffer *offer, CvKind kind, gboolean sends)
{
  guint n = 0;
  for (guint i = 0; i < offer->n_media; i++)
    if (!offer->media[i].rejected && offer->media[i].kind == kind && offer->media[i].sends == sends &&
        offer->media[i].receives != sends)
      n++;
  return n;
}

static void
assert_desktop (const char *name, guint opus, guint vp8, guint rtx, guint mid)
{
  g_autoptr (CvSdpOffer) offer = parse (name);
  g_assert_cmpuint (offer->n_media, ==, 27);
  g_assert_true (offer->bundled);
  g_assert_cmpuint (count (offer, CV_KIND_AUDIO, TRUE), ==, 2);
  g_assert_cmpuint (count (offer, CV_KIND_VIDEO, TRUE), ==, 2);
  g_assert_cmpuint (count (offer, CV_KIND_AUDIO, FALSE), ==, 6);
  g_assert_cmpuint (count (offer, CV_KIND_VIDEO, FALSE), ==, 17);
  for (guint i = 0; i < offer->n_media; i++) {
    const CvSdpMedia *media = &offer->media[i];
    gboolean video = media->kind == CV_KIND_VIDEO;
    g_assert_cmpuint (media->payload_type[CV_CODEC_OPUS], ==, video ? 0 : opus);
    g_assert_cmpuint (media->payload_type[CV_CODEC_VP8], ==, video ? vp8 : 0);
    g_assert_cmpuint (media->rtx_type[CV_CODEC_VP8], ==, video ? rtx : 0);
    g_assert_cmpuint (media->extension[CV_EXTENSION_MID], ==, mid);
    g_assert_true (media->twcc);
    g_assert_true (media->nack == video && media->pli == video && media->fir == video);
    g_assert_true ((media->extension[CV_EXTENSION_AUDIO_LEVEL] != 0) == !video);
    g_assert_cmpuint (media->n_rids, ==, i == 1 ? 3 : 0);
  }
  g_assert_cmpstr (offer->media[1].rids[0], ==, "q");
  g_assert_cmpstr (offer->media[1].rids[2], ==, "f");
  g_assert_cmpuint (offer->media[2].n_sources, ==, 1);
  g_assert_cmpuint (offer->media[2].sources[0].rtx_ssrc, !=, 0);
}

static void
test_chromium (void)
{
  assert_desktop ("chromium-desktop", 111, 96, 97, 4);
  g_autoptr (CvSdpOffer) offer = parse ("chromium-small");
  g_assert_cmpuint (offer->n_media, ==, 7);
  g_assert_true (offer->media[6].rejected); /* a data channel */
  g_assert_cmpuint (offer->media[1].n_rids, ==, 3);
  g_assert_cmpuint (offer->media[1].payload_type[CV_CODEC_VP9], !=, 0);
  g_assert_true (g_str_has_suffix (offer->media[1].fmtp[CV_CODEC_H264], "profile-level-id=42e01f"));
  g_autoptr (CvSdpOffer) watch = parse ("chromium-watch");
  g_assert_cmpuint (watch->n_media, ==, 2);
}

static void
test_firefox (void)
{
  assert_desktop ("firefox-desktop", 109, 120, 124, 3);
  g_autoptr (CvSdpOffer) offer = parse ("firefox-desktop");
  g_assert_cmpuint (offer->media[1].n_sources, ==, 3);
  g_assert_false (offer->media[1].extension_receives[CV_EXTENSION_RID]);
  g_autoptr (CvSdpOffer) both = parse ("firefox-both");
  g_assert_true (both->media[0].sends && both->media[0].receives);
}

static void
test_webrtcbin (void)
{
  g_autoptr (CvSdpOffer) offer = parse ("webrtcbin-slots");
  g_assert_cmpuint (offer->n_media, ==, 4);
  g_assert_cmpstr (offer->media[0].mid, ==, "video0");
  g_assert_true (offer->media[0].sends && offer->media[0].receives && offer->media[0].rsize);
  g_assert_cmpuint (offer->media[0].n_sources, ==, 1);
  g_assert_cmpuint (offer->media[1].payload_type[CV_CODEC_OPUS], ==, 97);
  g_assert_false (offer->media[3].sends);
  g_assert_cmpuint (offer->media[3].rtx_type[CV_CODEC_VP8], ==, 98);
  g_assert_cmpuint (offer->media[3].extension[CV_EXTENSION_TWCC], ==, 3);
  cv_sdp_offer_free (parse ("webrtcbin-both"));
  cv_sdp_offer_free (parse ("webrtcbin-watch"));
}

static void
test_others (void)
{
  g_autoptr (CvSdpOffer) obs = parse ("obs");
  g_assert_cmpstr (obs->ufrag, ==, "bZk1");
  g_assert_cmpuint (obs->fingerprint[0], ==, 0x0b);
  g_assert_cmpuint (obs->media[1].payload_type[CV_CODEC_H264], ==, 96);
  g_assert_cmpuint (obs->media[1].sources[0].ssrc, ==, 1388902735);
  g_assert_cmpuint (obs->media[1].extension[CV_EXTENSION_MID], ==, 0);
  g_autoptr (CvSdpOffer) player = parse ("player");
  g_assert_cmpuint (player->fingerprint[31], ==, 0xfe);
  g_assert_cmpuint (player->media[0].payload_type[CV_CODEC_H264], ==, 102);
  g_assert_true (player->media[0].nack);
  g_assert_cmpuint (player->media[1].extension[CV_EXTENSION_AUDIO_LEVEL], ==, 0); /* its id needs long headers */
  g_autoptr (CvSdpOffer) generated = parse ("load");
  g_assert_cmpuint (generated->n_media, ==, 2);
}

static void
test_odd (void)
{
  g_autoptr (CvSdpOffer) offer = parse ("odd");
  g_assert_cmpuint (offer->n_media, ==, 6);
  g_assert_cmpuint (offer->media[0].extension[CV_EXTENSION_MID], ==, 2); /* the session's */
  g_assert_false (offer->media[0].receives);
  g_assert_cmpstr (offer->media[0].fmtp[CV_CODEC_OPUS], ==, "minptime=10;usedtx=1");
  g_assert_cmpuint (offer->media[1].payload_type[CV_CODEC_VP9], ==, 0);
  g_assert_cmpuint (offer->media[1].n_rids, ==, 3);
  g_assert_cmpstr (offer->media[1].rids[1], ==, "3");
  for (guint i = 2; i < 6; i++)
    g_assert_true (offer->media[i].rejected);
  g_assert_cmpstr (offer->media[3].protocol, ==, "RTP/AVP");
  g_assert_cmpstr (offer->media[5].format, ==, "webrtc-datachannel");
}

/* ---- What is refused ---- */

static void
test_attacks (void)
{
  /* one that ended another server's process */
  g_autofree char *ufrags = load ("hostile-two-ufrags");
  assert_error (ufrags, CV_SDP_ERROR_SYNTAX, "line 8: the offer has two ice-ufrags");
  g_autofree char *bare = load ("hostile-no-fingerprint");
  assert_error (bare, CV_SDP_ERROR_SYNTAX, "the offer has no SHA-256 fingerprint");
  /* harmless: the data channel is refused, what is left is a call */
  g_autoptr (CvSdpOffer) base = parse ("hostile-base");
  g_assert_cmpuint (base->n_media, ==, 3);
  g_assert_true (base->media[2].rejected);
}

/* `n` audio sections, in a group or not. */
static char *
many (guint n, gboolean bundle)
{
  GString *text = g_string_new ("v=0\r\no=- 123 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
  if (bundle)
    g_string_append (text, "a=group:BUNDLE");
  for (guint i = 0; bundle && i < n; i++)
    g_string_append_printf (text, " %u", i);
  g_string_append (text, bundle ? "\r\n" : "");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (
      text,
      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n"
      "a=ice-pwd:abcdefghijklmnopqrstuv12\r\na=fingerprint:sha-256 F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:"
      "F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0:F0\r\na=setup:actpass\r\n"
      "a=mid:%u\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n",
      i);
  return g_string_free (text, FALSE);
}

static void
test_many (void)
{
  static const struct {
    guint n;
    gboolean bundle;
    CvSdpError code;
    const char *sentence;
  } cases[] = {
    { 400, TRUE, CV_SDP_ERROR_LIMIT, "an offer of more than 64 KiB" },
    { 200, TRUE, CV_SDP_ERROR_LIMIT, "line 5: too many mids in the BUNDLE group" },
    { 200, FALSE, CV_SDP_ERROR_LIMIT, "more than 64 media sections that could be used" },
    { 65, TRUE, CV_SDP_ERROR_LIMIT, "more than 64 media sections that could be used" },
    { 64, FALSE, CV_SDP_ERROR_UNSUPPORTED, "a media section is not in the BUNDLE group" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = many (cases[i].n, cases[i].bundle);
    assert_error (text, cases[i].code, cases[i].sentence);
  }
  g_autofree char *most = many (64, TRUE);
  g_autoptr (CvSdpOffer) offer = cv_sdp_parse_offer (most, strlen (most), NULL);
  g_assert_cmpuint (offer->n_media, ==, 64);
  g_autofree char *single = many (1, FALSE);
  g_autoptr (CvSdpOffer) alone = cv_sdp_parse_offer (single, strlen (single), NULL);
  g_assert_false (alone->bundled);
}

/* `head`, `line` n times. */
static char *
repeat (const char *head, const char *line, guint n)
{
  GString *text = g_string_new (head);
  for (guint i = 0; i < n; i++)
    g_string_append (text, line);
  return g_string_free (text, FALSE);
}

static void
test_limits (void)
{
  static const struct {
    const char *head, *line;
    guint n;
    const char *sentence;
  } cases[] = {
    { "v=0\n", "a=x\n", 4096, "line 4097: more than 4096 lines" },
    { "v=0\na=", "x", 4095, "line 2: a line of more than 4096 bytes" },
    { "v=0\n", "m=x 9 x x\n", 129, "line 130: more than 128 media sections" },
    { "v=0\n", "a=extmap:1 x\n", 17, "line 18: too many header extensions" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = repeat (cases[i].head, cases[i].line, cases[i].n);
    assert_error (text, CV_SDP_ERROR_LIMIT, cases[i].sentence);
  }
}

/* In the section of the base offer that has `rtpmap:96`: more lines than it may have of a kind. */
static void
test_section_limits (void)
{
  static const struct {
    const char *before, *between, *after; /* of a line; a number that grows stands in its gaps */
    guint n;
    const char *sentence;
  } cases[] = {
    { "a=extmap:", NULL, " x", 33, "too many header extensions" },
    { "a=rid:r", NULL, " send", 17, "too many a=rid" },
    { "a=ssrc:", NULL, " cname:x", 17, "too many sources" },
    { "a=ssrc:", NULL, " cname:x", 9, "too many sources" },
    { "a=ssrc-group:FID 3", " 4", "", 9, "too many FID groups" },
  };
  g_autofree char *base = load ("hostile-base");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) text = g_string_new (base);
    g_autoptr (GString) lines = g_string_new ("a=rtpmap:96 VP8/90000\r\n");
    for (guint k = 100; k < 100 + cases[i].n; k++) {
      g_string_append_printf (lines, "%s%u", cases[i].before, k);
      if (cases[i].between != NULL)
        g_string_append_printf (lines, "%s%u", cases[i].between, k);
      g_string_append_printf (lines, "%s\r\n", cases[i].after);
    }
    g_string_replace (text, "a=rtpmap:96 VP8/90000\r\n", lines->str, 1);
    assert_error (text->str, CV_SDP_ERROR_LIMIT, cases[i].sentence);
  }
}

/* The base offer with one thing changed (all of them where `from` is there more than once). */
static const struct {
  const char *from, *to;
  CvSdpError code;
  const char *sentence;
} changes[] = {
  { "v=0\r\n", "v=1\r\n", CV_SDP_ERROR_SYNTAX, "line 1: an offer begins with v=0" },
  { "v=0\r\n", "\r\nv=0\r\n", CV_SDP_ERROR_SYNTAX, "line 1: an offer begins with v=0" },
  { "s=-", "S=-", CV_SDP_ERROR_SYNTAX, "line 3: a line is a letter, = and a value" },
  { "s=-", "s-", CV_SDP_ERROR_SYNTAX, "line 3: a line is" },
  { "s=-\r\n", "s=-\r\n\r\n", CV_SDP_ERROR_SYNTAX, "line 4: a line is" },
  { "s=-", "s=\x01", CV_SDP_ERROR_SYNTAX, "line 3: a control character" },
  { "s=-\r\n", "s=\ra=ice-lite\r\n", CV_SDP_ERROR_SYNTAX, "line 3: a control character" },
  { "s=-", "a=ice-lite", CV_SDP_ERROR_UNSUPPORTED, "line 3: the client may not be ICE-lite" },
  { "BUNDLE 0 1 2", "BUNDLE 0 1 2 1", CV_SDP_ERROR_SYNTAX, "line 5: a mid is twice" },
  { "BUNDLE 0 1 2", "BUNDLE 0 1 2 3", CV_SDP_ERROR_SYNTAX, "a mid of the BUNDLE group belongs to no media section" },
  { "BUNDLE 0 1 2", "BUNDLE 0", CV_SDP_ERROR_UNSUPPORTED, "a media section is not in the BUNDLE group" },
  { "BUNDLE 0 1 2", "BUNDLE 0 \"", CV_SDP_ERROR_SYNTAX, "a mid is a token" },
  { "s=-", "a=group:BUNDLE 0", CV_SDP_ERROR_UNSUPPORTED, "two BUNDLE groups" },
  { "a=mid:1", "a=mid:0", CV_SDP_ERROR_SYNTAX, "two media sections have the same mid" },
  { "a=mid:1", "a=mid:1\r\na=mid:3", CV_SDP_ERROR_SYNTAX, "two a=mid" },
  { "a=mid:1", "a=mid:12345678901234567", CV_SDP_ERROR_SYNTAX, "a mid is a token of 1 to 16 characters" },
  { "a=mid:1\r\n", "", CV_SDP_ERROR_SYNTAX, "a mid of the BUNDLE group belongs to no media section" },
  { "a=rtcp-mux\r\n", "", CV_SDP_ERROR_UNSUPPORTED, "has no a=rtcp-mux" },
  { "actpass", "passive", CV_SDP_ERROR_UNSUPPORTED, "must be actpass or active" },
  { "actpass", "holdconn", CV_SDP_ERROR_UNSUPPORTED, "must be actpass or active" },
  { "actpass", "whatever", CV_SDP_ERROR_SYNTAX, "a=setup is" },
  { "a=ice-ufrag:abcd\r\n", "", CV_SDP_ERROR_SYNTAX, "no ice-ufrag or no ice-pwd" },
  { "a=ice-pwd:abcdefghijklmnopqrstuv12\r\n", "", CV_SDP_ERROR_SYNTAX, "no ice-ufrag or no ice-pwd" },
  { "a=ice-ufrag:abcd", "a=ice-ufrag:abc", CV_SDP_ERROR_SYNTAX, "line 10: an ice-ufrag is 4 to 256" },
  { "a=ice-ufrag:abcd", "a=ice-ufrag:ab<d", CV_SDP_ERROR_SYNTAX, "line 10: an ice-ufrag is 4 to 256" },
  { "pwd:abcdefghijklmnopqrstuv12", "pwd:abcdefghijklmnopqrstu", CV_SDP_ERROR_SYNTAX, "line 11: an ice-pwd is 22" },
  { "s=-", "a=ice-pwd:abcdefghijklmnopqrstuvwx", CV_SDP_ERROR_SYNTAX, "two ice-pwds" },
  { "sha-256 F0:25:3C", "sha-256 F0:25", CV_SDP_ERROR_SYNTAX, "a SHA-256 fingerprint has 32 bytes" },
  { "sha-256 F0:25:3C", "sha-256 F0:25-3C", CV_SDP_ERROR_SYNTAX, "line 13: a fingerprint is hexadecimal" },
  { "sha-256 F0:25:3C", "sha-256 G0:25:3C", CV_SDP_ERROR_SYNTAX, "line 13: a fingerprint is hexadecimal" },
  { "s=-",
    "a=fingerprint:sha-256 "
    "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00",
    CV_SDP_ERROR_SYNTAX, "line 13: the offer has two different SHA-256 fingerprints" },
  { "SAVPF 96 97", "SAVPF 96 97 96", CV_SDP_ERROR_SYNTAX, "a payload type is listed twice" },
  { "SAVPF 96 97", "SAVPF 96 128", CV_SDP_ERROR_SYNTAX, "a payload type is a number up to 127" },
  { "SAVPF 96 97", "SAVPF", CV_SDP_ERROR_SYNTAX, "the m-line lists no format" },
  { "m=video 9", "m=video 65536", CV_SDP_ERROR_SYNTAX, "the port is a number" },
  { "m=video 9", "m=vid<o 9", CV_SDP_ERROR_SYNTAX, "the kind of media is no token" },
  { "9 UDP/TLS", "9 \"UDP/TLS", CV_SDP_ERROR_SYNTAX, "the protocol is no token" },
  { "a=rtpmap:96 VP8", "a=rtpmap:x VP8", CV_SDP_ERROR_SYNTAX, "a=rtpmap begins with a payload type" },
  { "a=rtpmap:97", "a=rtpmap:96", CV_SDP_ERROR_SYNTAX, "a payload type has two a=rtpmap" },
  { "a=fmtp:97", "a=fmtp:x", CV_SDP_ERROR_SYNTAX, "a=fmtp begins with" },
  { "a=fmtp:97 apt=96", "a=fmtp:97 apt=96\r\na=fmtp:97 apt=98", CV_SDP_ERROR_SYNTAX, "two a=fmtp" },
  { "a=rtcp-fb:96 nack", "a=rtcp-fb:-1 nack", CV_SDP_ERROR_SYNTAX, "a=rtcp-fb begins with" },
  { "a=extmap:4 ", "a=extmap:0 ", CV_SDP_ERROR_SYNTAX, "the id of a header extension is" },
  { "a=extmap:4 ", "a=extmap:256 ", CV_SDP_ERROR_SYNTAX, "the id of a header extension is" },
  { "a=extmap:4 ", "a=extmap:4/up ", CV_SDP_ERROR_SYNTAX, "the direction of a header extension" },
  { "a=extmap:4 ", "a=extmap:1 ", CV_SDP_ERROR_SYNTAX, "line 17: two header extensions have the same id" },
  { "a=rtpmap:96 VP8/90000", "a=rtpmap:96 VP8/90000\r\na=extmap:1 x", CV_SDP_ERROR_SYNTAX,
    "stands for another than before" },
  { "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=sendrecv\r\na=rtcp-mux",
    "a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=rtcp-mux", CV_SDP_ERROR_SYNTAX,
    "stands for another than before" },
  { "SAVPF 111 0", "SAVPF 111 96\r\na=rtpmap:96 G729/8000", CV_SDP_ERROR_SYNTAX,
    "stands for another codec than before" },
  { "a=ssrc:1234", "a=ssrc:1", CV_SDP_ERROR_SYNTAX, "an ssrc belongs to an earlier media section" },
  { "a=ssrc:1234", "a=ssrc:2", CV_SDP_ERROR_SYNTAX, "an ssrc belongs to an earlier media section" },
  { "a=ssrc:1234", "a=ssrc:0", CV_SDP_ERROR_SYNTAX, "an ssrc is a number from 1" },
  { "FID 1 2", "FID 1", CV_SDP_ERROR_SYNTAX, "an FID group has two ssrcs" },
  { "FID 1 2", "FID 1 2 3", CV_SDP_ERROR_SYNTAX, "an FID group has two ssrcs" },
  { "FID 1 2", "FID 1 1", CV_SDP_ERROR_SYNTAX, "an ssrc has two places in FID groups" },
  { "FID 1 2", "FID 1 2\r\na=ssrc-group:FID 2 3", CV_SDP_ERROR_SYNTAX, "an ssrc has two places in FID groups" },
  { "a=mid:1", "a=mid:1\r\na=rid:q up", CV_SDP_ERROR_SYNTAX, "the direction of a rid" },
  { "a=mid:1", "a=mid:1\r\na=rid:\" send", CV_SDP_ERROR_SYNTAX, "a rid is 1 to 16" },
  { "a=mid:1", "a=mid:1\r\na=rid:q send\r\na=rid:q recv", CV_SDP_ERROR_SYNTAX, "a rid is there twice" },
  { "a=mid:1", "a=mid:1\r\na=simulcast:send", CV_SDP_ERROR_SYNTAX, "a=simulcast is send or recv" },
  { "a=mid:1", "a=mid:1\r\na=simulcast:send q send h", CV_SDP_ERROR_SYNTAX, "a=simulcast is send or recv" },
  { "a=mid:1", "a=mid:1\r\na=simulcast:send q\r\na=simulcast:recv q", CV_SDP_ERROR_SYNTAX, "two a=simulcast" },
  { "SAVPF", "SAVP", CV_SDP_ERROR_NO_CODEC, "no media section has a codec that is spoken here" },
  { "m=", "b=", CV_SDP_ERROR_NO_CODEC, "no media section has a codec that is spoken here" },
};

static void
test_changes (void)
{
  g_autofree char *base = load ("hostile-base");
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GString) text = g_string_new (base);
    g_assert_cmpuint (g_string_replace (text, changes[i].from, changes[i].to, 0), >, 0);
    assert_error (text->str, changes[i].code, changes[i].sentence);
  }
  assert_error ("", CV_SDP_ERROR_SYNTAX, "an offer begins with v=0");
}

/* Whatever stands in an offer, an error repeats nothing of it. */
static void
test_no_echo (void)
{
  g_autoptr (GError) error = NULL;
  const char *text = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF <script>\r\n";
  g_assert_null (cv_sdp_parse_offer (text, strlen (text), &error));
  g_assert_cmpstr (error->message, ==, "line 2: the m-line lists no format, or one that is no token or too long");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp/chromium", test_chromium);
  g_test_add_func ("/sdp/firefox", test_firefox);
  g_test_add_func ("/sdp/webrtcbin", test_webrtcbin);
  g_test_add_func ("/sdp/others", test_others);
  g_test_add_func ("/sdp/odd", test_odd);
  g_test_add_func ("/sdp/attacks", test_attacks);
  g_test_add_func ("/sdp/many", test_many);
  g_test_add_func ("/sdp/limits", test_limits);
  g_test_add_func ("/sdp/section-limits", test_section_limits);
  g_test_add_func ("/sdp/changes", test_changes);
  g_test_add_func ("/sdp/no-echo", test_no_echo);
  return g_test_run ();
}
