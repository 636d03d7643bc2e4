/* Files that are whole when they have their name. */
#include "render/deposit.h"

#include "lib/folder.h"
#include "render/failure.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_write (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.txt", NULL), *part = cv_deposit_part (path);
  CvDeposit deposit;
  g_assert_true (g_str_has_suffix (part, "/.a.txt.part"));
  g_assert_true (cv_deposit_write (path, "abc", 3, &error));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (cv_test_folder_mode (folder, "a.txt"), ==, 0600);
  g_assert_true (cv_deposit_measure (path, &deposit, &error));
  g_assert_cmpuint (deposit.bytes, ==, 3);
  g_assert_cmpstr (deposit.sha256, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  cv_test_folder_free (folder);
}

static void
test_failures (void)
{
  g_autoptr (GError) error = NULL, other = NULL, third = NULL;
  char *folder = cv_test_folder_new ();
  g_autofree char *nowhere = g_build_filename (folder, "no", "a.txt", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  CvDeposit deposit;
  g_assert_false (cv_deposit_write (nowhere, "abc", 3, &error));
  g_assert_error (error, CV_FAILURE, CV_FAILURE_IO);
  g_assert_false (cv_deposit_commit (nowhere, &other));
  g_assert_error (other, CV_FAILURE, CV_FAILURE_IO);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_assert_false (cv_deposit_measure (link, &deposit, &third));
  cv_test_folder_free (folder);
}

static void
test_folders (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = cv_test_folder_new ();
  g_autofree char *inner = g_build_filename (folder, "x", NULL);
  g_assert_true (cv_deposit_make_folder (inner, &error));
  g_assert_true (cv_deposit_make_folder (inner, &error));
  cv_test_folder_write (folder, "x/a", "1");
  cv_deposit_remove_folder (inner);
  cv_deposit_remove_folder (inner);
  g_assert_false (g_file_test (inner, G_FILE_TEST_EXISTS));
  cv_test_folder_free (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  umask (077);
  g_test_add_func ("/deposit/write", test_write);
  g_test_add_func ("/deposit/failures", test_failures);
  g_test_add_func ("/deposit/folders", test_folders);
  return g_test_run ();
}
