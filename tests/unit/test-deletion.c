/* Deleting recordings: files, rows, audit and webhook, also while they are rendered, twice, and after a crash; rooms. */
#include "library/deletion.h"

#include "lib/audit.h"
#include "lib/film-words.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/processes.h"
#include "lib/shelf.h"
#include "lib/wait.h"

#include <glib/gstdio.h>
#include <string.h>

#define OTHER "rbbbbbbbbbbbb"
#define ROOM "abcdefghijkm"
#define ROWS "SELECT id, status FROM recording ORDER BY id"
#define AUDIT "SELECT actor, action, object, detail FROM " CV_TEST_AUDIT " ORDER BY n"

typedef struct {
  CvTestShelf shelf;
  CvRenderQueue *queue;
  CvHooks *hooks; /* nobody is there */
  CvDeletion *deletion;
  GString *deleted;
} Fixture;

static void
on_deleted (CvDeletion *deletion, const char *recording, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->deleted, "%s ", recording);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_shelf_init (&f->shelf);
  f->queue =
    cv_render_queue_new (f->shelf.store, f->shelf.clock, f->shelf.directory, CV_FAKE_RENDER, 1, cv_test_film_words);
  f->hooks = cv_hooks_new (f->shelf.store, f->shelf.clock, "http://127.0.0.1:1/", "secret");
  f->deletion = cv_deletion_new (f->shelf.store, f->shelf.clock, f->queue, f->hooks, f->shelf.directory);
  f->deleted = g_string_new (NULL);
  g_signal_connect (f->deletion, "deleted", G_CALLBACK (on_deleted), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_render_queue_stop (f->queue);
  cv_hooks_stop (f->hooks);
  cv_test_wait_gone (f->deletion);
  cv_test_wait_gone (f->queue);
  cv_test_wait_gone (f->hooks);
  cv_test_wait_until (cv_test_count_children () == 0);
  cv_test_shelf_clear (&f->shelf);
  g_string_free (f->deleted, TRUE);
  cv_test_log_assert_all ();
}

static gboolean
run (Fixture *f, const char *recording, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_deletion_run_async (f->deletion, recording, "admin", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_deletion_finish (f->deletion, result, error);
}

static void
test_all_goes (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (run (f, CV_TEST_RECORDING, &error));
  g_assert_no_error (error);
  g_assert_false (cv_test_shelf_has (&f->shelf, CV_TEST_RECORDING, ""));
  cv_test_shelf_assert (&f->shelf, ROWS, "");
  cv_test_shelf_assert (&f->shelf, AUDIT, "admin recording.delete " CV_TEST_RECORDING " processing;");
  cv_test_shelf_assert (&f->shelf, "SELECT event, body LIKE '%\"status\":\"deleting\"%' FROM delivery",
                        "recording.deleted 1;");
  g_assert_cmpstr (f->deleted->str, ==, CV_TEST_RECORDING " ");
  g_assert_false (cv_deletion_is_under_way (f->deletion, CV_TEST_RECORDING));
  g_assert_false (run (f, CV_TEST_RECORDING, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_while_recorded (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_test_recordings_add (f->shelf.store, OTHER, "recording", 1);
  g_assert_false (run (f, OTHER, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_assert_false (cv_deletion_is_under_way (f->deletion, OTHER));
  cv_test_shelf_assert (&f->shelf, AUDIT, "");
}

/* A renderer that works must not make files in what is being deleted. */
static void
test_while_rendered (Fixture *f, gconstpointer data)
{
  GAsyncResult *first = NULL, *second = NULL;
  CvRenderRow row = { .id = (char *) "jaaaaaaaaaaaa",
                      .recording = (char *) CV_TEST_RECORDING,
                      .parameters = (char *) "{\"layout\":\"grid\"}",
                      .stage = (char *) "",
                      .error = (char *) "" };
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  cv_test_recordings_run (f->shelf.store, "INSERT INTO render (id, recording, created, parameters, status) VALUES "
                                          "('jaaaaaaaaaaaa', '" CV_TEST_RECORDING "', 2, '{}', 'queued')");
  cv_render_queue_add (f->queue, cv_render_row_copy (&row));
  cv_test_shelf_wait (&f->shelf, "SELECT status, stage FROM render", "running composing;");
  cv_deletion_run_async (f->deletion, CV_TEST_RECORDING, "admin", cv_test_on_ready, &first);
  g_assert_true (cv_deletion_is_under_way (f->deletion, CV_TEST_RECORDING));
  cv_deletion_run_async (f->deletion, CV_TEST_RECORDING, "admin", cv_test_on_ready, &second);
  g_autoptr (GAsyncResult) refused = cv_test_wait_for (&second);
  g_assert_false (cv_deletion_finish (f->deletion, refused, NULL));
  g_autoptr (GAsyncResult) done = cv_test_wait_for (&first);
  g_assert_true (cv_deletion_finish (f->deletion, done, NULL));
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
  g_assert_false (cv_test_shelf_has (&f->shelf, CV_TEST_RECORDING, ""));
  cv_test_shelf_assert (&f->shelf, "SELECT count (*) FROM render", "0;");
}

/* The last run was interrupted between the mark and the end: here before and after the files had gone. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  cv_test_recordings_add (f->shelf.store, OTHER, "deleting", 1);
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'deleting'");
  cv_deletion_resume (f->deletion);
  cv_deletion_resume (f->deletion);
  cv_test_shelf_wait (&f->shelf, ROWS, "");
  g_assert_false (cv_test_shelf_has (&f->shelf, CV_TEST_RECORDING, ""));
  cv_test_shelf_assert (&f->shelf, AUDIT, "");
  cv_test_shelf_assert (&f->shelf, "SELECT event FROM delivery", "recording.deleted;recording.deleted;");
}

/* Files that do not go keep the rows, until they do. */
static void
test_files_stay (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *deep = g_build_filename (f->shelf.directory, CV_TEST_RECORDING, "a/b/c/d/e/f/g/h/i/j", NULL);
  g_autofree char *below = g_build_filename (f->shelf.directory, CV_TEST_RECORDING, "a/b", NULL);
  g_assert_cmpint (g_mkdir_with_parents (deep, 0700), ==, 0);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the files of recording " CV_TEST_RECORDING " are not deleted: *");
  g_assert_false (run (f, CV_TEST_RECORDING, &error));
  g_assert_nonnull (error);
  cv_test_shelf_assert (&f->shelf, ROWS, CV_TEST_RECORDING " deleting;");
  cv_test_folder_free (g_steal_pointer (&below));
  cv_deletion_resume (f->deletion);
  cv_test_shelf_wait (&f->shelf, ROWS, "");
  cv_test_shelf_assert (&f->shelf, "SELECT count (*) FROM audit", "1;");
}

/* One that is ready, one half deleted, and one that is being stopped meanwhile. */
static void
test_room (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  cv_test_recordings_add (f->shelf.store, OTHER, "recording", 1);
  cv_test_recordings_add (f->shelf.store, "rcccccccccccc", "deleting", 1);
  cv_deletion_run_room_async (f->deletion, ROOM, "admin", cv_test_on_ready, &slot);
  cv_test_shelf_wait (&f->shelf, ROWS, OTHER " recording;");
  cv_clock_advance (f->shelf.clock, CV_DELETION_POLL_MS);
  cv_test_pause (50);
  cv_test_shelf_assert (&f->shelf, ROWS, OTHER " recording;");
  g_assert_null (slot);
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'processing'");
  cv_clock_advance (f->shelf.clock, CV_DELETION_POLL_MS);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_deletion_finish (f->deletion, result, NULL));
  cv_test_shelf_assert (&f->shelf, ROWS, "");
  cv_test_shelf_assert (&f->shelf, "SELECT count (*) FROM audit", "2;");
}

/* Who should have stopped it does not: it is deleted all the same. */
static void
test_room_without_patience (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'recording'");
  cv_deletion_run_room_async (f->deletion, ROOM, "admin", cv_test_on_ready, &slot);
  for (guint i = 0; slot == NULL; i++) {
    g_assert_cmpuint (i, <, 3 * CV_DELETION_PATIENCE_MS / CV_DELETION_POLL_MS);
    cv_test_pause (10);
    if (i < CV_DELETION_PATIENCE_MS / CV_DELETION_POLL_MS)
      cv_test_shelf_assert (&f->shelf, ROWS, CV_TEST_RECORDING " recording;");
    cv_clock_advance (f->shelf.clock, CV_DELETION_POLL_MS);
  }
  g_autoptr (GAsyncResult) result = slot;
  g_assert_true (cv_deletion_finish (f->deletion, result, NULL));
  cv_test_shelf_assert (&f->shelf, ROWS, "");
}

static void
test_empty_room (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  cv_deletion_run_room_async (f->deletion, "bbbbbbbbbbbb", "admin", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_deletion_finish (f->deletion, result, NULL));
  cv_test_shelf_assert (&f->shelf, ROWS, CV_TEST_RECORDING " processing;");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/deletion/all-goes", test_all_goes);
  ADD ("/deletion/while-recorded", test_while_recorded);
  ADD ("/deletion/while-rendered", test_while_rendered);
  ADD ("/deletion/resume", test_resume);
  ADD ("/deletion/files-stay", test_files_stay);
  ADD ("/deletion/room", test_room);
  ADD ("/deletion/room-without-patience", test_room_without_patience);
  ADD ("/deletion/empty-room", test_empty_room);
  return g_test_run ();
}
