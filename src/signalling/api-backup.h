/* Backups over the REST interface (PROTOCOL.md §3). Main thread. */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_back_up (const CvApiRequest *request);

G_END_DECLS
