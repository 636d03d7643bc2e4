/* Documents in the database: within the quota, moved within their room, marked before they go. */
#include "store/documents.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#define MEETING "mabcdefghijkm"
#define OTHER "mbbbbbbbbbbbb"
#define ONE "faaaaaaaaaaaa"

static gboolean
insert (CvStore *store, const char *id, const char *meeting, gint64 bytes, gint64 quota, GError **error)
{
  GAsyncResult *slot = NULL;
  const CvDocumentRow row = { .id = (char *) id,
                              .meeting = (char *) meeting,
                              .person = (char *) "pann",
                              .by_name = (char *) "Ann",
                              .name = (char *) "a.pdf",
                              .media_type = (char *) "application/pdf",
                              .bytes = bytes,
                              .created = 5 };
  cv_documents_insert_async (store, &row, quota, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_documents_insert_finish (store, result, error);
}

static CvDocumentRow *
load (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_documents_load_async (store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_documents_load_finish (store, result, error);
}

static gboolean
set_status (CvStore *store, const char *id, CvDocumentStatus status, const char *sha256)
{
  GAsyncResult *slot = NULL;
  cv_documents_set_status_async (store, id, status, sha256, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_documents_set_status_finish (store, result, NULL);
}

static guint
mark (CvStore *store, CvDocumentsOf of, const char *id)
{
  GAsyncResult *slot = NULL;
  cv_documents_mark_async (store, of, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_documents_mark_finish (store, result, NULL);
  return rows->len;
}

static void
test_row (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  cv_test_recordings_run (store, "UPDATE room SET owner = NULL");
  g_assert_true (insert (store, ONE, MEETING, 7, 7, NULL));
  g_assert_false (insert (store, ONE, MEETING, 0, 7, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_autoptr (CvDocumentRow) row = load (store, ONE, NULL);
  g_assert_cmpstr (row->room, ==, "abcdefghijkm");
  g_assert_null (row->owner);
  g_assert_cmpint (row->bytes, ==, 7);
  g_assert_cmpint (row->status, ==, CV_DOCUMENT_UPLOADING);
  g_assert_true (set_status (store, ONE, CV_DOCUMENT_READY, "abc"));
  g_assert_true (set_status (store, ONE, CV_DOCUMENT_READY, NULL));
  g_autofree char *dump = cv_test_recordings_dump (store, "SELECT sha256, status, name, by_name FROM document");
  g_assert_cmpstr (dump, ==, "abc ready a.pdf Ann;");
  g_assert_null (load (store, "fbbbbbbbbbbbb", NULL));
}

static void
test_limits (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (insert (store, ONE, "mnowhere", 1, 10, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_true (insert (store, ONE, MEETING, 6, 10, NULL));
  g_assert_false (insert (store, "fbbbbbbbbbbbb", MEETING, 5, 10, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FULL);
  g_clear_error (&error);
  g_assert_true (insert (store, "fbbbbbbbbbbbb", MEETING, 4, 10, NULL));
  cv_test_recordings_run (store, "UPDATE document SET status = 'refused'");
  g_assert_true (insert (store, "fcccccccccccc", MEETING, 10, 10, NULL));
  for (guint i = 1; i < CV_DOCUMENTS_MAX_UNFINISHED; i++) {
    g_autofree char *id = g_strdup_printf ("f%u", i);
    g_assert_true (insert (store, id, MEETING, 0, 10, NULL));
  }
  g_assert_false (insert (store, "fdddddddddddd", MEETING, 0, 10, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
}

static void
test_move (CvStore *store)
{
  GAsyncResult *slot = NULL;
  cv_test_recordings_run (store, "INSERT INTO meeting (id, room, started) VALUES ('" OTHER "', 'abcdefghijkm', 2)");
  g_assert_true (insert (store, ONE, MEETING, 6, 10, NULL));
  cv_documents_move_async (store, ONE, OTHER, "pbob", "Bob", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) moved = cv_test_wait_for (&slot);
  g_assert_true (cv_documents_move_finish (store, moved, NULL));
  g_autofree char *dump = cv_test_recordings_dump (store, "SELECT meeting, person, by_name FROM document");
  g_assert_cmpstr (dump, ==, OTHER " pbob Bob;");
  cv_test_recordings_run (store, "INSERT INTO room (id, kind, title, created, join_verifier, host_verifier) VALUES "
                                 "('bbbbbbbbbbbb', 'standard', 'x', 1, zeroblob (32), zeroblob (32))");
  cv_test_recordings_run (store, "INSERT INTO meeting (id, room, started) VALUES ('mcccccccccccc', 'bbbbbbbbbbbb', 2)");
  cv_documents_move_async (store, ONE, "mcccccccccccc", "pbob", "Bob", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) elsewhere = cv_test_wait_for (&slot);
  g_assert_false (cv_documents_move_finish (store, elsewhere, NULL));
}

static void
test_delete (CvStore *store)
{
  GAsyncResult *slot = NULL;
  g_assert_true (insert (store, ONE, MEETING, 1, 10, NULL));
  g_assert_true (insert (store, "fbbbbbbbbbbbb", MEETING, 1, 10, NULL));
  g_assert_true (set_status (store, ONE, CV_DOCUMENT_READY, "x"));
  cv_documents_complete_async (store, ONE, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) early = cv_test_wait_for (&slot);
  g_assert_false (cv_documents_complete_finish (store, early, NULL));
  g_assert_cmpuint (mark (store, CV_DOCUMENTS_UNFINISHED, MEETING), ==, 1);
  g_assert_false (set_status (store, "fbbbbbbbbbbbb", CV_DOCUMENT_READY, NULL));
  g_assert_cmpuint (mark (store, CV_DOCUMENTS_OF_MEETING, MEETING), ==, 2);
  g_assert_cmpuint (mark (store, CV_DOCUMENTS_OF_ROOM, "abcdefghijkm"), ==, 2);
  g_assert_cmpuint (mark (store, CV_DOCUMENTS_ONE, ONE), ==, 1);
  g_assert_cmpuint (mark (store, CV_DOCUMENTS_ONE, MEETING), ==, 0);
  cv_documents_list_unfinished_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) listed = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_documents_list_finish (store, listed, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  cv_documents_complete_async (store, ONE, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) done = cv_test_wait_for (&slot);
  g_assert_true (cv_documents_complete_finish (store, done, NULL));
  cv_documents_list_async (store, MEETING, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) left = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) others = cv_documents_list_finish (store, left, NULL);
  g_assert_cmpuint (others->len, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/documents/row", test_row);
  cv_test_recordings_add_func ("/documents/limits", test_limits);
  cv_test_recordings_add_func ("/documents/move", test_move);
  cv_test_recordings_add_func ("/documents/delete", test_delete);
  return g_test_run ();
}
