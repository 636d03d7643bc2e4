/* The requests about the telephone gateway and its calls (PROTOCOL.md §3): for administrators. Owns nothing. Main thread. */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_show_sip (const CvApiRequest *request);
void cv_api_list_calls (const CvApiRequest *request);
void cv_api_hang_up (const CvApiRequest *request);

G_END_DECLS
