/* What the server says about itself to everybody: whether visitors may make rooms, and of which kinds (PROTOCOL.md §3).
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_show_about (const CvApiRequest *request);

G_END_DECLS
