/* What is counted of the tables. */
#include "store/census.h"

#include "lib/rooms.h"
#include "lib/wait.h"

static gpointer
run_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  char *message = NULL;
  if (sqlite3_exec (db, data, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s", message);
  return GINT_TO_POINTER (TRUE);
}

static void
run (CvStore *store, const char *sql)
{
  GAsyncResult *slot = NULL;
  cv_store_run_async (store, run_on_worker, (gpointer) sql, NULL, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_store_run_finish_plain (store, result, NULL));
}

static CvCensus *
take (CvStore *store, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_census_take_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_census_take_finish (store, result, error);
}

static gint64
count_rooms (const CvCensus *census, const char *kind)
{
  for (guint i = 0; i < census->n_kinds; i++)
    if (g_str_equal (census->kinds[i].kind, kind))
      return census->kinds[i].rooms;
  return 0;
}

#define DOCUMENT(id, bytes, status)                                                                                    \
  "INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) VALUES ('" id         \
  "', 'm', 'p', '', '', '', " bytes ", '" status "', 0);"

static void
test_counts (void)
{
  static const char *const without_media[] = { "classroom", NULL };
  g_autoptr (GError) error = NULL;
  CvTestRooms f;
  cv_test_rooms_init (&f, without_media);
  g_autoptr (CvCensus) empty = take (f.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->n_kinds, ==, 0);
  g_assert_cmpint (empty->documents + empty->document_bytes + empty->hooks_waiting + empty->hooks_failed, ==, 0);
  cv_test_rooms_create (&f, "aaaaaaaaaaaa", "standard", NULL);
  cv_test_rooms_create (&f, "bbbbbbbbbbbb", "standard", NULL);
  cv_test_rooms_create (&f, "cccccccccccc", "classroom", NULL);
  run (f.store,
       "PRAGMA defer_foreign_keys = ON; INSERT INTO meeting (id, room, started) VALUES ('m', 'aaaaaaaaaaaa', 1);");
  run (f.store, DOCUMENT ("f1", "10", "ready") DOCUMENT ("f2", "5", "ready") DOCUMENT ("f3", "7", "uploading"));
  run (f.store, "INSERT INTO delivery (id, created, event, body, next_at) VALUES ('d1', 1, 'e', '{}', 5), "
                "('d2', 1, 'e', '{}', NULL), ('d3', 1, 'e', '{}', NULL);");
  g_autoptr (CvCensus) census = take (f.store, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_rooms (census, "standard"), ==, 2);
  g_assert_cmpint (count_rooms (census, "classroom"), ==, 1);
  g_assert_cmpint (count_rooms (census, "boardroom"), ==, 0);
  g_assert_cmpint (census->documents, ==, 2);
  g_assert_cmpint (census->document_bytes, ==, 15);
  g_assert_cmpint (census->hooks_waiting, ==, 1);
  g_assert_cmpint (census->hooks_failed, ==, 2);
  cv_test_rooms_clear (&f);
}

static void
test_fails (void)
{
  g_autoptr (GError) error = NULL;
  CvTestRooms f;
  cv_test_rooms_init (&f, NULL);
  cv_store_close (f.store);
  g_assert_null (take (f.store, &error));
  g_assert_nonnull (error);
  cv_test_rooms_clear (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/census/counts", test_counts);
  g_test_add_func ("/census/fails", test_fails);
  return g_test_run ();
}
