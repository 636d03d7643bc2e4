/* What the server says about itself to everybody: whether visitors may make rooms, and of which kinds, whether it can be called, and what can
 * be asked of it at all (PROTOCOL.md §3), and what its pages are to look like.
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_show_about (const CvApiRequest *request);
/* OpenAPI 3.1; tests/lint/openapi.py holds it against the routes. */
void cv_api_describe (const CvApiRequest *request);
void cv_api_show_branding (const CvApiRequest *request);
void cv_api_send_logo (const CvApiRequest *request);

G_END_DECLS
