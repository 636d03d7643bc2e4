/* The database answers, fails, or takes too long. */
#include "store/pulse.h"

#include "lib/wait.h"

typedef struct {
  CvStore *store;
  CvClock *clock;
  GMutex mutex; /* the database hangs while it is locked */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->store = cv_store_open (":memory:", &error);
  g_assert_no_error (error);
  f->clock = cv_clock_new_fake (0);
  g_mutex_init (&f->mutex);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_store_close (f->store);
  cv_test_settle ();
  g_assert_finalize_object (f->store);
  g_assert_finalize_object (f->clock);
  g_mutex_clear (&f->mutex);
}

static gboolean
finish (Fixture *f, GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) answer = cv_test_wait_for (result);
  return cv_pulse_take_finish (f->store, answer, error);
}

static gpointer
hang (sqlite3 *db, gpointer data, GError **error)
{
  g_mutex_lock (data);
  g_mutex_unlock (data);
  return NULL;
}

static void
test_lives (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  cv_pulse_take_async (f->store, f->clock, 2000, NULL, cv_test_on_ready, &result);
  g_assert_true (finish (f, &result, &error));
  g_assert_no_error (error);
}

static void
test_hangs (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *late = NULL, *patient = NULL;
  g_mutex_lock (&f->mutex);
  cv_store_run_async (f->store, hang, &f->mutex, NULL, NULL, NULL, NULL, NULL);
  cv_pulse_take_async (f->store, f->clock, 2000, NULL, cv_test_on_ready, &late);
  cv_pulse_take_async (f->store, f->clock, 0, NULL, cv_test_on_ready, &patient);
  cv_clock_advance (f->clock, 2000);
  g_assert_false (finish (f, &late, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_null (patient);
  g_mutex_unlock (&f->mutex);
  g_assert_true (finish (f, &patient, &error));
  g_assert_no_error (error);
}

static void
test_fails (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_cancellable_cancel (cancellable);
  cv_pulse_take_async (f->store, f->clock, 2000, cancellable, cv_test_on_ready, &result);
  g_assert_false (finish (f, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  cv_store_close (f->store);
  cv_pulse_take_async (f->store, f->clock, 2000, NULL, cv_test_on_ready, &result);
  g_assert_false (finish (f, &result, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/pulse/lives", Fixture, NULL, set_up, test_lives, tear_down);
  g_test_add ("/pulse/hangs", Fixture, NULL, set_up, test_hangs, tear_down);
  g_test_add ("/pulse/fails", Fixture, NULL, set_up, test_fails, tear_down);
  return g_test_run ();
}
