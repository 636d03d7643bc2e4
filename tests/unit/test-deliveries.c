/* Table `delivery`: each call, and what keeps it from growing. */
#include "store/deliveries.h"

#include "lib/recordings.h"
#include "lib/wait.h"

static gboolean
insert (CvStore *store, const char *id, gint64 created, gint64 next_at, GError **error)
{
  CvDeliveryRow row = { .id = (char *) id,
                        .created = created,
                        .event = (char *) "recording.ready",
                        .body = (char *) "{\"title\":\"Tee '; 😀\"}",
                        .next_at = next_at };
  GAsyncResult *slot = NULL;
  cv_deliveries_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_deliveries_insert_finish (store, result, error);
}

static CvDeliveryRow *
next (CvStore *store, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_deliveries_next_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_deliveries_next_finish (store, result, error);
}

static void
change (CvStore *store, const CvDeliveryRow *row)
{
  GAsyncResult *slot = NULL;
  cv_deliveries_update_async (store, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_deliveries_update_finish (store, result, NULL));
}

static void
test_life (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  g_assert_null (next (store, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_true (insert (store, "daaaaaaaaaaaa", 1, 500, &error));
  g_assert_true (insert (store, "dbbbbbbbbbbbb", 2, 400, &error));
  g_assert_false (insert (store, "dbbbbbbbbbbbb", 2, 400, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);

  g_autoptr (CvDeliveryRow) first = next (store, NULL);
  g_assert_cmpstr (first->id, ==, "dbbbbbbbbbbbb");
  g_assert_cmpstr (first->body, ==, "{\"title\":\"Tee '; 😀\"}");
  g_assert_cmpint (first->next_at, ==, 400);
  g_assert_cmpuint (first->attempts, ==, 0);
  CvDeliveryRow failed = *first;
  failed.attempts = 1;
  failed.next_at = 600;
  failed.error = (char *) "500";
  change (store, &failed);
  g_autoptr (CvDeliveryRow) second = next (store, NULL);
  g_assert_cmpstr (second->id, ==, "daaaaaaaaaaaa");
  cv_deliveries_delete_async (store, second->id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) deleted = cv_test_wait_for (&slot);
  g_assert_true (cv_deliveries_delete_finish (store, deleted, NULL));
  g_autoptr (CvDeliveryRow) third = next (store, NULL);
  g_assert_cmpuint (third->attempts, ==, 1);
  g_assert_cmpstr (third->error, ==, "500");
  failed.next_at = 0;
  change (store, &failed);
  g_assert_null (next (store, NULL));

  cv_deliveries_list_async (store, 10, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) listed = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_deliveries_list_finish (store, listed, NULL);
  g_assert_cmpuint (rows->len, ==, 1);
}

static void
test_bounds (CvStore *store)
{
  cv_test_recordings_run (store, "INSERT INTO delivery (id, created, event, body) VALUES ('old', 1, 'e', '{}')");
  cv_test_recordings_run (
    store, "INSERT INTO delivery (id, created, event, body, next_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
           "SELECT i + 1 FROM n WHERE i < 10000) SELECT 'd' || i, i + 1, 'e', '{}', 1 FROM n");
  g_assert_true (insert (store, "dbbbbbbbbbbbb", CV_DELIVERIES_KEEP_MS + 2, 400, NULL));
  g_autofree char *text = cv_test_recordings_dump (
    store, "SELECT count (*), sum (id = 'old'), sum (id = 'd1'), sum (id = 'd2'), max (id) FROM delivery");
  g_assert_cmpstr (text, ==, "10000 0 0 1 dbbbbbbbbbbbb;");
}

static void
insert_of (CvStore *store, const char *id, const char *room, gint64 next_at)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO delivery (id, created, event, body, next_at, room) "
                                          "VALUES ('%s', 1, 'e', '{}', %" G_GINT64_FORMAT ", '%s')",
                                          id, next_at, room);

  cv_test_recordings_run (store, sql);
}

static void
assert_next (CvStore *store, const char *id)
{
  g_autoptr (CvDeliveryRow) row = next (store, NULL);

  g_assert_cmpstr (row->id, ==, id);
}

/* What comes later in a room waits for what came first, and for nothing of another room. */
static void
test_order_of_a_room (CvStore *store)
{
  insert_of (store, "da1", "a", 100);
  insert_of (store, "da2", "a", 50);
  insert_of (store, "db1", "b", 70);
  assert_next (store, "db1");
  cv_test_recordings_run (store, "UPDATE delivery SET next_at = 900 WHERE id = 'db1'");
  assert_next (store, "da1");
  cv_test_recordings_run (store, "UPDATE delivery SET next_at = 800 WHERE id = 'da1'");
  assert_next (store, "da1");
  g_autoptr (CvDeliveryRow) row = next (store, NULL);
  g_assert_cmpstr (row->room, ==, "a");
  /* given up: nobody waits for it any more */
  cv_test_recordings_run (store, "UPDATE delivery SET next_at = NULL WHERE id = 'da1'");
  assert_next (store, "da2");
  cv_test_recordings_run (store, "DELETE FROM delivery WHERE id = 'da2'");
  assert_next (store, "db1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/deliveries/life", test_life);
  cv_test_recordings_add_func ("/deliveries/order-of-a-room", test_order_of_a_room);
  cv_test_recordings_add_func ("/deliveries/bounds", test_bounds);
  return g_test_run ();
}
