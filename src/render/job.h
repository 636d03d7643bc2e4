/* The job of this process: everything that the order asks for, one stage after the other, on a thread of its own.
 *
 * Works in the current folder, the recording's. Tells a reporter how it goes; the last thing it tells is that it is done or
 * has failed. Owns the order and the thread.
 */
#pragma once

#include "render/kit.h"
#include "render/reporter.h"

G_BEGIN_DECLS

typedef struct _CvJob CvJob;

/* Starts at once; takes the order. Returns: (transfer full). */
CvJob *cv_job_new (CvOrder *order, const CvKit *kit, CvReporter *reporter);
/* Gives it up where it is, waits until the thread has ended. */
void cv_job_free (CvJob *self);

G_END_DECLS
