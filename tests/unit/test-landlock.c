/* In a child: below its folder it may do what it needs, elsewhere nothing but read where it was told. */
#include "sandbox/landlock.h"

#include "lib/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const readable[] = { "/usr/share", "/nowhere", NULL };

static gboolean
is_refused (const char *path, int flags)
{
  errno = 0;
  int fd = open (path, flags | O_CLOEXEC, 0600);
  return fd < 0 && errno == EACCES;
}

/* Returns the line of what went wrong, 0: nothing, 255: the kernel does not have it. */
static int
work (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  CvLandlock result = cv_landlock_restrict (fd, readable);
  if (result == CV_LANDLOCK_ABSENT)
    return 255;
  if (result != CV_LANDLOCK_HELD || fchdir (fd) != 0)
    return __LINE__;
  int file = open ("new", O_RDWR | O_CREAT | O_EXCL, 0600);
  if (file < 0 || write (file, "x", 1) != 1 || ftruncate (file, 0) != 0 || mkdir ("inner", 0700) != 0 ||
      rename ("new", "inner/new") != 0 || unlink ("inner/new") != 0 || rmdir ("inner") != 0)
    return __LINE__;
  if (open ("/usr/share", O_RDONLY | O_DIRECTORY) < 0 || !is_refused ("/usr/share/x", O_RDWR | O_CREAT))
    return __LINE__;
  if (!is_refused ("/etc/passwd", O_RDONLY) || !is_refused ("..", O_RDONLY | O_DIRECTORY) ||
      !is_refused ("../other", O_RDWR | O_CREAT))
    return __LINE__;
  return symlink ("/etc/passwd", "link") == 0 || mkfifo ("pipe", 0600) == 0 ? __LINE__ : 0;
}

static void
test_restrict (void)
{
  char *folder = cv_test_folder_new ();
  g_autofree char *inner = g_build_filename (folder, "own", NULL);
  int status = 0;
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  pid_t child = fork ();
  if (child == 0)
    _exit (work (inner));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  cv_test_folder_free (folder);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 255)
    g_test_skip ("this kernel has no Landlock");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/landlock/restrict", test_restrict);
  return g_test_run ();
}
