/* Table `identity`: whose one is, whose it becomes, and whose it does not. */
#include "store/identities.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#define ISSUER "https://sso.example"
#define USER "(id, login, name, role, created, seen, password_hash, disabled) VALUES "

static CvUserRow *
resolve (CvStore *store, const char *subject, const char *login, CvAccountRole role, GError **error)
{
  const CvIdentityWish wish = { .issuer = ISSUER, .subject = subject, .login = login, .role = role, .at = 7 };
  GAsyncResult *slot = NULL;
  cv_identities_resolve_async (store, &wish, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_users_load_finish (store, result, error);
}

static void
assert_user (CvStore *store, const char *subject, const char *login, CvAccountRole role, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvUserRow) row = resolve (store, subject, login, role, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (row->login, ==, expected);
}

static void
assert_fails (CvStore *store, const char *subject, const char *login, CvAccountRole role, CvStoreError code)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (resolve (store, subject, login, role, &error));
  g_assert_error (error, CV_STORE_ERROR, (int) code);
}

static void
assert_dump (CvStore *store, const char *sql, const char *expected)
{
  g_autofree char *dump = cv_test_recordings_dump (store, sql);
  g_assert_cmpstr (dump, ==, expected);
}

static CvStore *
open_store (void)
{
  CvStore *store = cv_store_open (":memory:", NULL);
  cv_test_recordings_run (store, "INSERT INTO user " USER "('u1', 'new', 'New', 'producer', 1, NULL, NULL, NULL), "
                                 "('u2', 'seen', 'S', 'host', 1, 5, NULL, NULL), "
                                 "('u3', 'password', 'P', 'host', 1, NULL, x'00', NULL), "
                                 "('u4', 'disabled', 'D', 'host', 1, NULL, NULL, 5)");
  return store;
}

static void
test_adopted (void)
{
  g_autoptr (CvStore) store = open_store ();
  assert_user (store, "1", "NEW", CV_ACCOUNT_NOBODY, "new");
  assert_user (store, "1", "whatever", CV_ACCOUNT_HOST, "new");
  assert_user (store, "1", NULL, CV_ACCOUNT_NOBODY, "new");
  assert_fails (store, "2", "new", CV_ACCOUNT_NOBODY, CV_STORE_ERROR_MISSING);
  assert_fails (store, "2", "seen", CV_ACCOUNT_NOBODY, CV_STORE_ERROR_MISSING);
  assert_fails (store, "2", "password", CV_ACCOUNT_NOBODY, CV_STORE_ERROR_MISSING);
  assert_fails (store, "2", "disabled", CV_ACCOUNT_NOBODY, CV_STORE_ERROR_MISSING);
  assert_fails (store, "2", NULL, CV_ACCOUNT_HOST, CV_STORE_ERROR_MISSING);
  assert_dump (store, "SELECT issuer, subject, user, created FROM identity", ISSUER " 1 u1 7;");
  assert_dump (store, "SELECT action FROM audit", "user.connect;");
  cv_test_recordings_run (store, "UPDATE user SET disabled = 1 WHERE id = 'u1'");
  g_autoptr (CvUserRow) disabled = resolve (store, "1", NULL, CV_ACCOUNT_NOBODY, NULL);
  g_assert_cmpint (disabled->disabled, ==, 1);
  cv_test_recordings_run (store, "DELETE FROM user WHERE id = 'u1'");
  assert_dump (store, "SELECT count (*) FROM identity", "0;");
  cv_store_close (store);
}

static void
test_made (void)
{
  g_autoptr (CvStore) store = open_store ();
  assert_fails (store, "2", "seen", CV_ACCOUNT_HOST, CV_STORE_ERROR_EXISTS);
  assert_user (store, "2", "ann", CV_ACCOUNT_HOST, "ann");
  assert_user (store, "2", "ann", CV_ACCOUNT_HOST, "ann");
  assert_dump (store, "SELECT login, name, role, created FROM user WHERE id NOT IN ('u1', 'u2', 'u3', 'u4')",
               "ann ann host 7;");
  assert_dump (store, "SELECT action, detail FROM audit", "user.create host;user.connect ;");
  cv_test_recordings_run (store,
                          "WITH RECURSIVE n (i) AS (SELECT 6 UNION ALL SELECT i + 1 FROM n WHERE i < " G_STRINGIFY (
                            CV_USERS_MAX) ") "
                                          "INSERT INTO user (id, login, name, role, created) SELECT 'x' || i, 'x' || "
                                          "i, 'x', 'host', 1 FROM n");
  assert_fails (store, "3", "ben", CV_ACCOUNT_HOST, CV_STORE_ERROR_LIMIT);
  cv_store_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identities/adopted", test_adopted);
  g_test_add_func ("/identities/made", test_made);
  return g_test_run ();
}
