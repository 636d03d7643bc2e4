/* See mode.h. */
#include "base/mode.h"

#include <glib.h>
#include <sys/stat.h>

mode_t
cv_mode_below (int directory, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat status;
  gboolean shared = fstatat (directory, folder, &status, 0) == 0 && (status.st_mode & S_ISGID) != 0;
  return shared ? 0750 : 0700;
}
