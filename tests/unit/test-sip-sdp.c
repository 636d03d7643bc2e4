/* Offers of phones, what comes of them under each policy, and what is no SDP at all. */
#include "sip/sip-sdp.h"

#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
#define KEY "inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
#define CRYPTO "a=crypto:7 AES_CM_128_HMAC_SHA1_80 " KEY "\r\n"
#define FINGERPRINT                                                                                                    \
  "a=fingerprint:sha-256 "                                                                                             \
  "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n"
#define PLAIN "m=audio 4000 RTP/AVP 0\r\n"
#define SECURE "m=audio 4000 RTP/SAVP 0\r\n"
#define DTLS "m=audio 4000 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\n"

static gboolean
parse_with (CvSipSdp *sdp, const char *text, CvSipPolicy policy, gboolean sdes)
{
  g_autoptr (GError) error = NULL;
  gboolean fine = cv_sip_sdp_parse (sdp, text, strlen (text), policy, sdes, &error);
  g_assert_true (fine == (error == NULL));
  return fine;
}

static gboolean
parse (CvSipSdp *sdp, const char *text)
{
  return parse_with (sdp, text, CV_SIP_PREFER, TRUE);
}

static void
test_codecs (void)
{
  static const struct {
    const char *lines;
    CvPhoneCodec codec;
    guint8 type, digits;
    guint clock;
  } cases[] = {
    { "m=audio 4000 RTP/AVP 0\r\n", CV_PHONE_PCMU, 0, 0, 0 },
    { "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n", CV_PHONE_PCMA, 8, 101, 8000 },
    { "m=audio 4000 RTP/AVP 18 9 8\r\na=rtpmap:18 G729/8000\r\n", CV_PHONE_G722, 9, 0, 0 },
    { "m=audio 4000 RTP/AVP 96 100 101 0\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
      "a=rtpmap:100 Telephone-Event/48000\r\n",
      CV_PHONE_OPUS, 96, 100, 48000 },
    { "m=audio 4000 RTP/AVP 96 101\r\na=rtpmap:96 OPUS/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n", CV_PHONE_OPUS,
      96, 101, 8000 },
    { "m=audio 4000 RTP/AVP 97 8\r\na=rtpmap:97 opus/8000\r\n", CV_PHONE_PCMA, 8, 0, 0 },
    { "m=audio 4000 RTP/AVP 0 8\r\na=rtpmap:0 speex/8000\r\n", CV_PHONE_PCMA, 8, 0, 0 },
    { "m=audio 4000 RTP/AVP 0\r\na=rtpmap:101 telephone-event/8000\r\n", CV_PHONE_PCMU, 0, 0, 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    CvSipSdp sdp;
    g_autofree char *text = g_strconcat (HEAD, cases[i].lines, NULL);
    g_assert_true (parse (&sdp, text));
    g_assert_cmpint (sdp.media.codec, ==, cases[i].codec);
    g_assert_cmpuint (sdp.media.payload_type, ==, cases[i].type);
    g_assert_cmpuint (sdp.media.digits_type, ==, cases[i].digits);
    g_assert_cmpuint (sdp.media.digits_clock, ==, cases[i].clock);
  }
}

static void
test_addresses (void)
{
  CvSipSdp sdp;
  CvAddress expected;
  g_assert_true (parse (&sdp, HEAD PLAIN));
  cv_address_parse (&expected, "192.0.2.1", 4000);
  g_assert_true (cv_address_equal (&sdp.media.remote, &expected));
  cv_address_parse (&expected, "192.0.2.1", 4001);
  g_assert_true (cv_address_equal (&sdp.media.remote_rtcp, &expected));
  g_assert_true (parse (&sdp, HEAD "m=audio 4000/2 RTP/AVP 0\r\nc=IN IP6 2001:db8::1\r\na=rtcp:5000 IN IP6 ::1\r\n"));
  cv_address_parse (&expected, "2001:db8::1", 5000);
  g_assert_true (cv_address_equal (&sdp.media.remote_rtcp, &expected));
  g_assert_true (parse (&sdp, HEAD PLAIN "a=rtcp-mux\r\n"));
  g_assert_true (sdp.media.rtcp_mux);
  g_assert_true (cv_address_equal (&sdp.media.remote, &sdp.media.remote_rtcp));
}

static void
test_hold (void)
{
  static const struct {
    const char *line;
    gboolean sends, receives;
  } cases[] = {
    { "", TRUE, TRUE },
    { "a=sendrecv\r\n", TRUE, TRUE },
    { "a=sendonly\r\n", TRUE, FALSE },
    { "a=recvonly\r\n", FALSE, TRUE },
    { "a=inactive\r\n", FALSE, FALSE },
    { "c=IN IP4 0.0.0.0\r\n", TRUE, FALSE },
  };
  CvSipSdp sdp;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat (HEAD PLAIN, cases[i].line, NULL);
    g_assert_true (parse (&sdp, text));
    g_assert_cmpint (sdp.media.sends, ==, cases[i].sends);
    g_assert_cmpint (sdp.media.receives, ==, cases[i].receives);
  }
  g_assert_cmpuint (sdp.media.remote.n, ==, 0);
  g_assert_true (parse (&sdp, HEAD "a=sendonly\r\n" PLAIN));
  g_assert_false (sdp.media.receives);
}

/* Which security each offer comes to; -1: none. */
static void
test_security (void)
{
  static const struct {
    const char *lines;
    gboolean sdes;
    int off, prefer, require;
  } cases[] = {
    { PLAIN, TRUE, CV_CALL_PLAIN, CV_CALL_PLAIN, -1 },
    { SECURE CRYPTO, TRUE, -1, CV_CALL_SDES, CV_CALL_SDES },
    { SECURE CRYPTO, FALSE, -1, -1, -1 },
    { PLAIN CRYPTO, TRUE, CV_CALL_PLAIN, CV_CALL_SDES, CV_CALL_SDES },
    { PLAIN CRYPTO, FALSE, CV_CALL_PLAIN, CV_CALL_PLAIN, -1 },
    { DTLS FINGERPRINT, FALSE, -1, CV_CALL_DTLS, CV_CALL_DTLS },
    { DTLS, FALSE, -1, -1, -1 },
    { DTLS FINGERPRINT "a=setup:passive\r\n", FALSE, -1, -1, -1 },
    { DTLS CRYPTO, TRUE, -1, -1, -1 },
    { SECURE, TRUE, -1, -1, -1 },
    { PLAIN FINGERPRINT, FALSE, CV_CALL_PLAIN, CV_CALL_DTLS, CV_CALL_DTLS },
    { PLAIN SECURE CRYPTO, TRUE, CV_CALL_PLAIN, CV_CALL_SDES, CV_CALL_SDES },
    { SECURE CRYPTO PLAIN, FALSE, CV_CALL_PLAIN, CV_CALL_PLAIN, -1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint policy = CV_SIP_OFF; policy <= CV_SIP_REQUIRE; policy++) {
      const int expected[] = { cases[i].off, cases[i].prefer, cases[i].require };
      CvSipSdp sdp;
      g_autofree char *text = g_strconcat (HEAD, cases[i].lines, NULL);
      g_test_message ("%u, policy %u", i, policy);
      gboolean fine = parse_with (&sdp, text, policy, cases[i].sdes);
      g_assert_cmpint (fine ? (int) sdp.media.security : -1, ==, expected[policy]);
    }
}

static void
test_keys (void)
{
  CvSipSdp sdp;
  g_assert_true (parse (&sdp, HEAD SECURE "a=crypto:1 AES_CM_128_HMAC_SHA1_32 " KEY "\r\n" CRYPTO));
  g_assert_cmpint (sdp.media.profile, ==, CV_SRTP_AES128_CM_SHA1_80);
  g_assert_cmpuint (sdp.crypto_tag, ==, 7);
  for (guint i = 0; i < 30; i++)
    g_assert_cmpuint (sdp.media.their_key[i], ==, i);
  cv_sip_sdp_wipe (&sdp);
  g_assert_cmpuint (sdp.media.their_key[1], ==, 0);
  g_assert_true (parse (&sdp, HEAD SECURE "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " KEY "|2^31 WSH=64\r\n"));
  static const char *const useless[] = {
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " KEY "|1:4\r\n",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " KEY "|2^31|1:4\r\n",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " KEY " UNENCRYPTED_SRTP\r\n",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " KEY " KDR=1\r\n",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAEC\r\n",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80\r\n",
    "a=crypto:1 AEAD_AES_256_GCM " KEY "\r\n",
    "a=crypto:1 F8_128_HMAC_SHA1_80 " KEY "\r\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (useless); i++) {
    g_autofree char *text = g_strconcat (HEAD SECURE, useless[i], NULL);
    g_assert_false (parse (&sdp, text));
  }
}

static void
test_which_line (void)
{
  CvSipSdp sdp;
  g_assert_true (
    parse (&sdp, HEAD "m=video 5000 RTP/AVP 96\r\nm=audio 0 RTP/AVP 0\r\nm=audio 4000 RTP/AVP 8\r\n" PLAIN));
  g_assert_cmpuint (sdp.n_lines, ==, 4);
  g_assert_cmpuint (sdp.chosen, ==, 2);
  g_assert_cmpstr (sdp.lines[0].media, ==, "video");
}

static void
test_no_media (void)
{
  static const char *const texts[] = {
    HEAD,
    HEAD "m=video 5000 RTP/AVP 96\r\n",
    HEAD "m=audio 0 RTP/AVP 0\r\n",
    HEAD "m=audio 4000 RTP/AVP 18\r\n",
    HEAD "m=audio 4000 UDPTL 0\r\n",
    "v=0\r\n" PLAIN,
    "v=0\r\nc=IN IP4 phone.example.org\r\n" PLAIN,
    "v=0\r\nc=IN IP4 239.1.2.3/15\r\n" PLAIN,
    "v=0\r\nc=IN IP6 ff02::1\r\n" PLAIN,
    "v=0\r\nc=IN IP4 255.255.255.255\r\n" PLAIN,
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    CvSipSdp sdp;
    g_autoptr (GError) error = NULL;
    g_assert_false (cv_sip_sdp_parse (&sdp, texts[i], strlen (texts[i]), CV_SIP_PREFER, TRUE, &error));
    g_assert_error (error, CV_SIP_SDP_ERROR, CV_SIP_SDP_ERROR_NO_MEDIA);
  }
}

static void
test_malformed (void)
{
  static const char *const texts[] = {
    "",
    "v=1\r\n" PLAIN,
    "m=audio 4000 RTP/AVP 0\r\n",
    "v=0\r\n\r\n" PLAIN,
    "v=0\r\nnothing\r\n" PLAIN,
    HEAD "m=\r\n",
    HEAD "m=audio\r\n",
    HEAD "m=audio 4000 RTP/AVP\r\n",
    HEAD "m=audio 99999 RTP/AVP 0\r\n",
    HEAD "m=audio 4000 RTP/AVP 128\r\n",
    HEAD "m=audio 4000 RTP/AVP 0 x\r\n",
    HEAD "m=au\x01"
         "dio 4000 RTP/AVP 0\r\n",
    HEAD "m=muchtoolongamedium 4000 RTP/AVP 0\r\n",
    HEAD PLAIN "a=rtpmap:0\r\n",
    HEAD PLAIN "a=rtpmap:200 PCMU/8000\r\n",
    HEAD PLAIN "a=crypto:x\r\n",
    HEAD PLAIN "a=fingerprint:sha-256 00\r\n",
    HEAD PLAIN "c=IN IP4\r\n",
    HEAD PLAIN "c=ATM NSAP 1\r\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    CvSipSdp sdp;
    g_test_message ("%u", i);
    g_assert_false (parse (&sdp, texts[i]));
  }
}

static void
test_limits (void)
{
  CvSipSdp sdp;
  GString *text = g_string_new (HEAD);
  for (guint i = 0; i < CV_SIP_SDP_MAX_MEDIA; i++)
    g_string_append (text, PLAIN);
  g_assert_true (parse (&sdp, text->str));
  g_string_append (text, PLAIN);
  g_assert_false (parse (&sdp, text->str));
  g_string_assign (text, HEAD PLAIN);
  for (guint i = 6; i < CV_SIP_SDP_MAX_LINES; i++)
    g_string_append (text, "a=x\r\n");
  g_assert_true (parse (&sdp, text->str));
  g_string_append (text, "a=x\r\n");
  g_assert_false (parse (&sdp, text->str));
  g_string_assign (text, HEAD PLAIN "a=");
  while (text->len < CV_SIP_SDP_MAX_BYTES)
    g_string_append_c (text, 'x');
  g_assert_true (parse (&sdp, text->str));
  g_string_append_c (text, 'x');
  g_assert_false (parse (&sdp, text->str));
  g_string_free (text, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip-sdp/codecs", test_codecs);
  g_test_add_func ("/sip-sdp/addresses", test_addresses);
  g_test_add_func ("/sip-sdp/hold", test_hold);
  g_test_add_func ("/sip-sdp/security", test_security);
  g_test_add_func ("/sip-sdp/keys", test_keys);
  g_test_add_func ("/sip-sdp/which-line", test_which_line);
  g_test_add_func ("/sip-sdp/no-media", test_no_media);
  g_test_add_func ("/sip-sdp/malformed", test_malformed);
  g_test_add_func ("/sip-sdp/limits", test_limits);
  return g_test_run ();
}
