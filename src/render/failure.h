/* Why a job cannot go on: one error domain for the folder, and its ids on the wire (CONTROL.md). Owns nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_FAILURE (cv_failure_quark ())
GQuark cv_failure_quark (void);
typedef enum {
  CV_FAILURE_INTERNAL,
  CV_FAILURE_NO_LOG,
  CV_FAILURE_BAD_RANGE,
  CV_FAILURE_DISK_FULL,
  CV_FAILURE_IO,
  CV_FAILURE_PIPELINE,
  CV_FAILURE_CANCELLED, /* nobody waits for it any more */
} CvFailure;

/* Of an error of any domain. */
const char *cv_failure_get_id (const GError *error);
/* Sets one that says what failed and why, as errno says. Returns FALSE. */
gboolean cv_failure_set_errno (GError **error, const char *what);

G_END_DECLS
