/* See file-error.h. */
#include "base/file-error.h"

#include <errno.h>

gboolean
cv_set_file_error (GError **error, const char *path)
{
  int cause = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (cause), "%s: %s", path, g_strerror (cause));
  return FALSE;
}
