/* Programmes of a text of a log and tracks that all have the same two seconds in them. */
#pragma once

#include "render/edit.h"

G_BEGIN_DECLS

/* `names`: of tracks, ending in NULL. Returns: (transfer full). */
CvProgramme *cv_test_programme (const char *log, const char *const *names);

G_END_DECLS
