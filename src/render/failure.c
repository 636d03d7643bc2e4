/* See failure.h. */
#include "render/failure.h"

#include <errno.h>

G_DEFINE_QUARK (cv_failure, cv_failure)

const char *
cv_failure_get_id (const GError *error)
{
  static const char *const ids[] = { "internal", "no-log", "bad-range", "disk-full", "io", "pipeline", "cancelled" };
  return error->domain == CV_FAILURE && error->code < (int) G_N_ELEMENTS (ids) ? ids[error->code] : "internal";
}

gboolean
cv_failure_set_errno (GError **error, const char *what)
{
  int reason = errno;
  CvFailure code = reason == ENOSPC || reason == EDQUOT ? CV_FAILURE_DISK_FULL : CV_FAILURE_IO;
  g_set_error (error, CV_FAILURE, code, "%s: %s", what, g_strerror (reason));
  return FALSE;
}
