/* Names of roles, both ways. */
#include "store/account-role.h"

static void
test_names (void)
{
  g_assert_null (cv_account_role_get_name (CV_ACCOUNT_NOBODY));
  g_assert_cmpstr (cv_account_role_get_name (CV_ACCOUNT_PRODUCER), ==, "producer");
  g_assert_cmpstr (cv_account_role_get_name (CV_ACCOUNT_HOST), ==, "host");
  g_assert_cmpstr (cv_account_role_get_name (CV_ACCOUNT_ADMINISTRATOR), ==, "administrator");
  for (guint i = CV_ACCOUNT_PRODUCER; i <= CV_ACCOUNT_ADMINISTRATOR; i++)
    g_assert_cmpuint (cv_account_role_from_name (cv_account_role_get_name (i)), ==, i);
}

static void
test_no_names (void)
{
  static const char *const bad[] = { NULL, "", "admin", "Host", "host " };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpuint (cv_account_role_from_name (bad[i]), ==, CV_ACCOUNT_NOBODY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-role/names", test_names);
  g_test_add_func ("/account-role/no-names", test_no_names);
  return g_test_run ();
}
