/* One rendering of one recording in a process of its own: conclave-render over a CvChild (render/CONTROL.md).
 *
 * Owns the child. Main thread. Believes nothing that the child says: one that breaks a rule is killed, and counts as one that
 * crashed. Whoever lets go of it ends it.
 *
 * Signals: progress (char *stage, double done)
 *          file (CvRenderFile *)  one is there, whole
 *          ended (guint end)      once, the last: the child is gone, CvRenderEnd
 */
#pragma once

#include "process/child.h"
#include "process/render-news.h"
#include "process/render-order.h"

G_BEGIN_DECLS

typedef enum {
  CV_RENDER_END_DONE,      /* cv_render_process_get_duration() */
  CV_RENDER_END_FAILED,    /* it said why: cv_render_process_get_error() */
  CV_RENDER_END_CRASHED,   /* or broke a rule */
  CV_RENDER_END_CANCELLED, /* by cv_render_process_cancel() */
} CvRenderEnd;

#define CV_RENDER_NICENESS 15

#define CV_TYPE_RENDER_PROCESS (cv_render_process_get_type ())
G_DECLARE_FINAL_TYPE (CvRenderProcess, cv_render_process, CV, RENDER_PROCESS, GObject)

/* `folder`: the recording's, duplicated. `program`: the path of conclave-render. The same `job` goes on where it was.
 * Returns: (transfer full), NULL with an error of GIO. */
CvRenderProcess *cv_render_process_new (const char *program, CvClock *clock, const char *job, const char *recording,
                                        const CvRenderOrder *order, int folder, GError **error);
/* Asks it to end, and kills it where it does not; `ended` follows. */
void cv_render_process_cancel (CvRenderProcess *self);

/* ms */
gint64 cv_render_process_get_duration (CvRenderProcess *self);
/* A stable id, "" where there is none. */
const char *cv_render_process_get_error (CvRenderProcess *self);

G_END_DECLS
