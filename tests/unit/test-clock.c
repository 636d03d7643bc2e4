/* The clock: the fake one's order and time, the real one behind the main loop. */
#include "base/clock.h"

typedef struct {
  CvClock *clock;
  GString *calls;
  guint timer;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (1000);
  f->calls = g_string_new (NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (f->clock), (gpointer *) &f->clock);
  g_object_unref (f->clock);
  g_assert_null (f->clock);
  g_string_free (f->calls, TRUE);
}

static void
call_a (gpointer data)
{
  g_string_append_c (((Fixture *) data)->calls, 'a');
}

static void
call_b (gpointer data)
{
  g_string_append_c (((Fixture *) data)->calls, 'b');
}

static void
test_time (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_clock_wall (f->clock), ==, 1000);
  g_assert_cmpint (cv_clock_now (f->clock), ==, 0);
  cv_clock_advance (f->clock, 250);
  g_assert_cmpint (cv_clock_wall (f->clock), ==, 1250);
  g_assert_cmpint (cv_clock_now (f->clock), ==, 250000);
}

static void
test_order (Fixture *f, gconstpointer data)
{
  cv_clock_after (f->clock, 20, call_b, f);
  cv_clock_after (f->clock, 10, call_a, f);
  cv_clock_after (f->clock, 20, call_a, f);
  cv_clock_after (f->clock, 31, call_b, f);
  cv_clock_advance (f->clock, 9);
  g_assert_cmpstr (f->calls->str, ==, "");
  cv_clock_advance (f->clock, 21);
  g_assert_cmpstr (f->calls->str, ==, "aba");
  cv_clock_advance (f->clock, 1);
  g_assert_cmpstr (f->calls->str, ==, "abab");
  cv_clock_advance (f->clock, 1000);
  g_assert_cmpstr (f->calls->str, ==, "abab");
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  guint first = cv_clock_after (f->clock, 10, call_a, f);
  guint second = cv_clock_after (f->clock, 10, call_b, f);
  guint copy = second;

  g_assert_cmpuint (first, !=, 0);
  g_assert_cmpuint (first, !=, second);
  cv_clock_cancel (f->clock, &first);
  g_assert_cmpuint (first, ==, 0);
  cv_clock_cancel (f->clock, &first);
  cv_clock_advance (f->clock, 10);
  g_assert_cmpstr (f->calls->str, ==, "b");
  /* one that has run is passed over */
  cv_clock_cancel (f->clock, &copy);
  g_assert_cmpuint (copy, ==, 0);
}

static void
repeat (gpointer data)
{
  Fixture *f = data;

  g_string_append_printf (f->calls, "%" G_GINT64_FORMAT " ", cv_clock_now (f->clock) / 1000);
  f->timer = cv_clock_after (f->clock, 10, repeat, f);
}

static void
test_within_callback (Fixture *f, gconstpointer data)
{
  cv_clock_after (f->clock, 10, repeat, f);
  cv_clock_advance (f->clock, 35);
  /* each at its own time, those added on the way too */
  g_assert_cmpstr (f->calls->str, ==, "10 20 30 ");
  cv_clock_cancel (f->clock, &f->timer);
  cv_clock_advance (f->clock, 100);
  g_assert_cmpstr (f->calls->str, ==, "10 20 30 ");
}

static void
cancel_other (gpointer data)
{
  Fixture *f = data;

  cv_clock_cancel (f->clock, &f->timer);
}

static void
test_cancel_within_callback (Fixture *f, gconstpointer data)
{
  cv_clock_after (f->clock, 10, cancel_other, f);
  f->timer = cv_clock_after (f->clock, 10, call_a, f);
  cv_clock_advance (f->clock, 10);
  g_assert_cmpstr (f->calls->str, ==, "");
}

static void
test_real (void)
{
  g_autoptr (CvClock) clock = cv_clock_new ();
  Fixture f = { clock, g_string_new (NULL), 0 };
  gint64 start = cv_clock_now (clock);
  guint cancelled;

  g_assert_cmpint (ABS (cv_clock_wall (clock) - g_get_real_time () / 1000), <, 1000);
  cv_clock_after (clock, 40, call_b, &f);
  cv_clock_after (clock, 10, call_a, &f);
  cancelled = cv_clock_after (clock, 5, call_b, &f);
  cv_clock_cancel (clock, &cancelled);
  while (f.calls->len < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (f.calls->str, ==, "ab");
  g_assert_cmpint (cv_clock_now (clock) - start, >=, 40000);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  g_string_free (f.calls, TRUE);
}

static void
drop_clock (gpointer data)
{
  Fixture *f = data;

  g_clear_object (&f->clock);
  g_string_append_c (f->calls, 'd');
}

static void
test_dropped_within_callback (void)
{
  Fixture f = { cv_clock_new (), g_string_new (NULL), 0 };

  cv_clock_after (f.clock, 1, drop_clock, &f);
  cv_clock_after (f.clock, 50, call_a, &f);
  while (f.calls->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_usleep (60000);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpstr (f.calls->str, ==, "d");
  g_string_free (f.calls, TRUE);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/clock/time", test_time);
  ADD ("/clock/order", test_order);
  ADD ("/clock/cancel", test_cancel);
  ADD ("/clock/within-callback", test_within_callback);
  ADD ("/clock/cancel-within-callback", test_cancel_within_callback);
  g_test_add_func ("/clock/real", test_real);
  g_test_add_func ("/clock/dropped-within-callback", test_dropped_within_callback);
  return g_test_run ();
}
