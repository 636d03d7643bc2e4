/* Table `render`: each call, and its errors. */
#include "store/renders.h"

#include "base/ids.h"
#include "lib/recordings.h"
#include "lib/wait.h"

static CvRenderRow *
insert (CvStore *store, const char *id, const char *recording, gint64 created, GError **error)
{
  CvRenderRow row = { .id = (char *) id,
                      .recording = (char *) recording,
                      .created = created,
                      .parameters = (char *) "{\"layout\":\"grid\"}" };
  GAsyncResult *slot = NULL;
  cv_renders_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_renders_insert_finish (store, result, error);
}

static void
test_insert (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRenderRow) first = insert (store, "jaaaaaaaaaaaa", CV_TEST_RECORDING, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->parameters, ==, "{\"layout\":\"grid\",\"suffix\":\"\"}");
  g_assert_cmpint (first->status, ==, CV_RENDER_QUEUED);
  g_assert_cmpstr (first->stage, ==, "");
  g_assert_cmpstr (first->error, ==, "");
  g_autoptr (CvRenderRow) second = insert (store, "jbbbbbbbbbbbb", CV_TEST_RECORDING, 2, &error);
  g_assert_cmpstr (second->parameters, ==, "{\"layout\":\"grid\",\"suffix\":\"-2\"}");
  g_assert_null (insert (store, "jbbbbbbbbbbbb", CV_TEST_RECORDING, 3, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (insert (store, "jcccccccccccc", "rnowhere", 3, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  for (guint i = 2; i < CV_RENDERS_MAX; i++) {
    g_autofree char *id = cv_id_new ("j");
    g_autoptr (CvRenderRow) row = insert (store, id, CV_TEST_RECORDING, 3, &error);
    g_assert_no_error (error);
  }
  g_assert_null (insert (store, "jcccccccccccc", CV_TEST_RECORDING, 3, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
}

static gboolean
update (CvStore *store, const CvRenderRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_renders_update_async (store, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_renders_update_finish (store, result, error);
}

static void
test_update_and_list (CvStore *store)
{
  const char *ids[] = { "rbbbbbbbbbbbb", CV_TEST_RECORDING, NULL };
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_test_recordings_add (store, "rbbbbbbbbbbbb", "ready", 1);
  g_autoptr (CvRenderRow) late = insert (store, "jaaaaaaaaaaaa", CV_TEST_RECORDING, 2, NULL);
  g_autoptr (CvRenderRow) early = insert (store, "jbbbbbbbbbbbb", "rbbbbbbbbbbbb", 1, NULL);
  CvRenderRow changed = *late;
  changed.status = CV_RENDER_FAILED;
  changed.stage = (char *) "video";
  changed.done = 0.25;
  changed.attempts = 3;
  changed.error = (char *) "render-crashed";
  g_assert_true (update (store, &changed, &error));
  cv_renders_list_async (store, ids, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_renders_list_finish (store, result, &error);
  g_assert_cmpuint (rows->len, ==, 2);
  const CvRenderRow *row = rows->pdata[0];
  g_assert_cmpstr (row->id, ==, "jbbbbbbbbbbbb");
  row = rows->pdata[1];
  g_assert_cmpstr (cv_render_status_to_text (row->status), ==, "failed");
  g_assert_cmpstr (row->stage, ==, "video");
  g_assert_cmpfloat (row->done, ==, 0.25);
  g_assert_cmpuint (row->attempts, ==, 3);
  g_assert_cmpstr (row->error, ==, "render-crashed");
  changed.id = (char *) "jnowhere";
  g_assert_false (update (store, &changed, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_reopen (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  const struct {
    const char *id;
    CvRenderStatus status;
  } rows[] = { { "jaaaaaaaaaaaa", CV_RENDER_DONE },
               { "jbbbbbbbbbbbb", CV_RENDER_QUEUED },
               { "jcccccccccccc", CV_RENDER_RUNNING } };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (CvRenderRow) row = insert (store, rows[i].id, CV_TEST_RECORDING, 10 - (gint64) i, NULL);
    row->status = rows[i].status;
    row->done = 0.5;
    row->attempts = 1;
    update (store, row, NULL);
  }
  cv_renders_reopen_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) queued = cv_renders_reopen_finish (store, result, &error);
  g_assert_cmpuint (queued->len, ==, 2);
  const CvRenderRow *first = queued->pdata[0];
  g_assert_cmpstr (first->id, ==, "jcccccccccccc");
  g_assert_cmpint (first->status, ==, CV_RENDER_QUEUED);
  g_assert_cmpfloat (first->done, ==, 0);
  g_assert_cmpuint (first->attempts, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/renders/insert", test_insert);
  cv_test_recordings_add_func ("/renders/update-and-list", test_update_and_list);
  cv_test_recordings_add_func ("/renders/reopen", test_reopen);
  return g_test_run ();
}
