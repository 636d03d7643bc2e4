/* Time zones by their names (IANA), from the system's data. Main thread. */
#pragma once

#include "schedule/wall.h"

G_BEGIN_DECLS

#define CV_ZONE_MAX_BYTES 64

/* "Europe/Zurich", "UTC". Returns: (transfer full), NULL where there is none of that name. */
GTimeZone *cv_zone_find (const char *name);
/* The file with its data. Returns: (transfer full). */
char *cv_zone_get_path (const char *name);

/* When the clock shows that: ms since 1970. Of two such moments the first one; where clocks are put forward past it, as if they had
 * not been yet, as calendars have it (RFC 5545 §3.3.5). */
gint64 cv_zone_to_utc (GTimeZone *zone, const CvWall *wall);
/* What the clock shows at that moment. */
CvWall cv_zone_from_utc (GTimeZone *zone, gint64 ms);

G_END_DECLS
