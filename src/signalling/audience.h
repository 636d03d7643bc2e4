/* Brings the news of a meeting, and of its media, to the sessions of its people. Main thread. Owns nothing. */
#pragma once

#include "room/registry.h"

G_BEGIN_DECLS

/* Listens to every meeting that `registry` starts, for as long as it lives. */
void cv_audience_listen (CvRegistry *registry);

/* Shows a newcomer what was told before they came and is not in `joined`. */
void cv_audience_greet (CvRoom *room, CvParticipant *participant);

G_END_DECLS
