/* Children in reserve: warm ones first, filled up again, and patience with a program that does not start. */
#include "process/spares.h"

#include "lib/log.h"
#include "lib/processes.h"
#include "lib/wait.h"

typedef struct {
  CvClock *clock;
  CvChildOptions options;
  const char *arguments[2];
  CvSpares *spares;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (0);
  f->options = (CvChildOptions){ "conclave-media", CV_FAKE_MEDIA, f->arguments, 0 };
  f->arguments[0] = data;
}

/* One that is there, or gone without our knowing: each holds the clock. */
static gboolean
has_any (Fixture *f)
{
  return ((GObject *) f->clock)->ref_count > 2;
}

static void
wait_for_none (Fixture *f)
{
  cv_test_wait_until (!has_any (f));
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_spares_stop (f->spares);
  wait_for_none (f);
  cv_test_wait_gone (f->spares);
  cv_test_wait_gone (f->clock);
  cv_test_log_assert_all ();
}

static CvChild *
take (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  CvChild *child = cv_spares_take (f->spares, &error);

  g_assert_no_error (error);
  return child;
}

static void
end (CvChild *child)
{
  cv_child_end (child);
  g_object_unref (child);
}

static void
test_warm (Fixture *f, gconstpointer data)
{
  CvChild *warm, *cold;

  f->spares = cv_spares_new (&f->options, 2, f->clock);
  g_assert_cmpuint (cv_spares_count_ready (f->spares), ==, 0);
  g_assert_false (cv_spares_are_well (f->spares));
  cv_test_wait_until (cv_spares_count_ready (f->spares) == 2);
  g_assert_true (cv_spares_are_well (f->spares));
  warm = take (f);
  g_assert_true (cv_child_is_started (warm));
  end (take (f));
  g_assert_cmpuint (cv_spares_count_ready (f->spares), ==, 0);
  g_assert_true (cv_spares_are_well (f->spares)); /* others are on their way */
  cold = take (f);                                /* there is one for everybody */
  g_assert_false (cv_child_is_started (cold));
  end (cold);
  end (warm);
  cv_clock_advance (f->clock, 1000);
  cv_test_wait_until (cv_spares_count_ready (f->spares) == 2);
}

static void
test_none (Fixture *f, gconstpointer data)
{
  f->spares = cv_spares_new (&f->options, 0, f->clock);
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
  g_assert_true (cv_spares_are_well (f->spares));
  end (take (f));
  cv_clock_advance (f->clock, 100000);
  cv_test_settle ();
  g_assert_cmpuint (cv_spares_count_ready (f->spares), ==, 0);
}

/* A spare that dies is replaced; one that never starts is tried ever more seldom. */
static void
test_does_not_start (Fixture *f, gconstpointer data)
{
  guint pause = 1000;

  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a spare conclave-media[*");
  f->spares = cv_spares_new (&f->options, 1, f->clock);
  for (guint i = 0; i < 4; i++) {
    wait_for_none (f);
    cv_test_log_assert_all ();
    g_assert_false (cv_spares_are_well (f->spares));
    cv_clock_advance (f->clock, pause - 1);
    g_assert_false (has_any (f));
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "a spare conclave-media[*");
    cv_clock_advance (f->clock, 1);
    g_assert_true (has_any (f));
    pause *= 2;
  }
  wait_for_none (f);
}

static void
test_no_program (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->options.path = "/nowhere/conclave-media";
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "conclave-media does not start: *");
  f->spares = cv_spares_new (&f->options, 1, f->clock);
  cv_test_log_assert_all ();
  g_assert_null (cv_spares_take (f->spares, &error));
  g_assert_nonnull (error);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "conclave-media does not start: *");
  cv_clock_advance (f->clock, 1000);
}

/* Who has been told nothing has nothing to say. */
static void
test_speaks (Fixture *f, gconstpointer data)
{
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a spare conclave-media[*] is gone: a spare speaks (*");
  f->spares = cv_spares_new (&f->options, 1, f->clock);
  wait_for_none (f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/spares/warm", Fixture, "", set_up, test_warm, tear_down);
  g_test_add ("/spares/none", Fixture, "", set_up, test_none, tear_down);
  g_test_add ("/spares/does-not-start", Fixture, "exit", set_up, test_does_not_start, tear_down);
  g_test_add ("/spares/no-program", Fixture, "", set_up, test_no_program, tear_down);
  g_test_add ("/spares/speaks", Fixture, "speak", set_up, test_speaks, tear_down);
  return g_test_run ();
}
