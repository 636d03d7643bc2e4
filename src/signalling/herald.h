/* What webhooks are told of rooms, meetings and their people: docs/operator.md. Never what is said there, and nobody's address; where
 * people's names are sealed from the server, nothing of meetings and people.
 *
 * Owns nothing. Main thread. Knows no HTTP: calls go into the queue of library/hooks.h, which outlives us.
 */
#pragma once

#include "library/hooks.h"
#include "room/registry.h"

G_BEGIN_DECLS

/* Listens to `registry` and every meeting that it starts, for as long as they live. To be called before others listen: who is still
 * there when a meeting ends is said to leave before it is said to be over. */
void cv_herald_listen (CvRegistry *registry, CvHooks *hooks, CvClock *clock);

G_END_DECLS
