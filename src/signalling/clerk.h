/* Keeps meetings and their documents in step: people see what is ready among what they share, what somebody takes out of it is
 * deleted, and what was not whole when a meeting ends is nobody's any more.
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "documents/cabinet.h"
#include "room/registry.h"

G_BEGIN_DECLS

#define CV_TYPE_CLERK (cv_clerk_get_type ())
G_DECLARE_FINAL_TYPE (CvClerk, cv_clerk, CV, CLERK, GObject)

/* Both outlive it. */
CvClerk *cv_clerk_new (CvRegistry *registry, CvCabinet *cabinet);

G_END_DECLS
