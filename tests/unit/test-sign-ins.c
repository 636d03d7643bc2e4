/* Table `sign_in`: each call, its errors, and how many there may be. */
#include "store/sign-ins.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#include <string.h>

#define ANN "uaaaaaaaaaaaa"
#define BEN "ubbbbbbbbbbbb"
#define NOW 1700000000000

static void
add_users (CvStore *store)
{
  cv_test_recordings_run (store, "INSERT INTO user (id, login, name, role, created) VALUES "
                                 "('" ANN "', 'ann', 'Ann', 'host', 1), ('" BEN "', 'ben', 'Ben', 'producer', 1)");
}

/* The hash is `n` in its first bytes. */
static gboolean
insert (CvStore *store, const char *id, guint32 n, const char *user, gint64 created, GError **error)
{
  CvSignInRow row = { .id = (char *) id,
                      .user = (char *) user,
                      .created = created,
                      .seen = created,
                      .expires = created + 1000,
                      .agent = (char *) "Firefox, Linux" };
  GAsyncResult *slot = NULL;
  memcpy (row.hash, &n, sizeof n);
  cv_sign_ins_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_sign_ins_change_finish (store, result, error);
}

static CvSignInRow *
find (CvStore *store, guint32 n, gint64 now, GError **error)
{
  guint8 hash[CV_SIGN_IN_HASH_BYTES] = { 0 };
  GAsyncResult *slot = NULL;
  memcpy (hash, &n, sizeof n);
  cv_sign_ins_find_async (store, hash, now, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_sign_ins_find_finish (store, result, error);
}

static void
assert_missing (CvStore *store, guint32 n, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (find (store, n, now, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
assert_list (CvStore *store, const char *user, gint64 now, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GAsyncResult *slot = NULL;
  cv_sign_ins_list_async (store, user, now, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_sign_ins_list_finish (store, result, NULL);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s ", ((CvSignInRow *) g_ptr_array_index (rows, i))->id);
  g_assert_cmpstr (text->str, ==, expected);
}

static gboolean
finish (CvStore *store, GAsyncResult **slot, GError **error)
{
  g_autoptr (GAsyncResult) result = cv_test_wait_for (slot);
  return cv_sign_ins_change_finish (store, result, error);
}

static void
test_insert_and_find (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  add_users (store);
  g_assert_true (insert (store, "na", 1, ANN, NOW, &error));
  g_autoptr (CvSignInRow) row = find (store, 1, NOW + 999, &error);
  g_autoptr (CvSignInRow) copy = cv_sign_in_row_copy (row);
  g_assert_no_error (error);
  g_assert_cmpstr (copy->id, ==, "na");
  g_assert_cmpstr (copy->user, ==, ANN);
  g_assert_cmpstr (copy->login, ==, "ann");
  g_assert_cmpstr (copy->name, ==, "Ann");
  g_assert_cmpstr (copy->agent, ==, "Firefox, Linux");
  g_assert_cmpuint (copy->role, ==, CV_ACCOUNT_HOST);
  g_assert_true (copy->created == NOW && copy->seen == NOW && copy->expires == NOW + 1000 && copy->hash[0] == 1);
  g_autofree char *seen = cv_test_recordings_dump (store, "SELECT seen FROM user WHERE id = '" ANN "'");
  g_assert_cmpstr (seen, ==, "1700000000000;");
  assert_missing (store, 1, NOW + 1000); /* it is over */
  assert_missing (store, 2, NOW);
}

/* Not for those who are not there, or may not. */
static void
test_disabled (CvStore *store)
{
  g_autoptr (GError) unknown = NULL, off = NULL;
  add_users (store);
  g_assert_false (insert (store, "na", 1, "ucccccccccccc", NOW, &unknown));
  g_assert_error (unknown, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_assert_true (insert (store, "na", 1, ANN, NOW, NULL));
  cv_test_recordings_run (store, "UPDATE user SET disabled = 1 WHERE id = '" ANN "'");
  assert_missing (store, 1, NOW);
  assert_list (store, ANN, NOW, "");
  g_assert_false (insert (store, "nb", 2, ANN, NOW, &off));
  g_assert_error (off, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_renew (CvStore *store)
{
  GAsyncResult *slot = NULL;
  add_users (store);
  g_assert_true (insert (store, "na", 1, ANN, NOW, NULL));
  cv_sign_ins_renew_async (store, "na", NOW + 500, NOW + 5000, cv_test_on_ready, &slot);
  g_assert_true (finish (store, &slot, NULL));
  g_autoptr (CvSignInRow) row = find (store, 1, NOW + 4999, NULL);
  g_assert_true (row->seen == NOW + 500 && row->expires == NOW + 5000);
  g_autofree char *seen = cv_test_recordings_dump (store, "SELECT seen FROM user WHERE id = '" ANN "'");
  g_assert_cmpstr (seen, ==, "1700000000500;");
}

static void
test_list_and_delete (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  guint8 hash[CV_SIGN_IN_HASH_BYTES] = { 3 };
  GAsyncResult *slot = NULL;
  add_users (store);
  g_assert_true (insert (store, "na", 1, ANN, NOW, NULL));
  g_assert_true (insert (store, "nb", 2, ANN, NOW, NULL));
  g_assert_true (insert (store, "nc", 3, ANN, NOW + 1, NULL));
  g_assert_true (insert (store, "nd", 4, BEN, NOW + 2, NULL));
  assert_list (store, ANN, NOW, "nc nb na ");
  assert_list (store, ANN, NOW + 1000, "nc ");
  cv_sign_ins_delete_async (store, ANN, "nd", cv_test_on_ready, &slot);
  g_assert_false (finish (store, &slot, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  cv_sign_ins_delete_async (store, ANN, "nb", cv_test_on_ready, &slot);
  g_assert_true (finish (store, &slot, NULL));
  assert_list (store, ANN, NOW, "nc na ");
  cv_sign_ins_delete_others_async (store, ANN, "nc", cv_test_on_ready, &slot);
  g_assert_true (finish (store, &slot, NULL));
  assert_list (store, ANN, NOW, "nc ");
  cv_sign_ins_end_async (store, hash, cv_test_on_ready, &slot);
  g_assert_true (finish (store, &slot, NULL));
  assert_list (store, ANN, NOW, "");
  cv_sign_ins_delete_others_async (store, BEN, NULL, cv_test_on_ready, &slot);
  g_assert_true (finish (store, &slot, NULL));
  assert_list (store, BEN, NOW, "");
}

/* The oldest makes room; what is over goes by itself. */
static void
test_limit (CvStore *store)
{
  add_users (store);
  g_assert_true (insert (store, "nx", 1000, BEN, NOW, NULL));
  for (guint i = 0; i <= CV_SIGN_INS_MAX; i++) {
    g_autofree char *id = g_strdup_printf ("n%u", i);
    g_assert_true (insert (store, id, i, ANN, NOW, NULL));
  }
  assert_missing (store, 0, NOW);
  for (guint i = 1; i <= CV_SIGN_INS_MAX; i++) {
    g_autoptr (CvSignInRow) row = find (store, i, NOW, NULL);
    g_assert_nonnull (row);
  }
  g_assert_true (insert (store, "ny", 2000, ANN, NOW + 2000, NULL));
  g_autofree char *rows = cv_test_recordings_dump (store, "SELECT id FROM sign_in");
  g_assert_cmpstr (rows, ==, "ny;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/sign-ins/insert-and-find", test_insert_and_find);
  cv_test_recordings_add_func ("/sign-ins/disabled", test_disabled);
  cv_test_recordings_add_func ("/sign-ins/renew", test_renew);
  cv_test_recordings_add_func ("/sign-ins/list-and-delete", test_list_and_delete);
  cv_test_recordings_add_func ("/sign-ins/limit", test_limit);
  return g_test_run ();
}
