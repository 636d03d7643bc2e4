/* Table `used_ticket`: each once, until it has expired. */
#include "store/used-tickets.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#include <string.h>

static gboolean
add (CvStore *store, char letter, gint64 expires, gint64 now, GError **error)
{
  guint8 hash[CV_HASH_BYTES];
  GAsyncResult *slot = NULL;
  memset (hash, letter, sizeof hash);
  cv_used_tickets_add_async (store, hash, expires, now, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_used_tickets_add_finish (store, result, error);
}

static void
test_once (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (add (store, 'a', 500, 100, &error));
  g_assert_true (add (store, 'b', 600, 100, &error));
  g_assert_false (add (store, 'a', 500, 500, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_assert_true (add (store, 'c', 900, 501, NULL));
  g_autofree char *left = cv_test_recordings_dump (store, "SELECT expires FROM used_ticket ORDER BY expires");
  g_assert_cmpstr (left, ==, "600;900;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/used-tickets/once", test_once);
  return g_test_run ();
}
