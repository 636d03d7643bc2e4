/* The library as those who use it see it: each call with its errors, and the signals. Its parts have tests of their own. */
#include "library/library.h"

#include "lib/audit.h"
#include "lib/film-words.h"
#include "lib/log.h"
#include "lib/processes.h"
#include "lib/shelf.h"
#include "lib/wait.h"

#include <string.h>
#include <unistd.h>

#define OTHER "rbbbbbbbbbbbb"
#define STATUS "SELECT status, error FROM recording ORDER BY id"

typedef struct {
  CvTestShelf shelf;
  CvHooks *hooks; /* nobody is there */
  CvLibrary *library;
  GString *deleted;
  guint changes;
} Fixture;

static void
on_changed (CvLibrary *library, const char *recording, gpointer user_data)
{
  ((Fixture *) user_data)->changes++;
}

static void
on_deleted (CvLibrary *library, const char *recording, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->deleted, "%s ", recording);
}

static void
open_library (Fixture *f, const char *program)
{
  CvLibraryOptions options = { .store = f->shelf.store,
                               .clock = f->shelf.clock,
                               .hooks = f->hooks,
                               .directory = f->shelf.directory,
                               .render_program = program,
                               .words = cv_test_film_words,
                               .keep_days = 2 };
  f->library = cv_library_new (&options);
  g_signal_connect (f->library, "changed", G_CALLBACK (on_changed), f);
  g_signal_connect (f->library, "deleted", G_CALLBACK (on_deleted), f);
}

static void
set_up (Fixture *f, gconstpointer program)
{
  cv_test_shelf_init (&f->shelf);
  f->hooks = cv_hooks_new (f->shelf.store, f->shelf.clock, "http://127.0.0.1:1/", "secret");
  f->deleted = g_string_new (NULL);
  open_library (f, program);
}

static void
tear_down (Fixture *f, gconstpointer program)
{
  cv_library_stop (f->library);
  cv_test_wait_gone (f->library);
  cv_test_wait_gone (f->hooks);
  cv_test_wait_until (cv_test_count_children () == 0);
  cv_test_shelf_clear (&f->shelf);
  g_string_free (f->deleted, TRUE);
  cv_test_log_assert_all ();
}

static CvEntry *
load (Fixture *f, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_library_load_async (f->library, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_library_load_finish (f->library, result, error);
}

static void
take_to_ready (Fixture *f)
{
  cv_library_finished (f->library, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, "SELECT status FROM recording WHERE id = '" CV_TEST_RECORDING "'", "ready;");
}

static void
test_from_start_to_ready (Fixture *f, gconstpointer program)
{
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'recording', ended = NULL");
  cv_library_started (f->library, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, "SELECT event FROM delivery", "recording.started;");
  g_assert_cmpuint (f->changes, ==, 1);
  take_to_ready (f);
  g_assert_cmpuint (f->changes, >, 3);
  g_autoptr (CvEntry) entry = load (f, CV_TEST_RECORDING, NULL);
  g_assert_cmpuint (entry->files->len, ==, 4);
  g_assert_cmpuint (entry->renders->len, ==, 1);
  g_assert_cmpint (entry->row->people, ==, 2);
  g_assert_cmpint (entry->row->expires, ==, entry->row->ended + 2 * 86400 * 1000);
}

/* What the last run left, and what is over by now. */
static void
test_start (Fixture *f, gconstpointer program)
{
  cv_test_recordings_add (f->shelf.store, OTHER, "ready", 1);
  cv_test_shelf_add_folder (&f->shelf, OTHER);
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET expires = 5 WHERE id = '" OTHER "'");
  cv_library_start (f->library);
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;");
  g_assert_cmpstr (f->deleted->str, ==, OTHER " ");
}

static void
test_load (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  cv_test_recordings_add (f->shelf.store, OTHER, "deleting", 1);
  g_assert_null (load (f, OTHER, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (load (f, "rnnnnnnnnnnnn", &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
  g_clear_error (&error);
  cv_store_close (f->shelf.store);
  g_assert_null (load (f, CV_TEST_RECORDING, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_STORE);
}

static CvLibraryPage *
list (Fixture *f, const char *cursor, GError **error)
{
  GAsyncResult *slot = NULL;
  CvRecordingsQuery query = { .cursor = cursor, .limit = 1 };
  cv_library_list_async (f->library, &query, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_library_list_finish (f->library, result, error);
}

static void
test_list (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  cv_test_recordings_add (f->shelf.store, OTHER, "ready", 1);
  g_autoptr (CvLibraryPage) first = list (f, NULL, &error);
  g_assert_cmpuint (first->entries->len, ==, 1);
  g_assert_cmpstr (((CvEntry *) first->entries->pdata[0])->row->id, ==, CV_TEST_RECORDING);
  g_autoptr (CvLibraryPage) second = list (f, first->next, &error);
  g_assert_cmpstr (((CvEntry *) second->entries->pdata[0])->row->id, ==, OTHER);
  g_assert_null (second->next);
  g_assert_null (list (f, "!", &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_INVALID);
}

/* Waits for what ends with cv_library_finish(). */
static gboolean
finish (Fixture *f, GAsyncResult **slot, GError **error)
{
  g_autoptr (GAsyncResult) result = cv_test_wait_for (slot);
  return cv_library_finish (f->library, result, error);
}

static void
test_rename (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_library_rename_async (f->library, CV_TEST_RECORDING, "Kaffee", cv_test_on_ready, &slot);
  g_assert_true (finish (f, &slot, &error));
  g_assert_cmpuint (f->changes, ==, 1);
  cv_test_shelf_assert (&f->shelf, "SELECT title FROM recording", "Kaffee;");
  cv_library_rename_async (f->library, "rnnnnnnnnnnnn", "x", cv_test_on_ready, &slot);
  g_assert_false (finish (f, &slot, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
}

static void
test_delete (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_test_recordings_add (f->shelf.store, OTHER, "recording", 1);
  cv_library_delete_async (f->library, OTHER, "admin", cv_test_on_ready, &slot);
  g_assert_false (finish (f, &slot, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_STATE);
  g_clear_error (&error);
  cv_library_delete_async (f->library, CV_TEST_RECORDING, "kabcdefghijkm", cv_test_on_ready, &slot);
  g_assert_true (finish (f, &slot, &error));
  g_assert_cmpstr (f->deleted->str, ==, CV_TEST_RECORDING " ");
  cv_test_shelf_assert (&f->shelf, "SELECT actor FROM " CV_TEST_AUDIT, "kabcdefghijkm;");
  cv_library_delete_async (f->library, CV_TEST_RECORDING, "admin", cv_test_on_ready, &slot);
  g_assert_false (finish (f, &slot, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'ready'");
  cv_library_delete_room_async (f->library, "abcdefghijkm", "admin", cv_test_on_ready, &slot);
  g_assert_true (finish (f, &slot, NULL));
  cv_test_shelf_assert (&f->shelf, STATUS, "");
}

static CvRenderRow *
render (Fixture *f, const char *recording, GError **error)
{
  g_autoptr (CvRenderOrder) order = cv_render_order_new ();
  GAsyncResult *slot = NULL;
  order->layout = "grid";
  cv_library_render_async (f->library, recording, order, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_library_render_finish (f->library, result, error);
}

static void
test_render_and_cancel (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  take_to_ready (f);
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  g_autoptr (CvRenderRow) row = render (f, CV_TEST_RECORDING, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (row->parameters, "\"layout\":\"grid\""));
  g_assert_nonnull (strstr (row->parameters, "\"suffix\":\"-2\""));
  cv_test_shelf_wait (&f->shelf, "SELECT status, stage FROM render ORDER BY rowid",
                      "done composing;running composing;");
  {
    g_autoptr (CvEntry) entry = load (f, CV_TEST_RECORDING, NULL);
    g_assert_cmpstr (cv_entry_get_open_render (entry)->id, ==, row->id);
    g_assert_cmpint (entry->row->status, ==, CV_RECORDING_READY);
  }
  cv_library_cancel_render_async (f->library, row->id, cv_test_on_ready, &slot);
  g_assert_true (finish (f, &slot, &error));
  cv_test_shelf_wait (&f->shelf, "SELECT status, error FROM render ORDER BY rowid", "done ;failed cancelled;");
  cv_library_cancel_render_async (f->library, row->id, cv_test_on_ready, &slot);
  g_assert_false (finish (f, &slot, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
  g_clear_error (&error);
  cv_test_shelf_assert (&f->shelf, STATUS, "ready ;");
  cv_test_recordings_add (f->shelf.store, OTHER, "recording", 1);
  g_assert_null (render (f, OTHER, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_STATE);
  g_clear_error (&error);
  g_assert_null (render (f, "rnnnnnnnnnnnn", &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
}

static void
test_no_renderer (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  take_to_ready (f);
  cv_test_shelf_assert (&f->shelf, STATUS, "ready no-renderer;");
  g_assert_null (render (f, CV_TEST_RECORDING, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_NO_RENDERER);
}

static char *
verify (Fixture *f, const char *recording, GError **error)
{
  GAsyncResult *slot = NULL;
  GString *text = g_string_new (NULL);
  cv_library_verify_async (f->library, recording, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) checks = cv_library_verify_finish (f->library, result, error);
  for (guint i = 0; checks != NULL && i < checks->len; i++) {
    const CvFileCheck *check = checks->pdata[i];
    g_string_append_printf (text, "%s %d; ", check->name, check->ok);
  }
  return g_string_free (text, FALSE);
}

static void
test_verify (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  take_to_ready (f);
  g_autofree char *good = verify (f, CV_TEST_RECORDING, &error);
  g_assert_cmpstr (good, ==, "meeting.mp4 1; poster.jpg 1; " CV_TEST_TRACK " 1; " CV_TEST_OTHER_TRACK " 1; ");
  cv_test_shelf_write (&f->shelf, CV_TEST_RECORDING, "files/poster.jpg", "A picture");
  g_autofree char *bad = verify (f, CV_TEST_RECORDING, &error);
  g_assert_cmpstr (bad, ==, "meeting.mp4 1; poster.jpg 0; " CV_TEST_TRACK " 1; " CV_TEST_OTHER_TRACK " 1; ");
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'recording'");
  g_autofree char *none = verify (f, CV_TEST_RECORDING, &error);
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_STATE);
}

/* Somebody who asks again and again must not keep all threads busy. */
static void
test_verify_at_once (Fixture *f, gconstpointer program)
{
  GAsyncResult *slots[3] = { NULL };
  guint done = 0, refused = 0;
  take_to_ready (f);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    cv_library_verify_async (f->library, CV_TEST_RECORDING, cv_test_on_ready, &slots[i]);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slots[i]);
    g_autoptr (GPtrArray) checks = cv_library_verify_finish (f->library, result, &error);
    done += checks != NULL;
    refused += g_error_matches (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_LIMIT);
  }
  g_assert_cmpuint (done + refused, ==, 3);
  g_assert_cmpuint (done, >=, 2);
}

static CvOpenedFile *
open_file (Fixture *f, const char *recording, const char *name, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_library_open_file_async (f->library, recording, name, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_library_open_file_finish (f->library, result, error);
}

static void
test_open_file (Fixture *f, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  char bytes[16];
  take_to_ready (f);
  g_autoptr (CvOpenedFile) track = open_file (f, CV_TEST_RECORDING, CV_TEST_TRACK, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (track->fd, bytes, sizeof bytes), ==, 5);
  g_assert_cmpuint (strlen (track->sha256), ==, 64);
  g_assert_cmpstr (track->path, ==, CV_TEST_RECORDING "/" CV_TEST_TRACK);
  g_assert_null (open_file (f, CV_TEST_RECORDING, "events.jsonl", &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
  g_clear_error (&error);
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'deleting'");
  g_assert_null (open_file (f, CV_TEST_RECORDING, CV_TEST_TRACK, &error));
  g_assert_error (error, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING);
}

#define ADD(name, func) g_test_add (name, Fixture, CV_FAKE_RENDER, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/library/from-start-to-ready", test_from_start_to_ready);
  ADD ("/library/start", test_start);
  ADD ("/library/load", test_load);
  ADD ("/library/list", test_list);
  ADD ("/library/rename", test_rename);
  ADD ("/library/delete", test_delete);
  ADD ("/library/render-and-cancel", test_render_and_cancel);
  g_test_add ("/library/no-renderer", Fixture, NULL, set_up, test_no_renderer, tear_down);
  ADD ("/library/verify", test_verify);
  ADD ("/library/verify-at-once", test_verify_at_once);
  ADD ("/library/open-file", test_open_file);
  return g_test_run ();
}
