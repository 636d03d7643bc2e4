/* Table `recording_file`: each call, and its errors. */
#include "store/recording-files.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TRACK "tracks/001-pabcdefghijkm-camera-1.mkv"

static gboolean
put (CvStore *store, const CvRecordingFileRow *row, const CvRecordingFileRow *second, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_ptr_array_add (rows, (gpointer) row);
  if (second != NULL)
    g_ptr_array_add (rows, (gpointer) second);
  cv_recording_files_put_async (store, rows, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_recording_files_put_finish (store, result, error);
}

static CvRecordingFileRow
row_of (const char *recording, const char *name, gint64 bytes, const char *sha256)
{
  return (CvRecordingFileRow){ .recording = (char *) recording,
                               .name = (char *) name,
                               .kind = (char *) "track",
                               .bytes = bytes,
                               .sha256 = (char *) sha256,
                               .person = (char *) "",
                               .source = (char *) "" };
}

static void
assert_dump (CvStore *store, const char *sql, const char *expected)
{
  g_autofree char *text = cv_test_recordings_dump (store, sql);
  g_assert_cmpstr (text, ==, expected);
}

#define ALL "SELECT name, kind, bytes, sha256, person, source, begins, duration, render FROM recording_file ORDER BY 1"

static void
test_put (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  CvRecordingFileRow row = row_of (CV_TEST_RECORDING, TRACK, 10, HASH);
  row.person = (char *) "pabcdefghijkm";
  row.source = (char *) "camera";
  row.begins = 5;
  row.duration = 1000;
  row.render = (char *) "jabcdefghijkm";
  g_assert_true (put (store, &row, NULL, &error));
  assert_dump (store, ALL, TRACK " track 10 " HASH " pabcdefghijkm camera 5 1000 jabcdefghijkm;");

  /* what a later row does not know stays */
  CvRecordingFileRow later = row_of (CV_TEST_RECORDING, TRACK, 10, "");
  CvRecordingFileRow other = row_of (CV_TEST_RECORDING, "meeting.mp4", 7, HASH);
  g_assert_true (put (store, &later, &other, &error));
  assert_dump (store, ALL,
               "meeting.mp4 track 7 " HASH "   0 0 NULL;" TRACK " track 10 " HASH
               " pabcdefghijkm camera 5 1000 jabcdefghijkm;");
  assert_dump (store, "SELECT bytes FROM recording", "17;");

  /* another length is another file */
  later.bytes = 11;
  g_assert_true (put (store, &later, NULL, &error));
  assert_dump (store, "SELECT bytes, sha256 FROM recording_file WHERE name LIKE 'tracks/%'", "11 ;");
  assert_dump (store, "SELECT bytes FROM recording", "18;");
}

static void
test_all_or_none (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  CvRecordingFileRow good = row_of (CV_TEST_RECORDING, "a", 1, "");
  CvRecordingFileRow bad = row_of ("rnowhere", "b", 1, "");
  g_assert_false (put (store, &good, &bad, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  assert_dump (store, ALL, "");
}

static void
test_list_and_find (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  const char *both[] = { CV_TEST_RECORDING, "rbbbbbbbbbbbb", "']}\\\"", NULL };
  const char *none[] = { NULL };
  CvRecordingFileRow first = row_of (CV_TEST_RECORDING, "b.mp4", 1, HASH);
  CvRecordingFileRow second = row_of (CV_TEST_RECORDING, "a.mp4", 2, "");
  CvRecordingFileRow third = row_of ("rbbbbbbbbbbbb", "c '; DROP TABLE room; --", 3, "");
  GAsyncResult *slot = NULL;
  cv_test_recordings_add (store, "rbbbbbbbbbbbb", "ready", 2000);
  put (store, &first, &second, NULL);
  put (store, &third, NULL, NULL);

  cv_recording_files_list_async (store, both, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) listed = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_recording_files_list_finish (store, listed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 3);
  const CvRecordingFileRow *row = rows->pdata[0];
  g_assert_cmpstr (row->name, ==, "a.mp4");
  g_assert_cmpint (row->bytes, ==, 2);
  g_assert_null (row->render);
  row = rows->pdata[2];
  g_assert_cmpstr (row->recording, ==, "rbbbbbbbbbbbb");
  g_assert_cmpstr (row->name, ==, "c '; DROP TABLE room; --");

  cv_recording_files_list_async (store, none, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) empty = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) nothing = cv_recording_files_list_finish (store, empty, &error);
  g_assert_cmpuint (nothing->len, ==, 0);

  cv_recording_files_find_async (store, CV_TEST_RECORDING, "b.mp4", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) found = cv_test_wait_for (&slot);
  g_autoptr (CvRecordingFileRow) file = cv_recording_files_find_finish (store, found, &error);
  g_assert_cmpstr (file->sha256, ==, HASH);
  cv_recording_files_find_async (store, "rbbbbbbbbbbbb", "b.mp4", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) missing = cv_test_wait_for (&slot);
  g_assert_null (cv_recording_files_find_finish (store, missing, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/recording-files/put", test_put);
  cv_test_recordings_add_func ("/recording-files/all-or-none", test_all_or_none);
  cv_test_recordings_add_func ("/recording-files/list-and-find", test_list_and_find);
  return g_test_run ();
}
