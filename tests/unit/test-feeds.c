/* Table `feed`: one for each user, which goes with them. */
#include "store/feeds.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#include <string.h>

#define USER "uabcdefghijkm"

static gboolean
set (CvStore *store, const char *user, char letter, GError **error)
{
  guint8 hash[CV_FEED_HASH_BYTES];
  GAsyncResult *slot = NULL;
  memset (hash, letter, sizeof hash);
  cv_feeds_set_async (store, user, hash, 1, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_feeds_change_finish (store, result, error);
}

static void
assert_found (CvStore *store, char letter, const char *expected)
{
  guint8 hash[CV_FEED_HASH_BYTES];
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  memset (hash, letter, sizeof hash);
  cv_feeds_find_async (store, hash, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autofree char *user = cv_feeds_find_finish (store, result, &error);
  g_assert_cmpstr (user, ==, expected);
  if (expected == NULL)
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
add_user (CvStore *store)
{
  cv_test_recordings_run (store, "INSERT INTO user (id, login, name, role, created) VALUES ('" USER
                                 "', 'zoe', 'Zoë', 'host', 1)");
}

static void
test_life (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  g_assert_false (set (store, USER, 'a', &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  add_user (store);
  g_assert_true (set (store, USER, 'a', NULL));
  assert_found (store, 'a', USER);
  assert_found (store, 'b', NULL);
  /* a new one ends the old one */
  g_assert_true (set (store, USER, 'b', NULL));
  assert_found (store, 'a', NULL);
  assert_found (store, 'b', USER);
  cv_feeds_delete_async (store, USER, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_feeds_change_finish (store, result, NULL));
  assert_found (store, 'b', NULL);
}

static void
test_user_gone (CvStore *store)
{
  add_user (store);
  set (store, USER, 'a', NULL);
  cv_test_recordings_run (store, "UPDATE user SET disabled = 1");
  assert_found (store, 'a', NULL);
  cv_test_recordings_run (store, "UPDATE user SET disabled = NULL");
  assert_found (store, 'a', USER);
  cv_test_recordings_run (store, "DELETE FROM user");
  assert_found (store, 'a', NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/feeds/life", test_life);
  cv_test_recordings_add_func ("/feeds/user-gone", test_user_gone);
  return g_test_run ();
}
