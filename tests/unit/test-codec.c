/* What each codec gives back of a tone, and of what is no payload. */
#include "sip/codec.h"

#include "lib/phone-tone.h"

#include <string.h>

#define FRAMES 50

static void
test_tone (gconstpointer data)
{
  CvPhoneCodec codec = GPOINTER_TO_UINT (data);
  g_autoptr (CvCoder) here = cv_coder_new (codec);
  g_autoptr (CvCoder) there = cv_coder_new (codec);
  gint16 heard[CV_CODEC_MAX_SAMPLES + FRAMES * CV_CODEC_FRAME];
  gsize at = 0;
  for (guint i = 0; i < FRAMES; i++) {
    gint16 tone[CV_CODEC_FRAME];
    guint8 payload[CV_CODEC_MAX_PAYLOAD];
    cv_test_phone_tone (tone, CV_CODEC_FRAME, 1000, 0.25, i * CV_CODEC_FRAME, CV_CODEC_RATE);
    gsize n = cv_coder_encode (here, tone, payload);
    g_assert_cmpuint (n, >, 0);
    g_assert_cmpuint (n, <=, CV_CODEC_MAX_PAYLOAD);
    if (i == 30) { /* lost */
      g_assert_true (cv_coder_conceal (there, heard + at));
      at += CV_CODEC_FRAME;
      continue;
    }
    gsize got = cv_coder_decode (there, payload, n, heard + at);
    g_assert_cmpuint (got, ==, CV_CODEC_FRAME);
    at += got;
  }
  g_assert_cmpfloat_with_epsilon (cv_test_phone_level (heard + 4000, 8000, 1000, CV_CODEC_RATE), -12.04, 1.5);
  g_assert_cmpfloat (cv_test_phone_level (heard + 4000, 8000, 2500, CV_CODEC_RATE), <, -40);
}

static void
test_refused (gconstpointer data)
{
  CvPhoneCodec codec = GPOINTER_TO_UINT (data);
  g_autoptr (CvCoder) coder = cv_coder_new (codec);
  g_autofree gint16 *samples = g_new (gint16, CV_CODEC_MAX_SAMPLES);
  g_autofree guint8 *payload = g_malloc (1500);
  g_assert_cmpuint (cv_coder_decode (coder, payload, 0, samples), ==, 0);
  memset (payload, 0xff, 1500);
  g_assert_cmpuint (cv_coder_decode (coder, payload, 1500, samples), ==, 0);
  for (guint i = 1; i < 400; i++) {
    for (guint k = 0; k < i; k++)
      payload[k] = (guint8) g_random_int ();
    g_assert_cmpuint (cv_coder_decode (coder, payload, i, samples), <=, CV_CODEC_MAX_SAMPLES);
  }
}

/* Many listen to one coder, then one of them gets a sound of its own: it goes on without a seam. */
static void
test_shared (void)
{
  g_autoptr (CvCoder) common = cv_coder_new (CV_PHONE_PCMU);
  g_autoptr (CvCoder) own = cv_coder_new (CV_PHONE_PCMU);
  g_autoptr (CvCoder) all = cv_coder_new (CV_PHONE_PCMU);
  g_assert_true (cv_phone_codec_is_shared (CV_PHONE_PCMU) && cv_phone_codec_is_shared (CV_PHONE_PCMA));
  g_assert_false (cv_phone_codec_is_shared (CV_PHONE_G722) || cv_phone_codec_is_shared (CV_PHONE_OPUS));
  for (guint i = 0; i < 10; i++) {
    gint16 tone[CV_CODEC_FRAME];
    guint8 expected[CV_CODEC_MAX_PAYLOAD], got[CV_CODEC_MAX_PAYLOAD];
    cv_test_phone_tone (tone, CV_CODEC_FRAME, 440, 0.5, i * CV_CODEC_FRAME, CV_CODEC_RATE);
    gsize n = cv_coder_encode (all, tone, expected);
    g_assert_cmpuint (cv_coder_encode (i < 5 ? common : own, tone, got), ==, n);
    g_assert_cmpmem (got, n, expected, n);
    if (i < 5)
      cv_coder_follow (own, common);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < CV_N_PHONE_CODECS; i++) {
    g_autofree char *tone = g_strconcat ("/codec/tone/", cv_phone_codec_get_name (i), NULL);
    g_autofree char *refused = g_strconcat ("/codec/refused/", cv_phone_codec_get_name (i), NULL);
    g_test_add_data_func (tone, GUINT_TO_POINTER (i), test_tone);
    g_test_add_data_func (refused, GUINT_TO_POINTER (i), test_refused);
  }
  g_test_add_func ("/codec/shared", test_shared);
  return g_test_run ();
}
