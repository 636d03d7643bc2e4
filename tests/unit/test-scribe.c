/* Who writes summaries: one of each meeting that is over, none where nobody wants one; and after its time all of it goes. */
#include "summary/scribe.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/staged.h"
#include "lib/wait.h"
#include "store/summaries.h"

#include <glib/gstdio.h>

#define HOUR_MS (3600 * 1000)
#define DAY_MS (24 * HOUR_MS)
#define DOCUMENT CV_TEST_STAGED_MEETING "/faaaaaaaaaaaa"

typedef struct {
  CvStore *store;
  CvClock *clock;
  CvCabinet *cabinet;
  CvScribe *scribe;
  char *folder;
  GString *made;
} Fixture;

static void
on_made (CvScribe *scribe, const char *meeting, GString *made)
{
  g_string_append_printf (made, "%s;", meeting);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->store = cv_test_staged_store (TRUE);
  f->clock = cv_clock_new_fake (CV_TEST_STAGED_START + 2 * HOUR_MS);
  f->folder = cv_test_folder_new ();
  f->made = g_string_new (NULL);
  const CvCabinetOptions cabinet = { .store = f->store,
                                     .clock = f->clock,
                                     .directory = f->folder,
                                     .max_bytes = 1000,
                                     .quota = 1000,
                                     .scan = "",
                                     .key = "k" };
  f->cabinet = cv_cabinet_new (&cabinet);
  cv_test_folder_write (f->folder, DOCUMENT, "hello");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_scribe_stop (f->scribe);
  cv_test_wait_gone (f->scribe);
  cv_cabinet_stop (f->cabinet);
  cv_test_wait_gone (f->cabinet);
  g_object_unref (f->clock);
  cv_test_staged_close (f->store);
  cv_test_folder_free (f->folder);
  g_string_free (f->made, TRUE);
}

static void
start (Fixture *f, guint keep_days)
{
  const CvScribeOptions options = {
    .store = f->store, .clock = f->clock, .keep_days = keep_days, .cabinet = f->cabinet
  };
  f->scribe = cv_scribe_new (&options);
  g_signal_connect (f->scribe, "made", G_CALLBACK (on_made), f->made);
}

static gpointer
count_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, data, "");
  g_assert_nonnull (statement);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  return GINT_TO_POINTER (sqlite3_column_int (statement, 0));
}

static int
count (Fixture *f, const char *from)
{
  GAsyncResult *slot = NULL;
  char *sql = g_strconcat ("SELECT count (*) FROM ", from, NULL);
  cv_store_run_async (f->store, count_on_worker, sql, g_free, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return GPOINTER_TO_INT (cv_store_run_finish (f->store, result, NULL));
}

static gboolean
has_document (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->folder, DOCUMENT, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* What is kept of the meeting: content, who was there, documents, summary. */
static void
assert_all_there (Fixture *f)
{
  g_assert_cmpint (count (f, "content"), >, 40);
  g_assert_cmpint (count (f, "attendance"), ==, 11);
  g_assert_cmpint (count (f, "document"), ==, 3);
  g_assert_cmpint (count (f, "summary"), ==, 1);
  g_assert_true (has_document (f));
}

/* What a crash left undone is made up for; a second look makes no second one. */
static void
test_written (Fixture *f, gconstpointer data)
{
  start (f, 30);
  cv_test_wait_until (f->made->len > 0);
  cv_scribe_write (f->scribe, CV_TEST_STAGED_MEETING);
  cv_clock_advance (f->clock, CV_SCRIBE_CHECK_MS);
  assert_all_there (f);
  cv_test_settle ();
  g_assert_cmpstr (f->made->str, ==, CV_TEST_STAGED_MEETING ";");
  g_assert_cmpint (count (f, "summary WHERE issue = 1 AND actor = 'server' AND made = 1795705200000"), ==, 1);
  g_assert_cmpint (count (f, "meeting WHERE expires = ended + 30 * 86400000"), ==, 1);
}

static void
test_running (Fixture *f, gconstpointer data)
{
  cv_test_staged_run (f->store, "UPDATE meeting SET ended = NULL, reason = NULL");
  start (f, 30);
  cv_scribe_write (f->scribe, CV_TEST_STAGED_MEETING);
  g_assert_cmpint (count (f, "summary"), ==, 0);
  cv_test_staged_run (f->store, "UPDATE meeting SET ended = 1795701732000, reason = 'host'");
  cv_scribe_write (f->scribe, CV_TEST_STAGED_MEETING);
  cv_test_wait_until (f->made->len > 0);
}

/* Recordings have a time of their own, and keep the meeting's row. */
static void
test_expires (Fixture *f, gconstpointer data)
{
  start (f, 30);
  cv_test_wait_until (f->made->len > 0);
  for (guint day = 0; day < 29; day++)
    cv_clock_advance (f->clock, DAY_MS);
  cv_clock_advance (f->clock, 22 * HOUR_MS); /* the meeting ended at 16:02, it is 15:00 */
  cv_test_settle ();
  assert_all_there (f);
  cv_clock_advance (f->clock, 2 * HOUR_MS);
  cv_test_wait_until (count (f, "summary") == 0);
  cv_test_wait_until (!has_document (f));
  g_assert_cmpint (count (f, "content"), ==, 0);
  g_assert_cmpint (count (f, "attendance"), ==, 0);
  g_assert_cmpint (count (f, "document"), ==, 0);
  g_assert_cmpint (count (f, "recording"), ==, 1);
  g_assert_cmpint (count (f, "meeting WHERE title = '' AND secret IS NULL"), ==, 1);
  g_assert_cmpint (count (f, "audit WHERE actor = 'retention'"), ==, 1);
}

static void
test_room_says (Fixture *f, gconstpointer data)
{
  cv_test_staged_run (f->store, "UPDATE room SET keep_content_days = 2");
  start (f, 30);
  cv_test_wait_until (f->made->len > 0);
  g_assert_cmpint (count (f, "meeting WHERE expires = ended + 2 * 86400000"), ==, 1);
}

static void
test_for_ever (Fixture *f, gconstpointer data)
{
  start (f, 0);
  cv_test_wait_until (f->made->len > 0);
  g_assert_cmpint (count (f, "meeting WHERE expires IS NULL"), ==, 1);
  for (guint i = 0; i < 10; i++)
    cv_clock_advance (f->clock, 40u * DAY_MS);
  cv_test_settle ();
  assert_all_there (f);
}

/* Nothing is kept: what was written at once, documents with the next look. */
static void
test_off (Fixture *f, gconstpointer data)
{
  cv_test_staged_run (f->store, "UPDATE room SET summary = 'off'; DELETE FROM content WHERE type = 'settings'");
  start (f, 30);
  cv_test_wait_until (count (f, "content") == 0);
  g_assert_cmpint (count (f, "attendance"), ==, 0);
  cv_clock_advance (f->clock, CV_SCRIBE_CHECK_MS);
  cv_test_wait_until (count (f, "document") == 0);
  cv_test_wait_until (!has_document (f));
  g_assert_cmpint (count (f, "summary"), ==, 0);
  g_assert_cmpuint (f->made->len, ==, 0);
}

static gboolean delete (Fixture *f, const char *meeting, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_scribe_delete_async (f->scribe, meeting, TRUE, "admin", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_scribe_delete_finish (f->scribe, result, error);
}

static void
test_deleted (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  start (f, 30);
  cv_test_wait_until (f->made->len > 0);
  g_assert_false (delete (f, "mbbbbbbbbbbbb", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  assert_all_there (f);
  cv_test_staged_run (f->store, "DELETE FROM recording");
  g_assert_true (delete (f, CV_TEST_STAGED_MEETING, NULL));
  g_assert_false (has_document (f));
  g_assert_cmpint (count (f, "meeting"), ==, 0);
  g_assert_cmpint (count (f, "summary"), ==, 0);
}

/* A file that does not go keeps everything where it is found again. */
static void
test_disk (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, DOCUMENT, NULL);
  g_autofree char *within = g_strconcat (DOCUMENT, "/stays", NULL);
  g_autoptr (GError) error = NULL;
  start (f, 30);
  cv_test_wait_until (f->made->len > 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
  cv_test_folder_write (f->folder, within, "a folder in its place");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "document faaaaaaaaaaaa is not deleted: *");
  g_assert_false (delete (f, CV_TEST_STAGED_MEETING, &error));
  cv_test_log_assert_all ();
  g_assert_nonnull (error);
  g_assert_cmpint (count (f, "summary"), ==, 1);
  g_assert_cmpint (count (f, "document"), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
#define CASE(name, test) g_test_add ("/scribe/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("written", test_written);
  CASE ("running", test_running);
  CASE ("expires", test_expires);
  CASE ("room-says", test_room_says);
  CASE ("for-ever", test_for_ever);
  CASE ("off", test_off);
  CASE ("deleted", test_deleted);
  CASE ("disk", test_disk);
  return g_test_run ();
}
