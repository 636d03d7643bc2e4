/* Table `idempotency`: an answer is found for a day, by who asked. */
#include "store/repeats.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#include <string.h>

static gboolean
insert (CvStore *store, const char *actor, gint64 created, GError **error)
{
  CvRepeatRow row = { .actor = (char *) actor,
                      .key = (char *) "key; '",
                      .created = created,
                      .status = 201,
                      .body = (char *) "{\"title\":\"😀\"}" };
  GAsyncResult *slot = NULL;
  memset (row.request, 7, sizeof row.request);
  cv_repeats_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_repeats_insert_finish (store, result, error);
}

static CvRepeatRow *
find (CvStore *store, const char *actor, gint64 now, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_repeats_find_async (store, actor, "key; '", now, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_repeats_find_finish (store, result, error);
}

static void
test_life (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (insert (store, "ua", 1000, NULL));
  g_assert_true (insert (store, "ub", 2000, NULL));
  g_assert_false (insert (store, "ua", 1001, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_clear_error (&error);

  g_autoptr (CvRepeatRow) row = find (store, "ua", 1000 + CV_REPEATS_KEEP_MS - 1, NULL);
  g_assert_cmpstr (row->actor, ==, "ua");
  g_assert_cmpstr (row->key, ==, "key; '");
  g_assert_cmpint (row->request[CV_HASH_BYTES - 1], ==, 7);
  g_assert_cmpint (row->created, ==, 1000);
  g_assert_cmpuint (row->status, ==, 201);
  g_assert_cmpstr (row->body, ==, "{\"title\":\"😀\"}");
  g_assert_null (find (store, "ua", 1000 + CV_REPEATS_KEEP_MS, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_assert_null (find (store, "uc", 1000, NULL));

  g_assert_true (insert (store, "ua", 1000 + CV_REPEATS_KEEP_MS, NULL));
  g_autofree char *left = cv_test_recordings_dump (store, "SELECT actor, created FROM idempotency ORDER BY actor");
  g_assert_cmpstr (left, ==, "ua 86401000;ub 2000;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/repeats/life", test_life);
  return g_test_run ();
}
