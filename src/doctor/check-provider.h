/* The server that people sign in at as well: what came of asking it, and the judgement. */
#pragma once

#include "doctor/findings.h"

G_BEGIN_DECLS

/* `error`: of asking it what it says of itself; NULL: that is good. */
void cv_provider_judge (const GError *error, const char *issuer, const char *public_url, CvFindings *findings);

G_END_DECLS
