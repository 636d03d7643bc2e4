/* Keeps meetings and their documents in step: what was not whole when a meeting ends is nobody's any more.
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "documents/cabinet.h"
#include "room/registry.h"

G_BEGIN_DECLS

/* For as long as both live. */
void cv_clerk_listen (CvRegistry *registry, CvCabinet *cabinet);

G_END_DECLS
