/* The request that records a running meeting, or stops that (PROTOCOL.md §3). Owns nothing. Main thread. */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_record (const CvApiRequest *request);

G_END_DECLS
