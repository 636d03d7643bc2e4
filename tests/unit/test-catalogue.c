/* Entries of the library: put together from three tables and the queue; pages. */
#include "library/catalogue.h"

#include "lib/film-words.h"
#include "lib/log.h"
#include "lib/processes.h"
#include "lib/shelf.h"
#include "lib/wait.h"

#define OTHER "rbbbbbbbbbbbb"

static void
set_up (CvTestShelf *f, gconstpointer data)
{
  cv_test_shelf_init (f);
  cv_test_recordings_add (f->store, OTHER, "deleting", 2000);
  cv_test_recordings_run (f->store, "INSERT INTO recording_file (recording, name, kind, bytes, sha256) VALUES "
                                    "('" CV_TEST_RECORDING "', 'b.mp4', 'video', 1, ''), "
                                    "('" CV_TEST_RECORDING "', 'a.mp4', 'video', 1, ''), "
                                    "('" OTHER "', 'c.mp4', 'video', 1, '')");
  cv_test_recordings_run (f->store, "INSERT INTO render (id, recording, created, parameters, status) VALUES "
                                    "('jaaaaaaaaaaaa', '" CV_TEST_RECORDING "', 2, '{\"layout\":\"grid\"}', 'queued'), "
                                    "('jbbbbbbbbbbbb', '" OTHER "', 1, '{}', 'done')");
}

static void
tear_down (CvTestShelf *f, gconstpointer data)
{
  cv_test_shelf_clear (f);
  cv_test_log_assert_all ();
}

static CvEntry *
load (CvTestShelf *f, CvRenderQueue *queue, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_catalogue_load_async (f->store, queue, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_catalogue_load_finish (result, error);
}

static void
test_load (CvTestShelf *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEntry) entry = load (f, NULL, CV_TEST_RECORDING, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (entry->row->title, ==, "Tea");
  g_assert_cmpuint (entry->files->len, ==, 2);
  g_assert_cmpstr (((CvRecordingFileRow *) entry->files->pdata[0])->name, ==, "a.mp4");
  g_assert_cmpuint (entry->renders->len, ==, 1);
  g_autoptr (CvEntry) deleting = load (f, NULL, OTHER, &error);
  g_assert_cmpint (deleting->row->status, ==, CV_RECORDING_DELETING);
  g_assert_null (load (f, NULL, "rnnnnnnnnnnnn", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

/* What runs is told as it is now, not as it was stored. */
static void
test_live (CvTestShelf *f, gconstpointer data)
{
  CvRenderQueue *queue = cv_render_queue_new (f->store, f->clock, f->directory, CV_FAKE_RENDER, 1, cv_test_film_words);
  cv_test_shelf_set_act (f, CV_TEST_RECORDING, "go-on");
  {
    g_autoptr (CvEntry) before = load (f, queue, CV_TEST_RECORDING, NULL);
    cv_render_queue_add (queue, cv_render_row_copy (before->renders->pdata[0]));
  }
  const CvRenderRow *live = cv_render_queue_find (queue, "jaaaaaaaaaaaa");
  cv_test_wait_until (live->done > 0);
  g_autoptr (CvEntry) entry = load (f, queue, CV_TEST_RECORDING, NULL);
  const CvRenderRow *open = cv_entry_get_open_render (entry);
  g_assert_cmpint (open->status, ==, CV_RENDER_RUNNING);
  g_assert_cmpfloat (open->done, ==, 0.25);
  cv_render_queue_stop (queue);
  cv_test_wait_gone (queue);
  cv_test_wait_until (cv_test_count_children () == 0);
}

static char *
list (CvTestShelf *f, const CvRecordingsQuery *query, char **next)
{
  GAsyncResult *slot = NULL;
  GString *text = g_string_new (NULL);
  cv_catalogue_list_async (f->store, NULL, query, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) entries = cv_catalogue_list_finish (result, next, NULL);
  for (guint i = 0; i < entries->len; i++) {
    const CvEntry *entry = entries->pdata[i];
    g_string_append_printf (text, "%.3s %u %u; ", entry->row->id, entry->files->len, entry->renders->len);
  }
  return g_string_free (text, FALSE);
}

static void
test_pages (CvTestShelf *f, gconstpointer data)
{
  g_autofree char *next = NULL;
  CvRecordingsQuery query = { .limit = 2 };
  cv_test_recordings_add (f->store, "rcccccccccccc", "ready", 3000);
  cv_test_recordings_add (f->store, "rdddddddddddd", "ready", 4000);
  g_autofree char *first = list (f, &query, &next);
  g_assert_cmpstr (first, ==, "rdd 0 0; rcc 0 0; ");
  g_assert_nonnull (next);
  g_autofree char *cursor = g_steal_pointer (&next);
  query.cursor = cursor;
  g_autofree char *second = list (f, &query, &next);
  g_assert_cmpstr (second, ==, "rab 2 1; ");
  g_assert_null (next);
  query = (CvRecordingsQuery){ .limit = 3 };
  g_autofree char *all = list (f, &query, &next);
  g_assert_cmpstr (all, ==, "rdd 0 0; rcc 0 0; rab 2 1; ");
  g_assert_null (next);
  query.room = "bbbbbbbbbbbb";
  g_autofree char *none = list (f, &query, &next);
  g_assert_cmpstr (none, ==, "");
}

#define ADD(name, func) g_test_add (name, CvTestShelf, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/catalogue/load", test_load);
  ADD ("/catalogue/live", test_live);
  ADD ("/catalogue/pages", test_pages);
  return g_test_run ();
}
