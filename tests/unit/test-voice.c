/* A track's samples lie where they belong, with silence around. */
#include "render/voice.h"

#include "lib/programme.h"

#include <gst/gst.h>
#include <string.h>

#define BLOCK 480

static guint
read_block (CvVoice *voice, gint64 at)
{
  gint32 sum[BLOCK * CV_VOICE_CHANNELS] = { 0 };
  guint peak = cv_voice_add (voice, at, BLOCK, sum), largest = 0;
  for (guint i = 0; i < G_N_ELEMENTS (sum); i++)
    largest = MAX (largest, (guint) ABS (sum[i]));
  g_assert_cmpuint (largest, ==, peak);
  return peak;
}

static void
test_place (void)
{
  static const char *const names[] = { "001-paaaaaaaaaaaa-microphone-1.mkv", NULL };
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = cv_test_programme ("", names);
  CvCut *cut = g_ptr_array_index (programme->cuts, 0);
  cut->start = cut->from = 1000000;
  cut->to = 2500000; /* half a second of it does not count */
  g_autoptr (CvVoice) voice = cv_voice_new (cut, kit);
  for (gint64 at = 0; at < 4 * CV_VOICE_RATE; at += BLOCK) {
    guint peak = read_block (voice, at);
    gint64 ms = at / 48;
    if (ms < 1000 || ms >= 2500)
      g_assert_cmpuint (peak, ==, 0);
    else if (ms > 1030)
      g_assert_cmpint (ABS ((int) peak - 8192), <, 1500);
  }
}

/* Begun in the middle. */
static void
test_middle (void)
{
  static const char *const names[] = { "001-paaaaaaaaaaaa-microphone-1.mkv", NULL };
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = cv_test_programme ("", names);
  g_autoptr (CvVoice) voice = cv_voice_new (g_ptr_array_index (programme->cuts, 0), kit);
  g_assert_cmpuint (read_block (voice, cv_voice_find_sample (1500000)), >, 6000);
  g_assert_cmpuint (read_block (voice, cv_voice_find_sample (1900000)), >, 6000);
  g_assert_cmpuint (read_block (voice, cv_voice_find_sample (3000000)), ==, 0);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voice/place", test_place);
  g_test_add_func ("/voice/middle", test_middle);
  return g_test_run ();
}
