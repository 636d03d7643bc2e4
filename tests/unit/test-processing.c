/* From stopped to ready, with renderers that do as told, and what a crash of ours leaves: each state that it can leave. */
#include "library/processing.h"

#include "lib/film-words.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/processes.h"
#include "lib/shelf.h"
#include "lib/wait.h"

#include <glib/gstdio.h>
#include <string.h>

#define OTHER "rbbbbbbbbbbbb"
#define ROW "SELECT status, error, duration, bytes, ended, expires FROM recording WHERE id = '" CV_TEST_RECORDING "'"
#define STATUS "SELECT status, error FROM recording ORDER BY id"
#define FILES                                                                                                          \
  "SELECT name, kind, bytes, length (sha256), person, source, render IS NOT NULL FROM recording_file WHERE "           \
  "recording = '" CV_TEST_RECORDING "' ORDER BY name"
#define RENDERS "SELECT status, attempts, error FROM render ORDER BY rowid"
#define EVENTS "SELECT event FROM delivery ORDER BY rowid"
#define TRACKS                                                                                                         \
  CV_TEST_TRACK " track 5 %d pabcdefghijkm microphone %d;" CV_TEST_OTHER_TRACK                                         \
                " track 10 %d pbbcdefghijkm screen-audio %d;"

typedef struct {
  CvTestShelf shelf;
  CvRenderQueue *queue; /* NULL: none */
  CvHooks *hooks;       /* nobody is there */
  CvDeletion *deletion;
  CvProcessing *processing;
  guint changes;
} Fixture;

static void
on_changed (CvProcessing *processing, const char *recording, gpointer user_data)
{
  ((Fixture *) user_data)->changes++;
}

static void
begin (Fixture *f, gboolean with_queue)
{
  if (with_queue)
    f->queue =
      cv_render_queue_new (f->shelf.store, f->shelf.clock, f->shelf.directory, CV_FAKE_RENDER, 2, cv_test_film_words);
  f->hooks = cv_hooks_new (f->shelf.store, f->shelf.clock, "http://127.0.0.1:1/", "secret");
  f->deletion = cv_deletion_new (f->shelf.store, f->shelf.clock, f->queue, f->hooks, f->shelf.directory);
  CvProcessingOptions options = { .store = f->shelf.store,
                                  .clock = f->shelf.clock,
                                  .queue = f->queue,
                                  .hooks = f->hooks,
                                  .deletion = f->deletion,
                                  .directory = f->shelf.directory,
                                  .keep_days = 1 };
  f->processing = cv_processing_new (&options);
  g_signal_connect (f->processing, "changed", G_CALLBACK (on_changed), f);
}

static void
end (Fixture *f)
{
  if (f->queue != NULL)
    cv_render_queue_stop (f->queue);
  cv_hooks_stop (f->hooks);
  cv_test_wait_gone (g_steal_pointer (&f->processing));
  cv_test_wait_gone (g_steal_pointer (&f->deletion));
  if (f->queue != NULL)
    cv_test_wait_gone (g_steal_pointer (&f->queue));
  cv_test_wait_gone (g_steal_pointer (&f->hooks));
  cv_test_wait_until (cv_test_count_children () == 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_shelf_init (&f->shelf);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  end (f);
  cv_test_shelf_clear (&f->shelf);
  cv_test_log_assert_all ();
}

static void
assert_files (Fixture *f, int digits, int rendered, const char *others)
{
  g_autofree char *tracks = g_strdup_printf (TRACKS, digits, rendered, digits, rendered);
  g_autofree char *expected = g_strconcat (others, tracks, NULL);
  cv_test_shelf_wait (&f->shelf, FILES, expected);
}

static void
test_ready (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "wait");
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  /* they can be played at once */
  cv_test_shelf_wait (&f->shelf, RENDERS, "running 0 ;");
  assert_files (f, 0, 0, "");
  cv_test_shelf_assert (&f->shelf, ROW, "processing  0 15 61000 NULL;");
  cv_test_shelf_assert (&f->shelf, "SELECT json_extract (parameters, '$.products[0]', '$.suffix') FROM render",
                        "[\"repair\",\"\"];");
  cv_test_shelf_write (&f->shelf, CV_TEST_RECORDING, "go", "");
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;");
  g_autofree char *order = cv_test_folder_read (f->shelf.directory, CV_TEST_RECORDING "/files/meeting.mp4");
  g_autofree char *made =
    g_strdup_printf ("meeting.mp4 video %u 64   1;poster.jpg poster 9 64   1;", (guint) strlen (order));
  g_autofree char *row = g_strdup_printf ("ready  61500 %u 61000 86461000;", (guint) strlen (order) + 9 + 15);
  assert_files (f, 64, 1, made);
  cv_test_shelf_assert (&f->shelf, ROW, row);
  cv_test_shelf_assert (&f->shelf, EVENTS, "recording.stopped;recording.ready;");
  cv_test_shelf_assert (&f->shelf, "SELECT body LIKE '%\"status\":\"ready\"%' FROM delivery WHERE event LIKE '%ready'",
                        "1;");
  g_assert_cmpuint (f->changes, >=, 3);
  /* once more changes nothing */
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_test_pause (100);
  cv_test_shelf_assert (&f->shelf, RENDERS, "done 0 ;");
  cv_test_shelf_assert (&f->shelf, ROW, row);
}

/* Nothing could be made of it, but the tracks are there, with hashes of our own. */
static void
test_rendering_fails (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "fail");
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, ROW, "ready no-log 0 15 61000 86461000;");
  assert_files (f, 64, 0, "");
  cv_test_shelf_assert (&f->shelf, EVENTS, "recording.stopped;recording.ready;");
}

static void
remove_tracks (Fixture *f)
{
  g_autofree char *one = g_build_filename (f->shelf.directory, CV_TEST_RECORDING, CV_TEST_TRACK, NULL);
  g_autofree char *other = g_build_filename (f->shelf.directory, CV_TEST_RECORDING, CV_TEST_OTHER_TRACK, NULL);
  g_assert_cmpint (g_remove (one), ==, 0);
  g_assert_cmpint (g_remove (other), ==, 0);
}

static void
test_nothing_there (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  remove_tracks (f);
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "fail");
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, ROW, "failed no-log 0 0 61000 86461000;");
  cv_test_shelf_assert (&f->shelf, EVENTS, "recording.stopped;recording.failed;");
}

static void
test_no_renderer (Fixture *f, gconstpointer data)
{
  begin (f, FALSE);
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, ROW, "ready no-renderer 0 15 61000 86461000;");
  assert_files (f, 64, 0, "");
}

static void
test_no_folder (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  cv_test_recordings_add (f->shelf.store, OTHER, "processing", 1);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "recording " OTHER ": its files are missing");
  cv_processing_take (f->processing, OTHER);
  cv_test_shelf_wait (&f->shelf, STATUS, "processing ;failed files-missing;");
}

/* What a renderer tells and is not so is not believed; the rest is. */
static void
test_lies (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, GPOINTER_TO_INT (data) == 0 ? "ghost" : "link");
  cv_test_log_expect (G_LOG_LEVEL_WARNING,
                      "recording " CV_TEST_RECORDING ": rendering j* tells of a file that is not there, or not so");
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;");
  assert_files (f, 64, 0, "");
}

/* Another rendering, later: it adds files, and whatever becomes of it, the recording stays ready. */
static void
test_another_rendering (Fixture *f, gconstpointer data)
{
  static const char *const acts[] = { "", "fail", "crash" };
  static const char *const outcomes[] = { "done 0 ;", "failed 0 no-log;", "failed 3 render-crashed;" };
  g_autoptr (GString) renders = g_string_new ("done 0 ;");
  begin (f, TRUE);
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;");
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET duration = 77");
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++) {
    g_autofree char *id = g_strdup_printf ("j%caaaaaaaaaaa", 'b' + i);
    CvRenderRow row = { .id = id,
                        .recording = (char *) CV_TEST_RECORDING,
                        .parameters = (char *) "{\"layout\":\"grid\",\"from\":1000,\"to\":2000}" };
    GAsyncResult *slot = NULL;
    cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, acts[i]);
    cv_renders_insert_async (f->shelf.store, &row, cv_test_on_ready, &slot);
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
    if (i == 2)
      cv_test_log_expect (G_LOG_LEVEL_WARNING, "*crashed 3 times: given up");
    cv_render_queue_add (f->queue, cv_renders_insert_finish (f->shelf.store, result, NULL));
    while (cv_render_queue_find (f->queue, id) != NULL) {
      cv_test_pause (20);
      /* a process that is there has its own time to start in */
      if (cv_test_count_children () == 0)
        cv_clock_advance (f->shelf.clock, CV_RENDER_QUEUE_PAUSE_MS);
    }
    g_string_append (renders, outcomes[i]);
    cv_test_shelf_wait (&f->shelf, RENDERS, renders->str);
  }
  cv_test_shelf_assert (&f->shelf, "SELECT status, error, duration FROM recording", "ready  77;");
  cv_test_shelf_assert (&f->shelf, "SELECT name FROM recording_file WHERE name LIKE '%-%.mp4'", "meeting-2.mp4;");
  cv_test_shelf_assert (&f->shelf, EVENTS, "recording.stopped;recording.ready;");
}

/* ---- After a crash ---- */

/* The daemon died while it recorded: it ended when the files were written to last. */
static void
test_recover_recording (Fixture *f, gconstpointer data)
{
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'recording', ended = NULL");
  begin (f, TRUE);
  cv_processing_recover (f->processing);
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;");
  g_autofree char *sql = g_strdup_printf ("SELECT abs (ended - %" G_GINT64_FORMAT ") < 60000, people, duration FROM "
                                          "recording",
                                          g_get_real_time () / 1000);
  cv_test_shelf_assert (&f->shelf, sql, "1 2 61500;");
  cv_test_shelf_assert (&f->shelf, EVENTS, "recording.stopped;recording.ready;");
}

/* … or before anything was queued. */
static void
test_recover_stopped (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  cv_processing_recover (f->processing);
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;");
  cv_test_shelf_assert (&f->shelf, RENDERS, "done 0 ;");
}

/* … or while it was rendered: the same job goes on. */
static void
test_recover_rendering (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "go-on");
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_test_shelf_wait (&f->shelf, RENDERS, "running 0 ;");
  end (f);
  g_autofree char *job = cv_test_recordings_dump (f->shelf.store, "SELECT '*\"job\":\"' || id || '\"*' FROM render");
  job[strlen (job) - 1] = '\0';
  cv_test_shelf_set_act (&f->shelf, CV_TEST_RECORDING, "");
  begin (f, TRUE);
  cv_processing_recover (f->processing);
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;");
  cv_test_shelf_assert (&f->shelf, RENDERS, "done 0 ;");
  g_autofree char *order = cv_test_folder_read (f->shelf.directory, CV_TEST_RECORDING "/files/meeting.mp4");
  if (!g_pattern_match_simple (job, order))
    g_error ("%s is not of %s", order, job);
}

/* … or when the rendering was over and the recording did not know yet. */
static void
test_recover_rendered (Fixture *f, gconstpointer data)
{
  cv_test_recordings_run (f->shelf.store, "INSERT INTO render (id, recording, created, parameters, status) VALUES "
                                          "('jaaaaaaaaaaaa', '" CV_TEST_RECORDING "', 2, '{}', 'done')");
  cv_test_recordings_run (f->shelf.store, "INSERT INTO recording_file (recording, name, kind, bytes, sha256, begins, "
                                          "duration) VALUES ('" CV_TEST_RECORDING "', '" CV_TEST_TRACK
                                          "', 'track', 5, 'abc', 500, 4000)");
  begin (f, TRUE);
  cv_processing_recover (f->processing);
  cv_test_shelf_wait (&f->shelf, "SELECT status, duration FROM recording", "ready 4500;");
  cv_test_shelf_assert (&f->shelf, RENDERS, "done 0 ;");
}

/* Folders that are nobody's stay; rows whose folders are gone say so. */
static void
test_recover_strangers (Fixture *f, gconstpointer data)
{
  cv_test_recordings_run (f->shelf.store, "UPDATE recording SET status = 'ready'");
  cv_test_recordings_add (f->shelf.store, OTHER, "ready", 1);
  cv_test_recordings_add (f->shelf.store, "rcccccccccccc", "failed", 1);
  cv_test_shelf_add_folder (&f->shelf, "rdddddddddddd");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "recording " OTHER " has no folder any more");
  begin (f, TRUE);
  cv_processing_recover (f->processing);
  cv_test_shelf_wait (&f->shelf, STATUS, "ready ;failed files-missing;failed ;");
  g_assert_true (cv_test_shelf_has (&f->shelf, "rdddddddddddd", CV_TEST_TRACK));
}

/* It is deleted while its tracks are listed: nothing is begun with it any more. */
static void
test_deleted_meanwhile (Fixture *f, gconstpointer data)
{
  begin (f, TRUE);
  GAsyncResult *slot = NULL;
  cv_processing_take (f->processing, CV_TEST_RECORDING);
  cv_deletion_run_async (f->deletion, CV_TEST_RECORDING, "admin", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_deletion_finish (f->deletion, result, NULL));
  cv_test_pause (100);
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
  g_assert_false (cv_test_shelf_has (&f->shelf, CV_TEST_RECORDING, ""));
}

#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/processing/ready", NULL, test_ready);
  ADD ("/processing/rendering-fails", NULL, test_rendering_fails);
  ADD ("/processing/nothing-there", NULL, test_nothing_there);
  ADD ("/processing/no-renderer", NULL, test_no_renderer);
  ADD ("/processing/no-folder", NULL, test_no_folder);
  ADD ("/processing/lies/ghost", GINT_TO_POINTER (0), test_lies);
  ADD ("/processing/lies/link", GINT_TO_POINTER (1), test_lies);
  ADD ("/processing/another-rendering", NULL, test_another_rendering);
  ADD ("/processing/recover/recording", NULL, test_recover_recording);
  ADD ("/processing/recover/stopped", NULL, test_recover_stopped);
  ADD ("/processing/recover/rendering", NULL, test_recover_rendering);
  ADD ("/processing/recover/rendered", NULL, test_recover_rendered);
  ADD ("/processing/recover/strangers", NULL, test_recover_strangers);
  ADD ("/processing/deleted-meanwhile", NULL, test_deleted_meanwhile);
  return g_test_run ();
}
