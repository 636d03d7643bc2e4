/* Who guesses PINs is slowed down and not answered; who knows one always comes in. */
#include "room/pin-guard.h"

typedef struct {
  CvClock *clock;
  CvPinGuard *guard;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (1700000000000);
  f->guard = cv_pin_guard_new (f->clock);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_pin_guard_free (f->guard);
  g_object_unref (f->clock);
}

static void
test_source (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < CV_PIN_GUARD_TRIES; i++) {
    g_assert_false (cv_pin_guard_is_blocked (f->guard, "a"));
    cv_pin_guard_note (f->guard, "a", "12345", FALSE);
  }
  g_assert_true (cv_pin_guard_is_blocked (f->guard, "a"));
  g_assert_false (cv_pin_guard_is_blocked (f->guard, "b"));
  cv_clock_advance (f->clock, CV_PIN_GUARD_MEMORY_MS);
  g_assert_false (cv_pin_guard_is_blocked (f->guard, "a"));
  /* nobody can be kept out by others who have no number either */
  for (guint i = 0; i < 50; i++)
    cv_pin_guard_note (f->guard, NULL, "12345", FALSE);
  g_assert_false (cv_pin_guard_is_blocked (f->guard, NULL));
}

static void
test_aimed (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (cv_pin_guard_get_delay (f->guard, "12345"), ==, CV_PIN_GUARD_ANSWER_MS);
  for (guint i = 1; i <= 20; i++) {
    CvPinAlert alert = cv_pin_guard_note (f->guard, NULL, "12345", TRUE);
    g_assert_cmpint (alert, ==, i == CV_PIN_GUARD_AIMED ? CV_PIN_ALERT_AIMED : CV_PIN_ALERT_NONE);
    g_assert_cmpuint (cv_pin_guard_get_delay (f->guard, "12345"), ==,
                      MIN ((1 + i) * CV_PIN_GUARD_ANSWER_MS, CV_PIN_GUARD_MOST_MS));
    g_assert_cmpuint (cv_pin_guard_get_delay (f->guard, "12346"), ==, CV_PIN_GUARD_ANSWER_MS);
  }
  cv_clock_advance (f->clock, CV_PIN_GUARD_MEMORY_MS);
  g_assert_cmpuint (cv_pin_guard_get_delay (f->guard, "12345"), ==, CV_PIN_GUARD_ANSWER_MS);
}

/* How long an answer takes does not tell how PINs begin. */
static void
test_told_nothing (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 12; i++) {
    cv_pin_guard_note (f->guard, NULL, "12345", TRUE);
    g_assert_cmpint (cv_pin_guard_note (f->guard, NULL, "54321", FALSE), ==, CV_PIN_ALERT_NONE);
    g_assert_cmpuint (cv_pin_guard_get_delay (f->guard, "12345"), ==, cv_pin_guard_get_delay (f->guard, "54321"));
  }
}

/* What is aimed at no room slows down others but little, and everybody is told once. */
static void
test_many (Fixture *f, gconstpointer data)
{
  guint alerts = 0;
  for (guint i = 0; i < 10000; i++) {
    g_autofree char *source = g_strdup_printf ("%u", i);
    alerts += cv_pin_guard_note (f->guard, source, "77777", FALSE) == CV_PIN_ALERT_ALL;
  }
  g_assert_cmpuint (alerts, ==, 1);
  g_assert_cmpuint (cv_pin_guard_count (f->guard), ==, 10000);
  g_assert_cmpuint (cv_pin_guard_get_delay (f->guard, "12345"), ==, CV_PIN_GUARD_MOST_MS);
  /* no place for more: they are not forgotten, and the others are still known */
  cv_pin_guard_note (f->guard, "more", "77777", FALSE);
  g_assert_false (cv_pin_guard_is_blocked (f->guard, "more"));
  for (guint i = 0; i < CV_PIN_GUARD_TRIES; i++)
    cv_pin_guard_note (f->guard, "77", "77777", FALSE);
  g_assert_true (cv_pin_guard_is_blocked (f->guard, "77"));
  cv_clock_advance (f->clock, CV_PIN_GUARD_MEMORY_MS);
  for (guint i = 0; i < CV_PIN_GUARD_TRIES; i++)
    cv_pin_guard_note (f->guard, "more", "77777", FALSE);
  g_assert_true (cv_pin_guard_is_blocked (f->guard, "more"));
  g_assert_cmpuint (cv_pin_guard_count (f->guard), ==, CV_PIN_GUARD_TRIES);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/pin-guard/source", test_source);
  ADD ("/pin-guard/aimed", test_aimed);
  ADD ("/pin-guard/told-nothing", test_told_nothing);
  ADD ("/pin-guard/many", test_many);
  return g_test_run ();
}
