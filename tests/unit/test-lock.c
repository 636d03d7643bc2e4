/* The lock of a directory: one at a time, given back, and said clearly where it cannot be. */
#include "base/lock.h"

#include "lib/folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>

static void
test_once (void)
{
  char *folder = cv_test_folder_new ();
  g_autoptr (GError) error = NULL;
  int fd = cv_lock_take (folder, &error);

  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, !=, 0);
  g_assert_cmpuint (cv_test_folder_mode (folder, "lock"), ==, 0600);
  g_assert_cmpint (cv_lock_take (folder, &error), ==, -1);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN);
  g_assert_true (g_str_has_suffix (error->message, " is in use by another conclaved"));
  g_clear_error (&error);

  g_close (fd, NULL);
  fd = cv_lock_take (folder, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  cv_test_folder_free (folder);
}

static void
test_no_directory (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (cv_lock_take ("/nonexistent", &error), ==, -1);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock/once", test_once);
  g_test_add_func ("/lock/no-directory", test_no_directory);
  return g_test_run ();
}
