/* manifest.json: what there is, how long, and its SHA-256. */
#pragma once

#include "render/desk.h"

G_BEGIN_DECLS

/* The log, every track, and what this job has made so far. */
gboolean cv_manifest_make (CvDesk *desk, GError **error);

G_END_DECLS
