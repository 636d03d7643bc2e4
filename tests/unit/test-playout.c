/* What comes late, in bursts, too fast or not at all is played as it should be, without clicks. */
#include "rtp/playout.h"

#include "lib/tone.h"

#include <string.h>

#define CAPACITY (CV_PLAYOUT_FRAMES * CV_MIX_FRAME)
#define HERTZ 440
/* A sine of 440 Hz at half scale rises by at most 944 a sample. */
#define SMOOTH 1300

typedef struct {
  CvPlayout playout;
  gsize pushed;            /* samples of the tone */
  gint16 heard[48000 * 4]; /* silence included */
  gsize n;
  guint silent; /* frames */
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  cv_playout_init (&self->playout, CV_MIX_FRAME);
}

static void
push (Fixture *self, guint frames)
{
  for (guint k = 0; k < frames; k++, self->pushed += CV_MIX_FRAME) {
    gint16 tone[CV_MIX_FRAME];
    cv_test_tone_write (tone, CV_MIX_FRAME, HERTZ, 0.5, self->pushed);
    cv_playout_push (&self->playout, tone, CV_MIX_FRAME);
  }
}

static gboolean
take (Fixture *self)
{
  gint16 *frame = self->heard + self->n;
  g_assert_cmpuint (self->n + CV_MIX_FRAME, <=, G_N_ELEMENTS (self->heard));
  self->n += CV_MIX_FRAME;
  if (cv_playout_take (&self->playout, frame))
    return TRUE;
  memset (frame, 0, CV_MIX_FRAME * sizeof *frame);
  self->silent++;
  return FALSE;
}

static void
test_steady (Fixture *self, gconstpointer unused)
{
  g_assert_false (take (self));
  for (guint k = 0; k < 150; k++) {
    push (self, 1);
    take (self);
  }
  g_assert_cmpuint (self->silent, ==, 2); /* the one above, and one until 40 ms are there */
  g_assert_cmpuint (self->playout.dropped, ==, 0);
  g_assert_cmpuint (self->playout.n, ==, CV_MIX_FRAME);
  g_assert_cmpint (cv_test_tone_step (self->heard, self->n), <, SMOOTH);
  g_assert_cmpfloat_with_epsilon (cv_test_tone_level (self->heard + 48000, 48000, HERTZ), -6.02, 0.1);
}

/* 20 ms that nothing follows are played all the same. */
static void
test_lone_frame (Fixture *self, gconstpointer unused)
{
  push (self, 1);
  guint played = 0;
  for (guint k = 0; k < 8; k++)
    played += take (self) ? 1 : 0;
  g_assert_cmpuint (played, ==, 2); /* and the way back to nothing */
  g_assert_cmpuint (self->playout.n, ==, 0);
  g_assert_cmpint (cv_test_tone_step (self->heard, self->n), <, SMOOTH);
}

static void
test_late (Fixture *self, gconstpointer unused)
{
  for (guint k = 0; k < 100; k++) {
    if (k % 20 != 10) /* one in twenty is a frame late */
      push (self, k % 20 == 11 ? 2 : 1);
    take (self);
  }
  g_assert_cmpuint (self->silent, ==, 1);
  g_assert_cmpint (cv_test_tone_step (self->heard, self->n), <, SMOOTH);
}

static void
test_runs_dry (Fixture *self, gconstpointer unused)
{
  push (self, 3);
  for (guint k = 0; k < 10; k++)
    take (self);
  g_assert_cmpuint (self->silent, ==, 6); /* the fourth leads to nothing */
  for (guint k = 0; k < 10; k++) {
    push (self, 1);
    take (self);
  }
  /* It has learnt to wait for more. */
  g_assert_cmpuint (self->silent, ==, 8);
  g_assert_cmpuint (self->playout.depth, ==, 3);
  g_assert_cmpint (cv_test_tone_step (self->heard, self->n), <, SMOOTH);
  for (guint k = 0; k < 260 - 20; k++) {
    push (self, 1);
    self->n = 0;
    take (self);
  }
  push (self, 10);
  for (guint k = 0; k < 20; k++) {
    push (self, 1);
    self->n = 0;
    take (self);
  }
  g_assert_cmpuint (self->playout.depth, ==, 2);
}

static void
test_bursts (Fixture *self, gconstpointer unused)
{
  for (guint k = 0; k < 100; k++) {
    if (k % 5 == 0)
      push (self, 5);
    take (self);
  }
  g_assert_cmpuint (self->silent, ==, 0);
  g_assert_cmpuint (self->playout.dropped, ==, 0);
  g_assert_cmpint (cv_test_tone_step (self->heard, self->n), <, SMOOTH);
}

/* What is too much goes at once, the oldest first; what merely waits too long, within a second or two. */
static void
test_too_much (Fixture *self, gconstpointer unused)
{
  push (self, 2);
  take (self);
  push (self, 29); /* what is left out is no whole number of periods */
  g_assert_cmpuint (self->playout.n, ==, CAPACITY);
  g_assert_cmpuint (self->playout.dropped, ==, 24 * CV_MIX_FRAME);
  for (guint k = 0; k < 199; k++) {
    take (self);
    push (self, 1);
  }
  g_assert_cmpuint (self->playout.n, <=, 3 * CV_MIX_FRAME);
  g_assert_cmpuint (self->silent, ==, 0);
  g_assert_cmpint (cv_test_tone_step (self->heard, self->n), <, SMOOTH);
}

static void
test_long_push (Fixture *self, gconstpointer unused)
{
  gint16 *samples = g_new (gint16, 48000);
  for (guint i = 0; i < 48000; i++)
    samples[i] = (gint16) (i / 2);
  cv_playout_push (&self->playout, samples, 48000);
  g_assert_cmpuint (self->playout.n, ==, CAPACITY);
  g_assert_true (take (self));
  g_assert_cmpint (self->heard[CV_MIX_FRAME - 1], ==, (48000 - CAPACITY + CV_MIX_FRAME - 1) / 2);
  g_free (samples);
}

/* Lengths that are no multiples of a frame, and a hole that is known. */
static void
test_odd_lengths (Fixture *self, gconstpointer unused)
{
  gint16 sample = 0;
  for (guint i = 0; i < 50 * 480; i++) {
    cv_playout_push (&self->playout, &sample, 1);
    sample++;
    if (i % CV_MIX_FRAME == 0)
      take (self);
  }
  g_assert_cmpint (cv_test_tone_step (self->heard, self->n - CV_MIX_FRAME), ==, 1);
  cv_playout_push_silence (&self->playout, 1500);
  g_assert_cmpuint (self->playout.dropped, ==, 0);
  while (self->playout.n >= CV_MIX_FRAME)
    take (self);
  g_assert_cmpint (self->heard[self->n - 1], ==, 0);
}

/* Of another rate: the same in its own lengths. */
static void
test_phone (Fixture *self, gconstpointer unused)
{
  gint16 samples[CV_MIX_PHONE_FRAME], frame[CV_MIX_PHONE_FRAME];
  cv_playout_init (&self->playout, CV_MIX_PHONE_FRAME);
  for (guint i = 0; i < CV_MIX_PHONE_FRAME; i++)
    samples[i] = (gint16) i;
  cv_playout_push (&self->playout, samples, CV_MIX_PHONE_FRAME);
  g_assert_false (cv_playout_take (&self->playout, frame));
  for (guint k = 0; k < 8; k++)
    cv_playout_push (&self->playout, samples, CV_MIX_PHONE_FRAME);
  g_assert_cmpuint (self->playout.n, ==, CV_PLAYOUT_FRAMES * CV_MIX_PHONE_FRAME);
  g_assert_true (cv_playout_take (&self->playout, frame));
  g_assert_true (cv_playout_take (&self->playout, frame));
  g_assert_cmpmem (frame, sizeof frame, samples, sizeof samples);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/playout/steady", Fixture, NULL, set_up, test_steady, NULL);
  g_test_add ("/playout/lone-frame", Fixture, NULL, set_up, test_lone_frame, NULL);
  g_test_add ("/playout/late", Fixture, NULL, set_up, test_late, NULL);
  g_test_add ("/playout/runs-dry", Fixture, NULL, set_up, test_runs_dry, NULL);
  g_test_add ("/playout/bursts", Fixture, NULL, set_up, test_bursts, NULL);
  g_test_add ("/playout/too-much", Fixture, NULL, set_up, test_too_much, NULL);
  g_test_add ("/playout/long-push", Fixture, NULL, set_up, test_long_push, NULL);
  g_test_add ("/playout/odd-lengths", Fixture, NULL, set_up, test_odd_lengths, NULL);
  g_test_add ("/playout/phone", Fixture, NULL, set_up, test_phone, NULL);
  return g_test_run ();
}
