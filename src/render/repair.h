/* The tracks that are there: finds them, mends those of a crash in place, tells of each. */
#pragma once

#include "render/edit.h"
#include "render/desk.h"

G_BEGIN_DECLS

/* more tracks than any recording has */
#define CV_REPAIR_MAX_TRACKS 20000

/* All files of tracks/ that are tracks with something in them, sorted by name: CvEditFile. With `mend` those without a
 * duration and an index get them. Returns: (transfer full), NULL with an error. */
GPtrArray *cv_repair_open (CvDesk *desk, gboolean mend, GError **error);
/* Tells of each track of the programme, which is not cut yet. */
gboolean cv_repair_deliver (CvDesk *desk, GError **error);

G_END_DECLS
