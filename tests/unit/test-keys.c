/* Table `api_key`: each call, and its errors. */
#include "store/keys.h"

#include "lib/wait.h"

#include <string.h>

static CvStore *
open_store (void)
{
  return cv_store_open (":memory:", NULL);
}

static void
close_store (CvStore *store)
{
  cv_store_close (store);
  cv_test_wait_gone (store);
}

/* The hash is `n` in its first bytes. */
static gboolean
insert (CvStore *store, const char *id, guint32 n, gint64 created, gint64 expires, GError **error)
{
  CvKeyRow row = { .id = (char *) id,
                   .name = (char *) "Zoë '; DROP TABLE api_key; --",
                   .role = CV_ACCOUNT_PRODUCER,
                   .created = created,
                   .expires = expires };
  GAsyncResult *slot = NULL;
  memcpy (row.hash, &n, sizeof n);
  cv_keys_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_keys_insert_finish (store, result, error);
}

static CvKeyRow *
find (CvStore *store, guint32 n, GError **error)
{
  guint8 hash[CV_KEY_HASH_BYTES] = { 0 };
  GAsyncResult *slot = NULL;
  memcpy (hash, &n, sizeof n);
  cv_keys_find_async (store, hash, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_keys_find_finish (store, result, error);
}

static char *
list (CvStore *store)
{
  GAsyncResult *slot = NULL;
  cv_keys_list_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_keys_list_finish (store, result, NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (rows->len, 10); i++)
    g_string_append_printf (text, "%s ", ((CvKeyRow *) g_ptr_array_index (rows, i))->id);
  return g_string_free (text, FALSE);
}

static gboolean
end_key (CvStore *store, const char *id, gint64 at, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_keys_revoke_async (store, id, at, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_keys_revoke_finish (store, result, error);
}

static void
test_insert_and_find (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  g_assert_true (insert (store, "ka", 1, 1790000000122, 0, &error));
  g_assert_true (insert (store, "kb", 2, 1790000000123, 1790000000999, &error));
  g_autoptr (CvKeyRow) row = find (store, 1, &error);
  g_autoptr (CvKeyRow) a = cv_key_row_copy (row);
  g_autoptr (CvKeyRow) b = find (store, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (a->id, ==, "ka");
  g_assert_cmpstr (a->name, ==, "Zoë '; DROP TABLE api_key; --");
  g_assert_cmpuint (a->role, ==, CV_ACCOUNT_PRODUCER);
  g_assert_true (a->hash[0] == 1 && a->expires == 0 && a->revoked == 0);
  g_assert_cmpint (a->created, ==, 1790000000122);
  g_assert_cmpint (b->expires, ==, 1790000000999);
  g_assert_null (find (store, 3, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  close_store (store);
}

static void
test_refused (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) taken = NULL, hash = NULL;
  g_assert_true (insert (store, "ka", 1, 1, 0, NULL));
  g_assert_false (insert (store, "ka", 2, 2, 0, &taken));
  g_assert_error (taken, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_assert_false (insert (store, "kb", 1, 2, 0, &hash));
  g_assert_error (hash, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  close_store (store);
}

static void
test_list_and_revoke (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  g_autofree char *none = list (store);
  insert (store, "ka", 1, 1, 0, NULL);
  insert (store, "kb", 2, 3, 0, NULL);
  insert (store, "kc", 3, 2, 0, NULL);
  g_autofree char *all = list (store);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (all, ==, "kb kc ka ");
  g_assert_true (end_key (store, "kb", 77, &error));
  g_assert_true (end_key (store, "kb", 99, &error));
  g_autoptr (CvKeyRow) revoked = find (store, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpint (revoked->revoked, ==, 77);
  g_assert_false (end_key (store, "kx", 77, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  close_store (store);
}

/* What is no longer good makes room, and stays until then. */
static void
test_limit (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < CV_KEYS_MAX; i++) {
    g_autofree char *id = g_strdup_printf ("k%u", i);
    g_assert_true (insert (store, id, i, 10, i == 7 ? 50 : 0, NULL));
  }
  g_assert_false (insert (store, "kx", 5000, 50, 0, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_assert_true (insert (store, "kx", 5000, 51, 0, NULL));
  g_assert_false (insert (store, "ky", 5001, 51, 0, NULL));
  g_assert_true (end_key (store, "kx", 51, NULL));
  g_assert_true (insert (store, "ky", 5001, 51, 0, NULL));
  g_assert_null (find (store, 5000, NULL));
  close_store (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keys/insert-and-find", test_insert_and_find);
  g_test_add_func ("/keys/refused", test_refused);
  g_test_add_func ("/keys/list-and-revoke", test_list_and_revoke);
  g_test_add_func ("/keys/limit", test_limit);
  return g_test_run ();
}
