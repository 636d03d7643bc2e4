/* Table `mail`: what waits comes out in its order. */
#include "store/mails.h"

#include "lib/staged.h"
#include "lib/wait.h"

static gboolean
insert (CvStore *store, const char *first, const char *second, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  CvMailRow one = { .id = (char *) first,
                    .meeting = (char *) CV_TEST_STAGED_MEETING,
                    .recipient = (char *) "a@b.c",
                    .created = 5,
                    .next_at = 20 };
  CvMailRow other = { .id = (char *) second,
                      .meeting = (char *) CV_TEST_STAGED_MEETING,
                      .recipient = (char *) "d@e.f",
                      .created = 5,
                      .next_at = 10 };
  GAsyncResult *slot = NULL;
  g_ptr_array_add (rows, &one);
  g_ptr_array_add (rows, &other);
  cv_mails_insert_async (store, rows, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_mails_insert_finish (store, result, error);
}

static CvMailRow *
next (CvStore *store, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_mails_next_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_mails_next_finish (store, result, error);
}

static void
test_order (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  g_assert_true (insert (store, "l1", "l2", NULL));
  g_autoptr (CvMailRow) second = next (store, NULL);
  g_assert_cmpstr (second->id, ==, "l2");
  g_assert_cmpstr (second->recipient, ==, "d@e.f");
  /* given up */
  second->next_at = 0;
  second->attempts = 8;
  g_free (second->error);
  second->error = g_strdup ("550");
  cv_mails_update_async (store, second, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) updated = cv_test_wait_for (&slot);
  g_assert_true (cv_mails_update_finish (store, updated, NULL));
  g_autoptr (CvMailRow) first = next (store, NULL);
  g_assert_cmpstr (first->id, ==, "l1");
  cv_mails_delete_async (store, first->id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) deleted = cv_test_wait_for (&slot);
  g_assert_true (cv_mails_delete_finish (store, deleted, NULL));
  g_assert_null (next (store, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_object (&updated);
  g_clear_object (&deleted);
  cv_test_staged_close (store);
}

/* All or none. */
static void
test_limit (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (GError) error = NULL;
  cv_test_staged_run (
    store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) "
           "INSERT INTO mail (id, meeting, recipient, created, next_at) SELECT 'x' || i, '" CV_TEST_STAGED_MEETING
           "', '', 1, 30 FROM n");
  g_assert_false (insert (store, "l1", "l2", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_autoptr (CvMailRow) row = next (store, NULL);
  g_assert_cmpint (row->next_at, ==, 30);
  cv_test_staged_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mails/order", test_order);
  g_test_add_func ("/mails/limit", test_limit);
  return g_test_run ();
}
