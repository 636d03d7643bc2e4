/* The queue of renderings, with renderers that do as told: how many at once, crashes, the end, cancelling, another start. */
#include "library/render-queue.h"

#include "lib/film-words.h"
#include "lib/log.h"
#include "lib/processes.h"
#include "lib/shelf.h"
#include "lib/wait.h"

typedef struct {
  CvTestShelf shelf;
  CvRenderQueue *queue;
  GString *told;
} Fixture;

#define OTHER "rbbbbbbbbbbbb"

static void
on_file (CvRenderQueue *queue, const CvRenderRow *row, const CvRenderFile *file, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "%.2s+%s; ", row->id, file->name);
}

static void
on_ended (CvRenderQueue *queue, const CvRenderRow *row, gint64 duration, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "%.2s %s %s %d; ", row->id,
                          cv_render_status_to_text (row->status), row->error, (int) duration);
}

static void
open_queue (Fixture *f, guint at_once)
{
  f->queue = cv_render_queue_new (f->shelf.store, f->shelf.clock, f->shelf.directory, CV_FAKE_RENDER, at_once,
                                  cv_test_film_words);
  g_signal_connect (f->queue, "file", G_CALLBACK (on_file), f);
  g_signal_connect (f->queue, "ended", G_CALLBACK (on_ended), f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_shelf_init (&f->shelf);
  cv_test_recordings_add (f->shelf.store, OTHER, "processing", 2000);
  cv_test_shelf_add_folder (&f->shelf, OTHER);
  f->told = g_string_new (NULL);
  open_queue (f, 1);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_render_queue_stop (f->queue);
  cv_test_wait_gone (g_steal_pointer (&f->queue));
  cv_test_wait_until (cv_test_count_children () == 0);
  cv_test_shelf_clear (&f->shelf);
  g_string_free (f->told, TRUE);
  cv_test_log_assert_all ();
}

/* `letter`: of its id. */
static void
add (Fixture *f, const char *letter, const char *recording)
{
  g_autofree char *id = g_strdup_printf ("j%saaaaaaaaaaa", letter);
  CvRenderRow row = { .id = id,
                      .recording = (char *) recording,
                      .created = cv_clock_wall (f->shelf.clock),
                      .parameters = (char *) "{\"layout\":\"grid\"}" };
  GAsyncResult *slot = NULL;
  cv_renders_insert_async (f->shelf.store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  cv_render_queue_add (f->queue, cv_renders_insert_finish (f->shelf.store, result, NULL));
}

static void
assert_rows (Fixture *f, const char *expected)
{
  cv_test_shelf_wait (&f->shelf, "SELECT substr (id, 1, 2), status, stage, attempts, error FROM render ORDER BY id",
                      expected);
}

static void
wait_for (Fixture *f, const char *told)
{
  cv_test_wait_until (g_str_equal (f->told->str, told));
}

static void
test_one_after_the_other (Fixture *f, gconstpointer data)
{
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "wait");
  cv_test_shelf_set_act (&f->shelf, OTHER, "fail");
  add (f, "a", CV_TEST_RECORDING);
  add (f, "b", OTHER);
  assert_rows (f, "ja running composing 0 ;jb queued  0 ;");
  const CvRenderRow *row = cv_render_queue_find (f->queue, "jaaaaaaaaaaaa");
  g_assert_cmpstr (row->stage, ==, "composing");
  g_assert_cmpfloat (row->done, ==, 0.25);
  cv_test_shelf_write (&f->shelf, CV_TEST_RECORDING, "go", "");
  wait_for (f, "ja+" CV_TEST_TRACK "; ja+" CV_TEST_OTHER_TRACK
               "; ja+meeting.mp4; ja+poster.jpg; ja done  61500; jb failed no-log 0; ");
  assert_rows (f, "ja done composing 0 ;jb failed  0 no-log;");
  g_assert_null (cv_render_queue_find (f->queue, "jaaaaaaaaaaaa"));
  g_autofree char *path = g_build_filename (f->shelf.directory, CV_TEST_RECORDING, "files", "meeting.mp4", NULL);
  g_autofree char *order = NULL;
  g_assert_true (g_file_get_contents (path, &order, NULL, NULL)); /* of the fake program */
  g_assert_nonnull (strstr (order, "\"words\":[\"Anfang\",\"Vorführung: {name}\","));
}

/* One of a recording, whatever else there is room for. */
static void
test_two_at_once (Fixture *f, gconstpointer data)
{
  cv_render_queue_stop (f->queue);
  cv_test_wait_gone (g_steal_pointer (&f->queue));
  open_queue (f, 2);
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  cv_test_shelf_set_act (&f->shelf, OTHER, "go-on");
  add (f, "a", CV_TEST_RECORDING);
  add (f, "b", CV_TEST_RECORDING);
  add (f, "c", OTHER);
  add (f, "d", OTHER);
  assert_rows (f, "ja running composing 0 ;jb queued  0 ;jc running composing 0 ;jd queued  0 ;");
  g_assert_cmpuint (cv_test_count_children (), ==, 2);
}

static void
test_crash_once (Fixture *f, gconstpointer data)
{
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "crash-once");
  add (f, "a", CV_TEST_RECORDING);
  assert_rows (f, "ja queued  1 ;");
  cv_clock_advance (f->shelf.clock, CV_RENDER_QUEUE_PAUSE_MS - 1);
  cv_test_settle ();
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
  cv_clock_advance (f->shelf.clock, 1);
  cv_test_wait_until (g_str_has_suffix (f->told->str, "ja done  61500; "));
  assert_rows (f, "ja done composing 1 ;");
}

/* While one pauses, others have their turn. */
static void
test_crashes (Fixture *f, gconstpointer data)
{
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "crash");
  cv_test_shelf_set_act (&f->shelf, OTHER, "fail");
  cv_test_log_expect (G_LOG_LEVEL_WARNING,
                      "rendering jaaaaaaaaaaaa of " CV_TEST_RECORDING " crashed 3 times: given up");
  add (f, "a", CV_TEST_RECORDING);
  add (f, "b", OTHER);
  wait_for (f, "jb failed no-log 0; ");
  assert_rows (f, "ja queued  1 ;jb failed  0 no-log;");
  cv_clock_advance (f->shelf.clock, CV_RENDER_QUEUE_PAUSE_MS);
  assert_rows (f, "ja queued  2 ;jb failed  0 no-log;");
  cv_clock_advance (f->shelf.clock, CV_RENDER_QUEUE_PAUSE_MS);
  cv_test_settle ();
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
  cv_clock_advance (f->shelf.clock, CV_RENDER_QUEUE_PAUSE_MS);
  assert_rows (f, "ja failed  3 render-crashed;jb failed  0 no-log;");
  wait_for (f, "jb failed no-log 0; ja failed render-crashed 0; ");
}

static void
test_no_folder (Fixture *f, gconstpointer data)
{
  cv_test_recordings_add (f->shelf.store, "rcccccccccccc", "processing", 3000);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "rendering ja* does not start: *");
  add (f, "a", "rcccccccccccc");
  assert_rows (f, "ja failed  0 files-missing;");
  g_assert_cmpstr (f->told->str, ==, "ja failed files-missing 0; ");
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  cv_test_shelf_set_act (&f->shelf, OTHER, "fail");
  add (f, "a", CV_TEST_RECORDING);
  add (f, "b", OTHER);
  add (f, "c", OTHER);
  assert_rows (f, "ja running composing 0 ;jb queued  0 ;jc queued  0 ;");
  cv_test_shelf_write (&f->shelf, OTHER, "files/.chunks-jbaaaaaaaaaaa/1.ts", "half a film");
  cv_test_shelf_write (&f->shelf, OTHER, "files/.poster.jpg.part", "half a picture");
  cv_test_shelf_write (&f->shelf, OTHER, "files/poster.jpg", "a picture");
  g_assert_true (cv_render_queue_cancel (f->queue, "jbaaaaaaaaaaa"));
  g_assert_true (cv_render_queue_cancel (f->queue, "jbaaaaaaaaaaa"));
  wait_for (f, "jb failed cancelled 0; ");
  g_assert_false (cv_test_shelf_has (&f->shelf, OTHER, "files/.chunks-jbaaaaaaaaaaa"));
  g_assert_false (cv_test_shelf_has (&f->shelf, OTHER, "files/.poster.jpg.part"));
  g_assert_true (cv_test_shelf_has (&f->shelf, OTHER, "files/poster.jpg"));
  g_assert_false (cv_render_queue_cancel (f->queue, "jbaaaaaaaaaaa"));
  g_assert_true (cv_render_queue_cancel (f->queue, "jaaaaaaaaaaaa"));
  wait_for (f, "jb failed cancelled 0; ja failed cancelled 0; jc failed no-log 0; ");
  assert_rows (f, "ja failed composing 0 cancelled;jb failed  0 cancelled;jc failed  0 no-log;");
}

/* One that waits is cancelled: what the one that runs has begun stays. */
static void
test_cancel_beside (Fixture *f, gconstpointer data)
{
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  add (f, "a", CV_TEST_RECORDING);
  add (f, "b", CV_TEST_RECORDING);
  assert_rows (f, "ja running composing 0 ;jb queued  0 ;");
  cv_test_shelf_write (&f->shelf, CV_TEST_RECORDING, "files/.chunks-jaaaaaaaaaaaa/1.ts", "half a film");
  g_assert_true (cv_render_queue_cancel (f->queue, "jbaaaaaaaaaaa"));
  wait_for (f, "jb failed cancelled 0; ");
  cv_test_pause (50);
  g_assert_true (cv_test_shelf_has (&f->shelf, CV_TEST_RECORDING, "files/.chunks-jaaaaaaaaaaaa/1.ts"));
  g_assert_true (cv_render_queue_cancel (f->queue, "jaaaaaaaaaaaa"));
  wait_for (f, "jb failed cancelled 0; ja failed cancelled 0; ");
  g_assert_false (cv_test_shelf_has (&f->shelf, CV_TEST_RECORDING, "files/.chunks-jaaaaaaaaaaaa"));
}

static void
test_drop (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  cv_test_shelf_set_act (&f->shelf, OTHER, "go-on");
  add (f, "a", CV_TEST_RECORDING);
  add (f, "b", CV_TEST_RECORDING);
  add (f, "c", OTHER);
  assert_rows (f, "ja running composing 0 ;jb queued  0 ;jc queued  0 ;");
  cv_render_queue_drop_async (f->queue, CV_TEST_RECORDING, cv_test_on_ready, &slot);
  g_assert_null (slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_render_queue_drop_finish (f->queue, result, NULL));
  g_assert_cmpstr (f->told->str, ==, "jb failed cancelled 0; ja failed cancelled 0; ");
  assert_rows (f, "ja failed composing 0 cancelled;jb failed  0 cancelled;jc running composing 0 ;");
  cv_render_queue_drop_async (f->queue, CV_TEST_RECORDING, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) nothing = cv_test_wait_for (&slot);
  g_assert_true (cv_render_queue_drop_finish (f->queue, nothing, NULL));
}

/* What runs when we stop is not over. */
static void
test_stop (Fixture *f, gconstpointer data)
{
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  add (f, "a", CV_TEST_RECORDING);
  add (f, "b", OTHER);
  assert_rows (f, "ja running composing 0 ;jb queued  0 ;");
  cv_render_queue_stop (f->queue);
  cv_test_wait_until (cv_test_count_children () == 0);
  assert_rows (f, "ja running composing 0 ;jb queued  0 ;");
  g_assert_cmpstr (f->told->str, ==, "");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/render-queue/one-after-the-other", test_one_after_the_other);
  ADD ("/render-queue/two-at-once", test_two_at_once);
  ADD ("/render-queue/crash-once", test_crash_once);
  ADD ("/render-queue/crashes", test_crashes);
  ADD ("/render-queue/no-folder", test_no_folder);
  ADD ("/render-queue/cancel", test_cancel);
  ADD ("/render-queue/cancel-beside", test_cancel_beside);
  ADD ("/render-queue/drop", test_drop);
  ADD ("/render-queue/stop", test_stop);
  return g_test_run ();
}
