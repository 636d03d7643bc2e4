/* Table `user`: each call, its errors, and what goes with it. */
#include "store/users.h"

#include "lib/audit.h"
#include "lib/recordings.h"
#include "lib/wait.h"

#include <string.h>

#define ANN "uaaaaaaaaaaaa"
#define BEN "ubbbbbbbbbbbb"
#define NOW 1700000000123

static gboolean
insert (CvStore *store, const char *id, const char *login, CvAccountRole role, GError **error)
{
  const CvUserRow row = {
    .id = (char *) id, .login = (char *) login, .name = (char *) "Zoë '; --", .role = role, .created = NOW
  };
  GAsyncResult *slot = NULL;
  cv_users_insert_async (store, &row, "admin", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_users_insert_finish (store, result, error);
}

static CvUserRow *
load (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_users_load_async (store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_users_load_finish (store, result, error);
}

static CvUserRow *
find (CvStore *store, const char *login, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_users_find_async (store, login, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_users_load_finish (store, result, error);
}

static CvUserRow *
change (CvStore *store, CvUserChange what, GError **error)
{
  GAsyncResult *slot = NULL;
  what.actor = "admin";
  what.at = NOW + 1;
  cv_users_change_async (store, &what, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_users_load_finish (store, result, error);
}

static gboolean delete (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_users_delete_async (store, id, "admin", NOW + 2, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_users_delete_finish (store, result, error);
}

static void
add_sign_ins (CvStore *store)
{
  cv_test_recordings_run (store, "INSERT INTO sign_in (id, hash, user, created, seen, expires) VALUES "
                                 "('na', randomblob (32), '" ANN "', 1, 1, 9), ('nb', randomblob (32), '" ANN
                                 "', 1, 1, 9), ('nc', randomblob (32), '" BEN "', 1, 1, 9)");
  cv_test_recordings_run (store, "INSERT INTO sign_in_code (hash, user, expires) VALUES (randomblob (32), '" ANN
                                 "', 9), (randomblob (32), '" BEN "', 9)");
}

static void
assert_rows (CvStore *store, const char *sql, const char *expected)
{
  g_autofree char *rows = cv_test_recordings_dump (store, sql);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_insert_and_load (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (insert (store, ANN, "Ann@example.org", CV_ACCOUNT_HOST, &error));
  g_autoptr (CvUserRow) row = load (store, ANN, &error);
  g_autoptr (CvUserRow) same = find (store, "aNN@EXAMPLE.org", &error);
  g_autoptr (CvUserRow) copy = cv_user_row_copy (row);
  g_assert_no_error (error);
  g_assert_cmpstr (copy->login, ==, "Ann@example.org");
  g_assert_cmpstr (copy->name, ==, "Zoë '; --");
  g_assert_cmpuint (copy->role, ==, CV_ACCOUNT_HOST);
  g_assert_true (copy->created == NOW && copy->seen == 0 && copy->disabled == 0 && !copy->has_password);
  g_assert_cmpstr (same->id, ==, ANN);
  assert_rows (store, "SELECT at, actor, action, object, detail FROM " CV_TEST_AUDIT,
               "1700000000123 admin user.create " ANN " host;");
  g_assert_null (load (store, BEN, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (find (store, "ann", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_taken (CvStore *store)
{
  g_autoptr (GError) login = NULL, id = NULL;
  g_assert_true (insert (store, ANN, "ann", CV_ACCOUNT_HOST, NULL));
  g_assert_false (insert (store, BEN, "ANN", CV_ACCOUNT_HOST, &login));
  g_assert_error (login, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_assert_false (insert (store, ANN, "ben", CV_ACCOUNT_HOST, &id));
  g_assert_error (id, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  assert_rows (store, "SELECT count (*) FROM audit", "1;");
}

static void
test_list (CvStore *store)
{
  g_assert_true (insert (store, BEN, "ben", CV_ACCOUNT_PRODUCER, NULL));
  g_assert_true (insert (store, ANN, "Ann", CV_ACCOUNT_ADMINISTRATOR, NULL));
  GAsyncResult *slot = NULL;
  cv_users_list_async (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_users_list_finish (store, result, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((CvUserRow *) g_ptr_array_index (rows, 0))->login, ==, "Ann");
  g_assert_cmpstr (((CvUserRow *) g_ptr_array_index (rows, 1))->login, ==, "ben");
}

static void
test_change (CvStore *store)
{
  g_assert_true (insert (store, ANN, "ann", CV_ACCOUNT_HOST, NULL));
  g_assert_true (insert (store, BEN, "ben", CV_ACCOUNT_HOST, NULL));
  add_sign_ins (store);
  g_autoptr (CvUserRow) same = change (store, (CvUserChange){ .id = ANN, .disabled = CV_USER_SAME }, NULL);
  g_assert_cmpstr (same->name, ==, "Zoë '; --");
  g_autoptr (CvUserRow) named = change (
    store, (CvUserChange){ .id = ANN, .name = "Ann", .role = CV_ACCOUNT_PRODUCER, .disabled = CV_USER_SAME }, NULL);
  g_assert_cmpstr (named->name, ==, "Ann");
  g_assert_cmpuint (named->role, ==, CV_ACCOUNT_PRODUCER);
  assert_rows (store, "SELECT id FROM sign_in ORDER BY id", "na;nb;nc;");
  g_autoptr (CvUserRow) off = change (store, (CvUserChange){ .id = ANN, .disabled = TRUE }, NULL);
  g_assert_cmpint (off->disabled, ==, NOW + 1);
  assert_rows (store, "SELECT id FROM sign_in ORDER BY id", "nc;");
  assert_rows (store, "SELECT user FROM sign_in_code", BEN ";");
  g_autoptr (CvUserRow) on = change (store, (CvUserChange){ .id = ANN, .disabled = FALSE }, NULL);
  g_assert_cmpint (on->disabled, ==, 0);
  assert_rows (store, "SELECT action, detail FROM audit WHERE n > 2 ORDER BY n",
               "user.role producer;user.disable ;user.enable ;");
  g_autoptr (GError) error = NULL;
  g_assert_null (change (store, (CvUserChange){ .id = "ucccccccccccc", .name = "x" }, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_password (CvStore *store)
{
  guint8 salt[CV_USER_SALT_BYTES] = { 1 }, hash[CV_USER_HASH_BYTES] = { 2 };
  CvUserChange what = {
    .id = ANN, .disabled = CV_USER_SAME, .password_salt = salt, .password_hash = hash, .keep = "nb"
  };
  g_assert_true (insert (store, ANN, "ann", CV_ACCOUNT_HOST, NULL));
  g_assert_true (insert (store, BEN, "ben", CV_ACCOUNT_HOST, NULL));
  add_sign_ins (store);
  g_autoptr (CvUserRow) row = change (store, what, NULL);
  g_assert_true (row->has_password);
  g_assert_cmpmem (row->password_salt, sizeof row->password_salt, salt, sizeof salt);
  g_assert_cmpmem (row->password_hash, sizeof row->password_hash, hash, sizeof hash);
  assert_rows (store, "SELECT id FROM sign_in ORDER BY id", "nb;nc;");
  assert_rows (store, "SELECT user FROM sign_in_code", BEN ";");
  what.keep = NULL;
  g_autoptr (CvUserRow) again = change (store, what, NULL);
  assert_rows (store, "SELECT id FROM sign_in ORDER BY id", "nc;");
  /* what somebody damaged is no password */
  cv_test_recordings_run (store, "UPDATE user SET password_salt = x'00'");
  g_autoptr (CvUserRow) damaged = load (store, ANN, NULL);
  g_assert_false (damaged->has_password);
}

static void
test_delete (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (insert (store, ANN, "ann", CV_ACCOUNT_HOST, NULL));
  g_assert_true (insert (store, BEN, "ben", CV_ACCOUNT_HOST, NULL));
  add_sign_ins (store);
  cv_test_recordings_run (store, "UPDATE room SET owner = '" ANN "'");
  g_assert_true (delete (store, ANN, &error));
  assert_rows (store, "SELECT id FROM sign_in", "nc;");
  assert_rows (store, "SELECT count (*) FROM room WHERE owner IS NULL", "1;");
  assert_rows (store, "SELECT action, object FROM " CV_TEST_AUDIT " ORDER BY n DESC LIMIT 1", "user.delete " ANN ";");
  g_assert_false (delete (store, ANN, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_limit (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u) "
    "INSERT INTO user (id, login, name, role, created) SELECT 'u' || i, 'l' || i, 'x', 'host', 1 FROM n",
    CV_USERS_MAX - 1);
  cv_test_recordings_run (store, sql);
  g_assert_true (insert (store, ANN, "ann", CV_ACCOUNT_HOST, NULL));
  g_assert_false (insert (store, BEN, "ben", CV_ACCOUNT_HOST, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/users/insert-and-load", test_insert_and_load);
  cv_test_recordings_add_func ("/users/taken", test_taken);
  cv_test_recordings_add_func ("/users/list", test_list);
  cv_test_recordings_add_func ("/users/change", test_change);
  cv_test_recordings_add_func ("/users/password", test_password);
  cv_test_recordings_add_func ("/users/delete", test_delete);
  cv_test_recordings_add_func ("/users/limit", test_limit);
  return g_test_run ();
}
