/* Whose recordings, renderings and shares are. */
#include "store/owners.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#define OURS "uaaaaaaaaaaaa"
#define THEIRS "ubbbbbbbbbbbb"

static CvStore *
open_store (void)
{
  CvStore *store = cv_test_recordings_open ();
  cv_test_recordings_run (store, "INSERT INTO render (id, recording, created, parameters, status) VALUES "
                                 "('jabcdefghijkm', '" CV_TEST_RECORDING "', 1, '{}', 'queued')");
  cv_test_recordings_run (store, "INSERT INTO share (id, hash, recording, created, downloads) VALUES "
                                 "('sabcdefghijkm', zeroblob (32), '" CV_TEST_RECORDING "', 1, 0)");
  return store;
}

static gboolean
is_owner (CvStore *store, const char *id, const char *actor)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_owners_check_async (store, id, actor, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  gboolean yes = cv_owners_check_finish (store, result, &error);
  if (!yes)
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  return yes;
}

static void
test_check (void)
{
  static const char *const ids[] = { CV_TEST_RECORDING, "jabcdefghijkm", "sabcdefghijkm" };
  static const char *const others[] = { "rmmmmmmmmmmmm", "jmmmmmmmmmmmm", "smmmmmmmmmmmm", "uaaaaaaaaaaaa", "" };
  CvStore *store = open_store ();
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_false (is_owner (store, ids[i], OURS)); /* nobody's */
  cv_test_recordings_run (store, "UPDATE room SET owner = '" OURS "'");
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_assert_true (is_owner (store, ids[i], OURS));
    g_assert_false (is_owner (store, ids[i], THEIRS));
  }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (is_owner (store, others[i], OURS));
  cv_store_close (store);
  cv_test_wait_gone (store);
}

static void
test_closed (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_store_close (store);
  cv_owners_check_async (store, CV_TEST_RECORDING, OURS, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_false (cv_owners_check_finish (store, result, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
  g_clear_object (&result);
  cv_test_wait_gone (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/owners/check", test_check);
  g_test_add_func ("/owners/closed", test_closed);
  return g_test_run ();
}
