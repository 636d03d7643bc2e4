/* What is said, in which order, and that its end is told once. */
#include "sip/announcer.h"

#include <string.h>

#define FRAME CV_MIX_PHONE_FRAME

static GBytes *
make (gint16 value, guint n)
{
  gint16 *samples = g_new (gint16, n);
  for (guint i = 0; i < n; i++)
    samples[i] = value;
  return g_bytes_new_take (samples, n * sizeof *samples);
}

static void
assert_takes (CvAnnouncer *announcer, gint16 first, gint16 last, gboolean ends)
{
  gint16 frame[FRAME];
  gboolean done = FALSE;
  g_assert_true (cv_announcer_take (announcer, frame, &done));
  g_assert_cmpint (frame[0], ==, first);
  g_assert_cmpint (frame[FRAME - 1], ==, last);
  g_assert_cmpint (done, ==, ends);
}

static void
test_queue (void)
{
  CvAnnouncer announcer;
  gint16 frame[FRAME];
  gboolean done = FALSE;
  g_autoptr (GBytes) one = make (1, FRAME + 100);
  g_autoptr (GBytes) two = make (2, FRAME);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  cv_announcer_init (&announcer);
  cv_announcer_say (&announcer, nothing);
  g_assert_false (cv_announcer_take (&announcer, frame, &done));
  cv_announcer_say (&announcer, one);
  cv_announcer_say (&announcer, two);
  assert_takes (&announcer, 1, 1, FALSE);
  assert_takes (&announcer, 1, 2, FALSE);
  assert_takes (&announcer, 2, 0, TRUE);
  g_assert_false (cv_announcer_take (&announcer, frame, &done));
  g_assert_false (done);
  for (guint i = 0; i < 2 * CV_ANNOUNCER_MAX; i++)
    cv_announcer_say (&announcer, one);
  g_assert_cmpuint (announcer.queue.length, ==, CV_ANNOUNCER_MAX);
  cv_announcer_hush (&announcer);
  g_assert_false (cv_announcer_take (&announcer, frame, &done));
  cv_announcer_clear (&announcer);
}

static void
test_loop (void)
{
  CvAnnouncer announcer;
  gint16 frame[FRAME];
  gboolean done = FALSE;
  g_autoptr (GBytes) loop = make (7, FRAME + 100);
  g_autoptr (GBytes) word = make (1, FRAME);
  cv_announcer_init (&announcer);
  cv_announcer_set_loop (&announcer, loop, FRAME);
  for (guint i = 0; i < 3; i++) {
    assert_takes (&announcer, 7, 7, FALSE);
    assert_takes (&announcer, 7, 0, FALSE);
    assert_takes (&announcer, 0, 0, FALSE);
  }
  assert_takes (&announcer, 7, 7, FALSE);
  cv_announcer_say (&announcer, word);
  assert_takes (&announcer, 1, 1, TRUE);
  assert_takes (&announcer, 7, 7, FALSE);
  cv_announcer_set_loop (&announcer, NULL, 0);
  g_assert_false (cv_announcer_take (&announcer, frame, &done));
  cv_announcer_clear (&announcer);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/announcer/queue", test_queue);
  g_test_add_func ("/announcer/loop", test_loop);
  return g_test_run ();
}
