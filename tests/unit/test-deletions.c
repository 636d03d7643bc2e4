/* Deleting recordings in the database: marked once, with one entry in the audit, and gone with all that refers to them. */
#include "store/deletions.h"

#include "lib/audit.h"
#include "lib/recordings.h"
#include "lib/wait.h"

static gboolean
mark (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_deletions_mark_async (store, id, "admin", 5000, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_deletions_mark_finish (store, result, error);
}

static gboolean
complete (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_deletions_complete_async (store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_deletions_complete_finish (store, result, error);
}

static void
test_delete (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_test_recordings_add (store, "rbbbbbbbbbbbb", "recording", 1);
  cv_test_recordings_run (
    store, "INSERT INTO recording_file (recording, name, kind, bytes, sha256) VALUES ('" CV_TEST_RECORDING
           "', 'a', 'track', 1, '')");
  cv_test_recordings_run (store, "INSERT INTO consent (recording, person, name, answer, at) VALUES ('" CV_TEST_RECORDING
                                 "', 'p', 'Ann', 'agreed', 1)");
  cv_test_recordings_run (
    store, "INSERT INTO render (id, recording, created, parameters, status) VALUES ('j', '" CV_TEST_RECORDING
           "', 1, '{}', 'done')");
  cv_test_recordings_run (store, "INSERT INTO share (id, hash, recording, created, downloads) VALUES ('s', zeroblob "
                                 "(32), '" CV_TEST_RECORDING "', 1, 0)");
  g_assert_false (mark (store, "rbbbbbbbbbbbb", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (mark (store, "rnowhere", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_false (complete (store, CV_TEST_RECORDING, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);

  g_assert_true (mark (store, CV_TEST_RECORDING, &error));
  g_assert_false (mark (store, CV_TEST_RECORDING, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  cv_deletions_list_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) listed = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) ids = cv_deletions_list_finish (store, listed, NULL);
  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_cmpstr (ids->pdata[0], ==, CV_TEST_RECORDING);
  g_assert_true (complete (store, CV_TEST_RECORDING, NULL));
  g_autofree char *left = cv_test_recordings_dump (
    store, "SELECT (SELECT count (*) FROM recording_file) + (SELECT count (*) FROM consent) + (SELECT count (*) FROM "
           "render) + (SELECT count (*) FROM share), (SELECT group_concat (id) FROM recording)");
  g_assert_cmpstr (left, ==, "0 rbbbbbbbbbbbb;");
  g_autofree char *audit =
    cv_test_recordings_dump (store, "SELECT at, actor, action, object, detail FROM " CV_TEST_AUDIT);
  g_assert_cmpstr (audit, ==, "5000 admin recording.delete " CV_TEST_RECORDING " processing;");
}

static void
test_expired (CvStore *store)
{
  GAsyncResult *slot = NULL;
  cv_test_recordings_add (store, "rbbbbbbbbbbbb", "ready", 1);
  cv_test_recordings_add (store, "rcccccccccccc", "failed", 1);
  cv_test_recordings_add (store, "rdddddddddddd", "ready", 1);
  cv_test_recordings_add (store, "reeeeeeeeeeee", "deleting", 1);
  cv_test_recordings_run (store, "UPDATE recording SET expires = CASE id WHEN 'rbbbbbbbbbbbb' THEN 100 WHEN "
                                 "'rcccccccccccc' THEN 99 WHEN 'rdddddddddddd' THEN 101 ELSE 1 END");
  cv_deletions_list_expired_async (store, 100, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) ids = cv_deletions_list_expired_finish (store, result, NULL);
  g_assert_cmpuint (ids->len, ==, 2);
  g_assert_cmpstr (ids->pdata[0], ==, "rcccccccccccc");
  g_assert_cmpstr (ids->pdata[1], ==, "rbbbbbbbbbbbb");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/deletions/delete", test_delete);
  cv_test_recordings_add_func ("/deletions/expired", test_expired);
  return g_test_run ();
}
