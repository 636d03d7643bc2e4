/* A voice with holes: they are filled with more of the same, without clicks, and not for ever. */
#include "sip/conceal.h"

#include "lib/phone-tone.h"
#include "lib/tone.h"

#include <string.h>

#define HERTZ 200
/* A sine of 200 Hz at half scale rises by at most 1287 a sample. */
#define SMOOTH 2000

static void
hear (CvConceal *conceal, gint16 *out, guint frame)
{
  cv_test_phone_tone (out + frame * CV_CONCEAL_FRAME, CV_CONCEAL_FRAME, HERTZ, 0.5, frame * CV_CONCEAL_FRAME, 16000);
  cv_conceal_heard (conceal, out + frame * CV_CONCEAL_FRAME, CV_CONCEAL_FRAME);
}

static void
test_hole (void)
{
  CvConceal conceal = { 0 };
  gint16 out[20 * CV_CONCEAL_FRAME];
  for (guint i = 0; i < 20; i++)
    if (i % 5 == 4)
      g_assert_true (cv_conceal_guess (&conceal, out + i * CV_CONCEAL_FRAME));
    else
      hear (&conceal, out, i);
  g_assert_cmpint (cv_test_tone_step (out, G_N_ELEMENTS (out)), <, SMOOTH);
  g_assert_cmpfloat_with_epsilon (cv_test_phone_level (out, G_N_ELEMENTS (out), HERTZ, 16000), -6.02, 1);
}

static void
test_end (void)
{
  CvConceal conceal = { 0 };
  gint16 out[12 * CV_CONCEAL_FRAME];
  for (guint i = 0; i < 4; i++)
    hear (&conceal, out, i);
  for (guint i = 4; i < 10; i++)
    g_assert_true (cv_conceal_guess (&conceal, out + i * CV_CONCEAL_FRAME) == (i < 7));
  for (guint i = 10; i < 12; i++)
    hear (&conceal, out, i);
  g_assert_cmpint (out[7 * CV_CONCEAL_FRAME], ==, 0);
  g_assert_cmpint (cv_test_tone_step (out, G_N_ELEMENTS (out)), <, SMOOTH);
}

/* Nothing came before, or only silence. */
static void
test_nothing (void)
{
  CvConceal conceal = { 0 };
  gint16 frame[CV_CONCEAL_FRAME];
  memset (frame, 1, sizeof frame);
  cv_conceal_guess (&conceal, frame);
  for (guint i = 0; i < CV_CONCEAL_FRAME; i++)
    g_assert_cmpint (frame[i], ==, 0);
  gint16 one = 7;
  cv_conceal_heard (&conceal, &one, 1);
  cv_conceal_heard (&conceal, &one, 0);
  g_assert_cmpint (conceal.past[CV_CONCEAL_PAST - 1], ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conceal/hole", test_hole);
  g_test_add_func ("/conceal/end", test_end);
  g_test_add_func ("/conceal/nothing", test_nothing);
  return g_test_run ();
}
