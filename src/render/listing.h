/* timeline.json: what the recording's page draws. */
#pragma once

#include "render/programme.h"

G_BEGIN_DECLS

/* Returns: (transfer full). */
char *cv_listing_make (const CvProgramme *programme, gsize *n);

G_END_DECLS
