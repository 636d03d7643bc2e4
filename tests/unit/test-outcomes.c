/* How recordings come out: status, duration, expiry after the room's or the configured days; and what is still open. */
#include "store/outcomes.h"

#include "lib/recordings.h"
#include "lib/wait.h"

static gboolean
settle (CvStore *store, const char *id, CvRecordingStatus status, const char *text, gint64 duration, guint days,
        GError **error)
{
  GAsyncResult *slot = NULL;
  cv_outcomes_settle_async (store, id, status, text, duration, days, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_outcomes_settle_finish (store, result, error);
}

static void
assert_row (CvStore *store, const char *expected)
{
  g_autofree char *text = cv_test_recordings_dump (
    store, "SELECT status, error, duration, expires FROM recording WHERE id = '" CV_TEST_RECORDING "'");
  g_assert_cmpstr (text, ==, expected);
}

static void
test_settle (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  /* it ended at 61000 */
  g_assert_true (settle (store, CV_TEST_RECORDING, CV_RECORDING_FAILED, "no-log", -1, 0, &error));
  assert_row (store, "failed no-log 0 NULL;");
  g_assert_true (settle (store, CV_TEST_RECORDING, CV_RECORDING_READY, "", 5000, 2, &error));
  assert_row (store, "ready  5000 172861000;");
  cv_test_recordings_run (store, "UPDATE room SET keep_days = 1");
  g_assert_true (settle (store, CV_TEST_RECORDING, CV_RECORDING_READY, "", -1, 2, &error));
  assert_row (store, "ready  5000 86461000;");
  cv_test_recordings_run (store, "UPDATE room SET keep_days = 0");
  g_assert_true (settle (store, CV_TEST_RECORDING, CV_RECORDING_READY, "", -1, 2, &error));
  assert_row (store, "ready  5000 NULL;");

  cv_test_recordings_run (store, "UPDATE recording SET status = 'deleting'");
  g_assert_false (settle (store, CV_TEST_RECORDING, CV_RECORDING_READY, "", -1, 2, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  assert_row (store, "deleting  5000 NULL;");
}

static char *
describe (GPtrArray *rows)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    const CvOutcomeRow *row = rows->pdata[i];
    g_string_append_printf (text, "%s %s %d %d; ", row->recording, cv_recording_statuses[row->status], row->rendered,
                            row->open);
  }
  return g_string_free (text, FALSE);
}

static void
test_list (CvStore *store)
{
  GAsyncResult *slot = NULL;
  cv_test_recordings_add (store, "rbbbbbbbbbbbb", "ready", 2000);
  cv_test_recordings_add (store, "rcccccccccccc", "recording", 3000);
  cv_test_recordings_run (store, "INSERT INTO render (id, recording, created, parameters, status) VALUES "
                                 "('j1', 'rbbbbbbbbbbbb', 1, '{}', 'done'), ('j2', 'rbbbbbbbbbbbb', 1, '{}', "
                                 "'running'), ('j3', '" CV_TEST_RECORDING "', 1, '{}', 'failed')");
  cv_outcomes_list_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) listed = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_outcomes_list_finish (store, listed, NULL);
  g_autofree char *text = describe (rows);
  g_assert_cmpstr (text, ==,
                   CV_TEST_RECORDING " processing 1 0; rbbbbbbbbbbbb ready 1 1; rcccccccccccc recording 0 0; ");

  cv_outcomes_list_room_async (store, "abcdefghijkm", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) here = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) all = cv_outcomes_list_room_finish (store, here, NULL);
  g_assert_cmpuint (all->len, ==, 3);
  cv_outcomes_list_room_async (store, "bbbbbbbbbbbb", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) elsewhere = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) none = cv_outcomes_list_room_finish (store, elsewhere, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/outcomes/settle", test_settle);
  cv_test_recordings_add_func ("/outcomes/list", test_list);
  return g_test_run ();
}
