/* See lock.h. Owns nothing: the descriptor is the caller's. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>

int
cv_lock_take (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int cause = errno;

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (fd >= 0) {
    cause = errno;
    g_close (fd, NULL);
  }
  if (fd >= 0 && cause == EWOULDBLOCK)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "%s is in use by another conclaved", directory);
  else
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (cause), "%s: %s", path, g_strerror (cause));
  return -1;
}
