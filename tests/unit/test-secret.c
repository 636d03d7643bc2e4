/* Secrets: what is handed out finds what is kept. */
#include "signalling/secret.h"

static void
test_secret (void)
{
  guint8 bytes[CV_SECRET_BYTES];
  CvSecretHash first, second;
  g_autofree char *text = cv_secret_draw (&first);
  g_autofree char *other = cv_secret_draw (&second);
  g_assert_cmpstr (text, !=, other);
  g_assert_false (cv_secret_hash_equal (&first, &second));

  g_autoptr (GHashTable) table = g_hash_table_new (cv_secret_hash_hash, cv_secret_hash_equal);
  g_hash_table_insert (table, &first, text);
  g_hash_table_insert (table, &second, other);
  g_assert_true (cv_base64url_decode (text, bytes, sizeof bytes));
  CvSecretHash found = cv_secret_get_hash (bytes);
  g_assert_cmpstr (g_hash_table_lookup (table, &found), ==, text);
  bytes[CV_SECRET_BYTES - 1] ^= 1;
  found = cv_secret_get_hash (bytes);
  g_assert_null (g_hash_table_lookup (table, &found));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret", test_secret);
  return g_test_run ();
}
