/* The operator's program that looks at what people upload: it gets the file as its standard input and says with its exit code
 * what it thinks of it. 0: it is clean; 1: it is not; all else, and an answer that does not come in time, is no answer.
 *
 * Main thread. Owns the programs that are running.
 */
#pragma once

#include "base/clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum { CV_SCAN_CLEAN, CV_SCAN_INFECTED, CV_SCAN_UNKNOWN } CvScanAnswer;

/* `fd` (transfer full) stands at the file's beginning. Ended where `cancellable` is cancelled. */
void cv_scan_run_async (const char *program, int fd, CvClock *clock, guint patience_ms, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
CvScanAnswer cv_scan_run_finish (GAsyncResult *result);

G_END_DECLS
