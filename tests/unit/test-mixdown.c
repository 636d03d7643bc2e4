/* Voices add up; many of them do not clip. */
#include "render/mixdown.h"

#include "lib/programme.h"

#include <gst/gst.h>

static guint
get_loudest (guint n, guint *own)
{
  const char *names[9] = { NULL };
  g_auto (GStrv) made = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    names[i] = made[i] = g_strdup_printf ("001-paaaaaaaaaaa%c-microphone-1.mkv", 'a' + (int) i);
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = cv_test_programme ("", names);
  g_autoptr (CvMixdown) mixdown = cv_mixdown_new (programme, kit);
  gint16 samples[CV_MIXDOWN_BLOCK * CV_VOICE_CHANNELS];
  guint loudest = 0;
  for (guint i = 0; i < 250; i++) {
    guint peak = cv_mixdown_next (mixdown, samples);
    loudest = MAX (loudest, peak);
    if (i == 100)
      *own = cv_mixdown_get_peak (mixdown, g_ptr_array_index (programme->people, 0));
    if (i >= 205)
      g_assert_cmpuint (peak, ==, 0); /* two seconds are over */
  }
  return loudest;
}

static void
test_sum (void)
{
  guint own = 0;
  g_assert_cmpint (ABS ((int) get_loudest (1, &own) - 8192), <, 1500);
  g_assert_cmpint (ABS ((int) own - 8192), <, 1500);
  g_assert_cmpint (ABS ((int) get_loudest (2, &own) - 16384), <, 2500);
  g_assert_cmpuint (get_loudest (8, &own), <=, 30010);
  g_assert_cmpint (ABS ((int) own - 8192), <, 1500);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mixdown/sum", test_sum);
  return g_test_run ();
}
