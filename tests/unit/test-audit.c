/* Table `audit`: entries with pseudonyms, words of a list and nothing else, alone or as part of what they are about. */
#include "store/audit.h"

#include "lib/audit.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/wait.h"

#define USER "uabcdefghijkm"
#define ROWS "SELECT at, actor, action, object, detail FROM " CV_TEST_AUDIT " ORDER BY n"

static gboolean
add (CvStore *store, CvAuditRow row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_audit_add_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_audit_add_finish (store, result, error);
}

static void
assert_rows (CvStore *store, const char *sql, const char *expected)
{
  g_autofree char *rows = cv_test_recordings_dump (store, sql);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_pseudonyms (CvStore *store)
{
  const CvAuditRow row = { 3, (char *) USER, (char *) "recording.delete", (char *) CV_TEST_RECORDING, NULL };
  g_assert_true (add (store, row, NULL));
  g_assert_true (add (store, row, NULL));
  assert_rows (store, ROWS,
               "3 " USER " recording.delete " CV_TEST_RECORDING " ;3 " USER " recording.delete " CV_TEST_RECORDING
               " ;");
  /* the same name each time, and none that says anything */
  assert_rows (store,
               "SELECT count (DISTINCT actor), count (DISTINCT object), min (actor GLOB 'x*' AND length (actor) = 17), "
               "sum (actor || object LIKE '%abc%') FROM audit",
               "1 1 1 0;");
  cv_test_recordings_run (store, "DELETE FROM pseudonym WHERE id = '" USER "'");
  g_assert_true (add (store, row, NULL));
  assert_rows (store, "SELECT count (DISTINCT actor), count (DISTINCT object) FROM audit", "2 1;");
}

/* They stand for themselves; nobody and nothing are words as well. */
static void
test_words (CvStore *store)
{
  static const char *const actors[] = { "admin", "anybody", "retention", "room", "server" };
  for (guint i = 0; i < G_N_ELEMENTS (actors); i++)
    g_assert_true (
      add (store, (CvAuditRow){ i, (char *) actors[i], (char *) "key.create", NULL, (char *) "host" }, NULL));
  g_assert_true (add (store, (CvAuditRow){ 9, NULL, (char *) "sign-in.refused", NULL, (char *) "password" }, NULL));
  assert_rows (store, "SELECT actor, action, object, detail FROM audit ORDER BY n",
               "admin key.create  host;anybody key.create  host;retention key.create  host;room key.create  host;"
               "server key.create  host;anybody sign-in.refused  password;");
  assert_rows (store, "SELECT count (*) FROM pseudonym", "0;");
}

/* No text of anybody's: an entry that has some is none, nor is what it is about. */
static void
test_refused (CvStore *store)
{
  g_autoptr (GError) action = NULL, detail = NULL;
  g_assert_false (add (store, (CvAuditRow){ 1, NULL, (char *) "Ann came", NULL, NULL }, &action));
  g_assert_error (action, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
  g_assert_false (add (store, (CvAuditRow){ 1, NULL, (char *) "key.create", NULL, (char *) "of Ann" }, &detail));
  g_assert_error (detail, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
  assert_rows (store, "SELECT count (*) FROM audit", "0;");
}

static gpointer
touch (sqlite3 *db, gpointer data, GError **error)
{
  if (data != NULL)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "no");
  else
    cv_store_exec (db, error, "UPDATE recording SET title = 'touched'", "");
  return NULL;
}

static void
run (CvStore *store, gpointer data)
{
  GAsyncResult *slot = NULL;
  cv_store_run_async (store, touch, data, NULL, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GError) error = NULL;
  cv_store_run_finish_plain (store, result, &error);
}

/* With the next job, and that one alone; neither without the other. */
static void
test_with_next (CvStore *store)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (5000);
  cv_audit_note_with_next (store, clock, "admin", "room.create", NULL, NULL);
  run (store, store);
  run (store, NULL);
  assert_rows (store, "SELECT count (*) FROM audit", "0;");
  cv_audit_note_with_next (store, clock, "admin", "room.create", NULL, NULL);
  run (store, NULL);
  run (store, NULL);
  assert_rows (store, "SELECT action FROM audit", "room.create;");
  cv_test_recordings_run (store, "UPDATE recording SET title = 'as before'");
  cv_audit_note_with_next (store, clock, "admin", "no such word", NULL, NULL);
  run (store, NULL);
  assert_rows (store, "SELECT title FROM recording", "as before;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/audit/pseudonyms", test_pseudonyms);
  cv_test_recordings_add_func ("/audit/words", test_words);
  cv_test_recordings_add_func ("/audit/refused", test_refused);
  cv_test_recordings_add_func ("/audit/with-next", test_with_next);
  return g_test_run ();
}
