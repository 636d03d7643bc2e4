/* Who may open what is made in a folder. */
#include "base/mode.h"

#include "lib/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_below (void)
{
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpuint (cv_mode_below (AT_FDCWD, path), ==, 0700);
  g_assert_cmpint (chmod (folder, 0750), ==, 0); /* without setgid its group is whichever the server has */
  g_assert_cmpuint (cv_mode_below (fd, "file"), ==, 0700);
  g_assert_cmpint (chmod (folder, 02750), ==, 0);
  g_assert_cmpuint (cv_mode_below (AT_FDCWD, path), ==, 0750);
  g_assert_cmpuint (cv_mode_below (fd, "file"), ==, 0750);
  g_assert_cmpuint (cv_mode_below (fd, "."), ==, 0750);
  g_assert_cmpuint (cv_mode_below (AT_FDCWD, "/nowhere/at/all"), ==, 0700);
  close (fd);
  cv_test_folder_free (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mode/below", test_below);
  return g_test_run ();
}
