/* Table `share`: each call, and its errors. */
#include "store/shares.h"

#include "lib/wait.h"
#include "store/rooms.h"

#include <string.h>

#define ROOM "abcdefghijkm"

static gpointer
fill_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "INSERT INTO meeting (id, room, started) VALUES ('m', '" ROOM "', 1)", "");
  for (const char *id = data; *id != '\0'; id++)
    cv_store_exec (db, error,
                   "INSERT INTO recording (id, room, meeting, title, started, status) "
                   "VALUES (?, '" ROOM "', 'm', 'Tea', 1, 'ready')",
                   "s", (char[]){ *id, '\0' });
  return NULL;
}

static gpointer
empty_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "DELETE FROM recording", "");
  return NULL;
}

static void
run (CvStore *store, CvStoreFunc func, const char *data)
{
  GAsyncResult *slot = NULL;
  cv_store_run_async (store, func, (gpointer) data, NULL, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_store_run_finish_plain (store, result, NULL));
}

/* With the recordings a and b. */
static CvStore *
open_store (void)
{
  CvStore *store = cv_store_open (":memory:", NULL);
  CvRoomRow row = { .id = (char *) ROOM, .kind = (char *) "classroom", .title = (char *) "Tea", .created = 1 };
  GAsyncResult *slot = NULL;
  cv_rooms_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (store, result, NULL));
  run (store, fill_on_worker, "ab");
  return store;
}

static void
close_store (CvStore *store)
{
  cv_store_close (store);
  cv_test_wait_gone (store);
}

static gboolean
insert (CvStore *store, const char *id, const char *recording, gint64 created, gint64 expires, GError **error)
{
  CvShareRow row = { .id = (char *) id,
                     .recording = (char *) recording,
                     .created = created,
                     .expires = expires,
                     .downloads = created % 2 == 0,
                     .has_password = expires != 0 };
  GAsyncResult *slot = NULL;
  memset (row.hash, 'h', sizeof row.hash);
  memset (row.password_salt, 's', sizeof row.password_salt);
  memset (row.password_hash, 'p', sizeof row.password_hash);
  cv_shares_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_shares_insert_finish (store, result, error);
}

static CvShareRow *
load (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_shares_load_async (store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_shares_load_finish (store, result, error);
}

static char *
list (CvStore *store, const char *recording)
{
  GAsyncResult *slot = NULL;
  cv_shares_list_async (store, recording, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_shares_list_finish (store, result, NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s ", ((CvShareRow *) g_ptr_array_index (rows, i))->id);
  return g_string_free (text, FALSE);
}

static gboolean delete (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_shares_delete_async (store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_shares_delete_finish (store, result, error);
}

static void
test_insert_and_load (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  g_assert_true (insert (store, "sa", "a", 1790000000122, 0, &error));
  g_assert_true (insert (store, "sb", "b", 1790000000123, 1790000000999, &error));
  g_autoptr (CvShareRow) row = load (store, "sa", &error);
  g_autoptr (CvShareRow) a = cv_share_row_copy (row);
  g_autoptr (CvShareRow) b = load (store, "sb", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (a->id, ==, "sa");
  g_assert_cmpstr (a->recording, ==, "a");
  g_assert_true (a->hash[31] == 'h' && a->expires == 0 && a->downloads && !a->has_password);
  g_assert_cmpint (a->created, ==, 1790000000122);
  g_assert_true (!b->downloads && b->has_password && b->password_salt[15] == 's' && b->password_hash[31] == 'p');
  g_assert_cmpint (b->expires, ==, 1790000000999);
  g_assert_null (load (store, "sc", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  close_store (store);
}

static void
test_refused (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) taken = NULL, recording = NULL;
  g_assert_true (insert (store, "sa", "a", 1, 0, NULL));
  g_assert_false (insert (store, "sa", "b", 2, 0, &taken));
  g_assert_error (taken, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_assert_false (insert (store, "sb", "x", 1, 0, &recording));
  g_assert_error (recording, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  close_store (store);
}

static void
test_list_and_delete (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  insert (store, "sa", "a", 1, 0, NULL);
  insert (store, "sb", "a", 3, 0, NULL);
  insert (store, "sc", "b", 2, 0, NULL);
  g_autofree char *all = list (store, "a"), *none = list (store, "x");
  g_assert_cmpstr (all, ==, "sb sa ");
  g_assert_cmpstr (none, ==, "");
  g_assert_true (delete (store, "sb", &error));
  g_assert_false (delete (store, "sb", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  run (store, empty_on_worker, NULL);
  g_assert_null (load (store, "sa", NULL));
  close_store (store);
}

/* What has expired makes room, and stays until then: whoever has the link is told why. */
static void
test_limit (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < CV_SHARES_MAX; i++) {
    g_autofree char *id = g_strdup_printf ("s%u", i);
    g_assert_true (insert (store, id, "a", 10, i == 7 ? 50 : 0, NULL));
  }
  g_assert_false (insert (store, "sx", "a", 50, 0, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_assert_true (insert (store, "sx", "b", 50, 0, NULL));
  g_assert_true (insert (store, "sy", "a", 51, 0, NULL));
  g_assert_null (load (store, "s7", NULL));
  g_assert_false (insert (store, "sz", "a", 51, 0, NULL));
  close_store (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shares/insert-and-load", test_insert_and_load);
  g_test_add_func ("/shares/refused", test_refused);
  g_test_add_func ("/shares/list-and-delete", test_list_and_delete);
  g_test_add_func ("/shares/limit", test_limit);
  return g_test_run ();
}
