/* timeline.otio: the tracks where they belong, for editors (OpenTimelineIO). */
#pragma once

#include "render/programme.h"

G_BEGIN_DECLS

/* One track for each media file, with a gap before and after what counts of it. Files are named as they stand in an archive
 * beside it: tracks/NAME. Returns: (transfer full). */
char *cv_otio_make (const CvProgramme *programme, gsize *n);

G_END_DECLS
