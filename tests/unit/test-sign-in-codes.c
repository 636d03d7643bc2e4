/* Table `sign_in_code`: each is good once, for its user, until its end. */
#include "store/sign-in-codes.h"

#include "lib/audit.h"
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

static gboolean
insert (CvStore *store, guint8 n, const char *user, GError **error)
{
  const guint8 hash[CV_SIGN_IN_CODE_HASH_BYTES] = { n };
  GAsyncResult *slot = NULL;
  cv_sign_in_codes_insert_async (store, hash, user, NOW + 1000, "admin", NOW, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_sign_in_codes_insert_finish (store, result, error);
}

static char *
take (CvStore *store, guint8 n, gint64 now)
{
  const guint8 hash[CV_SIGN_IN_CODE_HASH_BYTES] = { n };
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_sign_in_codes_take_async (store, hash, now, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (CvUserRow) user = cv_sign_in_codes_take_finish (store, result, &error);
  if (user == NULL)
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  return user != NULL ? g_strdup (user->login) : NULL;
}

static void
test_once (CvStore *store)
{
  add_users (store);
  g_assert_true (insert (store, 1, ANN, NULL));
  g_assert_true (insert (store, 2, BEN, NULL));
  g_assert_null (take (store, 3, NOW));
  g_autofree char *first = take (store, 1, NOW + 999);
  g_assert_cmpstr (first, ==, "ann");
  g_assert_null (take (store, 1, NOW + 999));
  g_assert_null (take (store, 2, NOW + 1000));
  g_autofree char *audit = cv_test_recordings_dump (store, "SELECT actor, action, object FROM " CV_TEST_AUDIT);
  g_assert_cmpstr (audit, ==, "admin user.code " ANN ";admin user.code " BEN ";");
}

static void
test_replaced (CvStore *store)
{
  add_users (store);
  g_assert_true (insert (store, 1, ANN, NULL));
  g_assert_true (insert (store, 2, ANN, NULL));
  g_assert_null (take (store, 1, NOW));
  g_autofree char *second = take (store, 2, NOW);
  g_assert_cmpstr (second, ==, "ann");
}

static void
test_disabled (CvStore *store)
{
  g_autoptr (GError) off = NULL, unknown = NULL;
  add_users (store);
  g_assert_true (insert (store, 1, ANN, NULL));
  cv_test_recordings_run (store, "UPDATE user SET disabled = 1");
  g_assert_null (take (store, 1, NOW));
  g_assert_false (insert (store, 2, ANN, &off));
  g_assert_error (off, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_assert_false (insert (store, 2, "ucccccccccccc", &unknown));
  g_assert_error (unknown, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/sign-in-codes/once", test_once);
  cv_test_recordings_add_func ("/sign-in-codes/replaced", test_replaced);
  cv_test_recordings_add_func ("/sign-in-codes/disabled", test_disabled);
  return g_test_run ();
}
