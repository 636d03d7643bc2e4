/* Fuzz target of phones' SDP, and of our answers to what is accepted (libFuzzer).
 *
 * Either an agreement within its bounds or an error whose sentence is plain text. What we answer is something that we would
 * take ourselves, has as many lines of media as the offer, and nothing but printable characters.
 */
#include "sip/sip-sdp.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static gboolean
is_plain (const char *text)
{
  for (; *text != '\0'; text++)
    if ((*text < 0x20 || *text > 0x7e) && *text != '\r' && *text != '\n')
      return FALSE;
  return TRUE;
}

static guint
count_lines (const char *text)
{
  guint count = 0;
  for (const char *at = text; (at = strstr (at, "\r\nm=")) != NULL; at++)
    count++;
  return count;
}

static void
check (CvSipSdp *sdp, CvSipPolicy policy, gboolean sdes)
{
  static const guint8 fingerprint[CV_DTLS_FINGERPRINT];
  const CvSipEnd end = { "192.0.2.1", 4000, fingerprint, 1, 1, FALSE };
  const CvCallAgreement *media = &sdp->media;
  CvSipSdp back;
  g_assert_cmpuint (sdp->n_lines, >, 0);
  g_assert_cmpuint (sdp->n_lines, <=, CV_SIP_SDP_MAX_MEDIA);
  g_assert_cmpuint (sdp->chosen, <, sdp->n_lines);
  g_assert_cmpint (media->codec, <, CV_N_PHONE_CODECS);
  g_assert_cmpuint (media->payload_type, <, 128);
  g_assert_cmpuint (media->digits_type, <, 128);
  g_assert_true (media->digits_type == 0 || media->digits_clock == 8000 || media->digits_clock == 48000);
  g_assert_true (policy != CV_SIP_OFF || media->security == CV_CALL_PLAIN);
  g_assert_true (policy != CV_SIP_REQUIRE || media->security != CV_CALL_PLAIN);
  g_assert_true (sdes || media->security != CV_CALL_SDES);
  g_autofree char *answer = cv_sip_sdp_write_answer (sdp, &end);
  g_assert_true (is_plain (answer));
  g_assert_cmpuint (count_lines (answer), ==, sdp->n_lines);
  if (media->security == CV_CALL_DTLS)
    return; /* we wait for the handshake, as nobody may with us */
  g_assert_true (cv_sip_sdp_parse (&back, answer, strlen (answer), policy, sdes, NULL));
  g_assert_cmpint (back.media.codec, ==, media->codec);
  g_assert_cmpint (back.media.security, ==, media->security);
  g_assert_cmpint (back.media.receives, ==, media->sends);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  for (guint i = 0; i < 6; i++) {
    CvSipSdp sdp;
    g_autoptr (GError) error = NULL;
    CvSipPolicy policy = i % 3;
    gboolean sdes = i >= 3;
    if (cv_sip_sdp_parse (&sdp, (const char *) data, n, policy, sdes, &error))
      check (&sdp, policy, sdes);
    else
      g_assert_true (error != NULL && is_plain (error->message));
  }
  return 0;
}
