/* What we say is what was agreed on, and nothing of what a phone wrote but words that were checked. */
#include "sip/sip-sdp.h"

#include <string.h>

#define HEAD "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n"
#define KEY "inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"

static const guint8 fingerprint[CV_DTLS_FINGERPRINT] = { 0xab, 0xcd };
static const CvSipEnd end = { "203.0.113.5", 20000, fingerprint, 17, 3, FALSE };

static char *
answer (const char *lines, CvSipSdp *sdp)
{
  g_autofree char *text = g_strconcat (HEAD, lines, NULL);
  g_autoptr (GError) error = NULL;
  cv_sip_sdp_parse (sdp, text, strlen (text), CV_SIP_PREFER, TRUE, &error);
  g_assert_no_error (error);
  return cv_sip_sdp_write_answer (sdp, &end);
}

static void
test_answer (void)
{
  CvSipSdp sdp;
  g_autofree char *text = answer ("m=video 5000 RTP/AVP 96 97\nm=audio 4000 RTP/AVP 8 0 101\na=evil:x\n"
                                  "a=rtpmap:101 telephone-event/8000\na=sendonly\n",
                                  &sdp);
  g_assert_cmpstr (text, ==,
                   "v=0\r\no=- 17 3 IN IP4 203.0.113.5\r\ns=-\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n"
                   "m=video 0 RTP/AVP 96\r\nm=audio 20000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
                   "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=recvonly\r\n");
}

static void
test_opus (void)
{
  CvSipSdp sdp;
  g_autofree char *text = answer ("m=audio 4000 RTP/AVP 96\na=rtpmap:96 opus/48000/2\na=rtcp-mux\n", &sdp);
  g_assert_nonnull (strstr (text, "a=rtpmap:96 opus/48000/2\r\na=fmtp:96 "));
  g_assert_nonnull (strstr (text, "a=rtcp-mux\r\n"));
}

static void
test_keys (void)
{
  CvSipSdp sdp;
  g_autofree char *text = answer ("m=audio 4000 RTP/SAVP 0\na=crypto:7 AES_CM_128_HMAC_SHA1_80 " KEY "\n", &sdp);
  g_free (text);
  memset (sdp.media.our_key, 0xff, sizeof sdp.media.our_key);
  text = cv_sip_sdp_write_answer (&sdp, &end);
  g_assert_nonnull (strstr (text, "m=audio 20000 RTP/SAVP 0\r\n"));
  g_assert_nonnull (
    strstr (text, "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:////////////////////////////////////////\r\n"));
  g_autofree char *again = cv_sip_sdp_write_offer (&sdp, &end);
  g_assert_nonnull (strstr (again, "a=crypto:7 "));
}

static void
test_dtls (void)
{
  CvSipSdp sdp;
  g_autoptr (GString) lines = g_string_new ("m=audio 4000 UDP/TLS/RTP/SAVP 0\na=fingerprint:SHA-256 00");
  for (guint i = 1; i < CV_DTLS_FINGERPRINT; i++)
    g_string_append (lines, ":00");
  g_string_append (lines, "\n");
  g_autofree char *text = answer (lines->str, &sdp);
  g_assert_nonnull (strstr (text, "m=audio 20000 UDP/TLS/RTP/SAVP 0\r\n"));
  g_assert_nonnull (strstr (text, "a=fingerprint:sha-256 AB:CD:00:"));
  g_assert_nonnull (strstr (text, "a=setup:passive\r\n"));
}

/* An offer is one that our own parser takes; so is an answer. */
static void
test_offer (void)
{
  CvSipSdp sdp, back;
  g_autofree char *offer = cv_sip_sdp_write_offer (NULL, &end);
  g_assert_true (cv_sip_sdp_parse (&sdp, offer, strlen (offer), CV_SIP_OFF, FALSE, NULL));
  g_assert_cmpint (sdp.media.codec, ==, CV_PHONE_G722);
  g_assert_cmpuint (sdp.media.digits_type, ==, 101);
  g_assert_true (sdp.media.sends && sdp.media.receives);
  g_autofree char *text = cv_sip_sdp_write_answer (&sdp, &end);
  g_assert_true (cv_sip_sdp_parse (&back, text, strlen (text), CV_SIP_OFF, FALSE, NULL));
  g_assert_cmpint (back.media.codec, ==, CV_PHONE_G722);
  CvSipEnd hold = end;
  hold.address = "2001:db8::1";
  hold.hold = TRUE;
  g_autofree char *held = cv_sip_sdp_write_offer (&sdp, &hold);
  g_assert_nonnull (strstr (held, "c=IN IP6 2001:db8::1\r\n"));
  g_assert_nonnull (strstr (held, "a=inactive\r\n"));
}

static void
test_suites (void)
{
  g_assert_cmpstr (cv_sip_suite_get_name (CV_SRTP_AEAD_AES_128_GCM), ==, "AEAD_AES_128_GCM");
  g_assert_cmpstr (cv_sip_suite_get_name (CV_SRTP_AEAD_AES_256_GCM), ==, "AEAD_AES_256_GCM");
  g_assert_cmpstr (cv_sip_suite_get_name (CV_SRTP_NONE), ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip-sdp-writer/answer", test_answer);
  g_test_add_func ("/sip-sdp-writer/opus", test_opus);
  g_test_add_func ("/sip-sdp-writer/keys", test_keys);
  g_test_add_func ("/sip-sdp-writer/dtls", test_dtls);
  g_test_add_func ("/sip-sdp-writer/offer", test_offer);
  g_test_add_func ("/sip-sdp-writer/suites", test_suites);
  return g_test_run ();
}
