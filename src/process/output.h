/* What a child writes to its stderr, line by line into our log: bounded in length and number.
 *
 * Owns the stream's source. Main thread. Believes a line's level, and nothing else of it.
 */
#pragma once

#include "base/clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CvOutput CvOutput;

/* `stream`: a pipe's. Each line is logged as "NAME: LINE". */
CvOutput *cv_output_new (GInputStream *stream, const char *name, CvClock *clock);
/* Logs what is still in the pipe. */
void cv_output_free (CvOutput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOutput, cv_output_free)

/* The room that lines are about from now on. */
void cv_output_set_room (CvOutput *self, const char *room);

G_END_DECLS
