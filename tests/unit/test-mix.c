/* Sums, the limiter and the choice of the loudest, without GStreamer. */
#include "rtp/mix.h"

#include "lib/tone.h"

#include <string.h>

#define FRAMES 50
#define LENGTH (FRAMES * CV_MIX_FRAME)

static void
test_minus (void)
{
  gint16 a[CV_MIX_FRAME], b[CV_MIX_FRAME];
  gint32 sum[CV_MIX_FRAME] = { 0 };
  cv_test_tone_write (a, CV_MIX_FRAME, 440, 1, 0);
  cv_test_tone_write (b, CV_MIX_FRAME, 1000, 1, 0);
  cv_mix_add (sum, a, CV_MIX_FRAME);
  cv_mix_add (sum, b, CV_MIX_FRAME);
  cv_mix_minus (sum, sum, a, CV_MIX_FRAME);
  for (guint i = 0; i < CV_MIX_FRAME; i++)
    g_assert_cmpint (sum[i], ==, b[i]);
}

static void
test_power (void)
{
  gint16 frame[CV_MIX_FRAME] = { 0 };
  g_assert_cmpfloat (cv_mix_power (frame, CV_MIX_FRAME), ==, 0);
  g_assert_cmpfloat (cv_mix_decibels (0), ==, -96);
  cv_test_tone_write (frame, CV_MIX_FRAME, 1000, 1, 0);
  g_assert_cmpfloat_with_epsilon (cv_mix_decibels (cv_mix_power (frame, CV_MIX_FRAME)), -3.01, 0.05);
  cv_test_tone_write (frame, CV_MIX_FRAME, 1000, 0.1, 0);
  g_assert_cmpfloat_with_epsilon (cv_mix_decibels (cv_mix_power (frame, CV_MIX_FRAME)), -23.01, 0.05);
}

static void
test_fades (void)
{
  gint16 frame[CV_MIX_FRAME];
  for (guint i = 0; i < CV_MIX_FRAME; i++)
    frame[i] = G_MININT16;
  cv_mix_fade_in (frame, CV_MIX_FRAME);
  g_assert_cmpint (frame[0], ==, 0);
  g_assert_cmpint (frame[CV_MIX_FRAME / 2], ==, -16384);
  cv_mix_fade_out (frame, CV_MIX_FRAME);
  g_assert_cmpint (frame[CV_MIX_FRAME - 1], ==, 0);
  g_assert_cmpint (cv_test_tone_step (frame, CV_MIX_FRAME), <, 80);
}

/* `voices` equal tones at full scale from frame 10 to frame 30, one quiet tone all the time. */
static void
limit (gint16 *out, gint32 voices)
{
  CvMixLimiter limiter = CV_MIX_LIMITER_INIT;
  for (guint k = 0; k < FRAMES; k++) {
    gint16 loud[CV_MIX_FRAME], quiet[CV_MIX_FRAME];
    gint32 sum[CV_MIX_FRAME];
    cv_test_tone_write (loud, CV_MIX_FRAME, 440, 1, k * CV_MIX_FRAME);
    cv_test_tone_write (quiet, CV_MIX_FRAME, 1000, 0.1, k * CV_MIX_FRAME);
    for (guint i = 0; i < CV_MIX_FRAME; i++)
      sum[i] = (k >= 10 && k < 30 ? voices * loud[i] : 0) + quiet[i];
    cv_mix_limit (&limiter, sum, out + k * CV_MIX_FRAME, CV_MIX_FRAME);
  }
}

static void
test_limiter_transparent (void)
{
  g_autofree gint16 *out = g_new (gint16, LENGTH);
  limit (out, 0);
  for (guint i = 0; i < LENGTH; i++) {
    gint16 quiet = 0;
    cv_test_tone_write (&quiet, 1, 1000, 0.1, i);
    g_assert_cmpint (out[i], ==, quiet);
  }
}

static void
test_limiter_twenty (void)
{
  g_autofree gint16 *out = g_new (gint16, LENGTH);
  limit (out, 20);
  /* Loud, but neither wrapped nor bent once the first millisecond is over: no overtones. */
  const gint16 *middle = out + 15 * CV_MIX_FRAME;
  g_assert_cmpfloat (cv_test_tone_level (middle, 10 * CV_MIX_FRAME, 440), >, -1.5);
  g_assert_cmpfloat (cv_test_tone_level (middle, 10 * CV_MIX_FRAME, 880), <, -60);
  g_assert_cmpfloat (cv_test_tone_level (middle, 10 * CV_MIX_FRAME, 1320), <, -60);
  /* A sine of 440 Hz at full scale rises by 1887 a sample; a wrap would be a step of 65535, a hard cut one of thousands. */
  g_assert_cmpint (cv_test_tone_step (out + 11 * CV_MIX_FRAME, LENGTH - 11 * CV_MIX_FRAME), <, 2000);
  for (guint i = 0; i < LENGTH; i++)
    g_assert_cmpint (ABS (out[i]), <=, 32767);
  /* What is quiet comes back: by 0.42 dB a frame. */
  double before = cv_test_tone_level (out + 32 * CV_MIX_FRAME, 5 * CV_MIX_FRAME, 1000);
  double after = cv_test_tone_level (out + 42 * CV_MIX_FRAME, 5 * CV_MIX_FRAME, 1000);
  g_assert_cmpfloat_with_epsilon (after - before, 4.2, 0.5);
}

/* Where it starts at once: the first millisecond is bent, and is without a step all the same. */
static void
test_limiter_attack (void)
{
  CvMixLimiter limiter = CV_MIX_LIMITER_INIT;
  gint16 tone[CV_MIX_FRAME], out[CV_MIX_FRAME];
  gint32 sum[CV_MIX_FRAME];
  cv_test_tone_write (tone, CV_MIX_FRAME, 300, 1, 0);
  for (guint i = 0; i < CV_MIX_FRAME; i++)
    sum[i] = tone[i] * 2;
  cv_mix_limit (&limiter, sum, out, CV_MIX_FRAME);
  g_assert_cmpint (cv_test_tone_step (out, CV_MIX_FRAME), <, 2 * 1300);
  g_assert_cmpfloat_with_epsilon (limiter.gain, 29204.0 / 65534.0, 0.001);
  for (guint i = 48; i < CV_MIX_FRAME; i++)
    g_assert_cmpfloat_with_epsilon (out[i], (float) sum[i] * limiter.gain, 1.5);
  gint32 extreme[CV_MIX_FRAME];
  for (guint i = 0; i < CV_MIX_FRAME; i++)
    extreme[i] = i % 2 == 0 ? 512 * 32767 : 512 * -32768;
  cv_mix_limit (&limiter, extreme, out, CV_MIX_FRAME);
  for (guint i = 0; i < CV_MIX_FRAME; i++)
    g_assert_true (i % 2 == 0 ? out[i] > 0 : out[i] < 0);
}

#define VOICES 6

static CvMixVoice *
voices_new (CvMixVoice **pointers)
{
  CvMixVoice *voices = g_new0 (CvMixVoice, VOICES);
  for (guint i = 0; i < VOICES; i++)
    pointers[i] = &voices[i];
  return voices;
}

/* Lets each be heard at its power for some frames. */
static void
hear (CvMixVoice **voices, const float *powers, guint frames, guint loudest)
{
  for (guint k = 0; k < frames; k++) {
    for (guint i = 0; i < VOICES; i++)
      cv_mix_voice_hear (voices[i], powers[i]);
    cv_mix_choose (voices, VOICES, loudest);
  }
}

static guint
chosen (CvMixVoice *const *voices)
{
  guint bits = 0;
  for (guint i = 0; i < VOICES; i++)
    bits |= voices[i]->chosen ? 1u << i : 0;
  return bits;
}

static void
test_choose (void)
{
  CvMixVoice *voices[VOICES];
  g_autofree CvMixVoice *all G_GNUC_UNUSED = voices_new (voices);
  hear (voices, (float[]){ 0.01f, 0, 0.02f, 0.05f, 0.5f, 0.3f }, 5, 3);
  g_assert_cmphex (chosen (voices), ==, 0x38);
  hear (voices, (float[]){ 0.01f, 0, 0.02f, 0.05f, 0.5f, 0.3f }, 5, 6);
  g_assert_cmphex (chosen (voices), ==, 0x3d); /* silence is never chosen */
  hear (voices, (float[]){ 0.01f, 0, 0.02f, 0.05f, 0.5f, 0.3f }, 1, 1);
  g_assert_cmphex (chosen (voices), ==, 0x10);
}

static void
test_hysteresis (void)
{
  CvMixVoice *voices[VOICES];
  g_autofree CvMixVoice *all G_GNUC_UNUSED = voices_new (voices);
  hear (voices, (float[]){ 0.1f, 0.1f, 0, 0, 0, 0 }, 20, 2);
  g_assert_cmphex (chosen (voices), ==, 0x03);
  hear (voices, (float[]){ 0.1f, 0.1f, 0.3f, 0, 0, 0 }, 50, 2); /* by 4.8 dB: not enough */
  g_assert_cmphex (chosen (voices), ==, 0x03);
  hear (voices, (float[]){ 0.1f, 0.11f, 0.5f, 0, 0, 0 }, 5, 2); /* by 7 dB: in place of the weakest */
  g_assert_cmphex (chosen (voices), ==, 0x06);
  hear (voices, (float[]){ 0.3f, 0.11f, 0.5f, 0, 0, 0 }, 50, 2); /* and that does not go back and forth */
  g_assert_cmphex (chosen (voices), ==, 0x06);
  /* A pause between words is no reason to lose the seat to somebody as loud, half a second of it is. */
  hear (voices, (float[]){ 0.11f, 0.11f, 0, 0, 0, 0 }, 10, 2);
  g_assert_cmphex (chosen (voices), ==, 0x06);
  hear (voices, (float[]){ 0.11f, 0.11f, 0, 0, 0, 0 }, 20, 2);
  g_assert_cmphex (chosen (voices), ==, 0x03);
}

static void
test_always (void)
{
  CvMixVoice *voices[VOICES];
  g_autofree CvMixVoice *all G_GNUC_UNUSED = voices_new (voices);
  voices[5]->always = TRUE;
  hear (voices, (float[]){ 0.5f, 0.4f, 0, 0, 0, 0 }, 5, 2);
  g_assert_cmphex (chosen (voices), ==, 0x03);
  hear (voices, (float[]){ 0.5f, 0.4f, 0, 0, 0, 0.001f }, 5, 2);
  g_assert_cmphex (chosen (voices), ==, 0x21);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mix/minus", test_minus);
  g_test_add_func ("/mix/power", test_power);
  g_test_add_func ("/mix/fades", test_fades);
  g_test_add_func ("/mix/limiter/transparent", test_limiter_transparent);
  g_test_add_func ("/mix/limiter/twenty", test_limiter_twenty);
  g_test_add_func ("/mix/limiter/attack", test_limiter_attack);
  g_test_add_func ("/mix/choose", test_choose);
  g_test_add_func ("/mix/hysteresis", test_hysteresis);
  g_test_add_func ("/mix/always", test_always);
  return g_test_run ();
}
