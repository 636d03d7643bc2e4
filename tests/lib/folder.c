/* See folder.h. */
#include "lib/folder.h"

#include <glib/gstdio.h>

char *
cv_test_folder_new (void)
{
  char *folder = g_dir_make_tmp ("conclave-test-XXXXXX", NULL);
  g_assert_nonnull (folder);
  return folder;
}

static void
remove_all (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK)) {
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    g_assert_nonnull (dir);
    for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir)) {
      g_autofree char *below = g_build_filename (path, name, NULL);
      remove_all (below);
    }
  }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
cv_test_folder_free (char *folder)
{
  remove_all (folder);
  g_free (folder);
}

void
cv_test_folder_write (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

char *
cv_test_folder_read (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

guint
cv_test_folder_mode (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf status;
  g_assert_cmpint (g_lstat (path, &status), ==, 0);
  return status.st_mode & 07777;
}
