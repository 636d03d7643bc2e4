/* Brings a meeting's news to the sessions of its people. Main thread. Owns nothing. */
#pragma once

#include "room/registry.h"

G_BEGIN_DECLS

/* Listens to every meeting that `registry` starts, for as long as it lives. */
void cv_audience_listen (CvRegistry *registry);

G_END_DECLS
