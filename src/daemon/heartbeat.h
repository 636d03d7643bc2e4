/* What systemd is told: that the server is ready, that it lives, and that it stops.
 *
 * Where the unit has a watchdog, a sign of life is sent only after the main loop and the database have both answered: a server that hangs in
 * either is started anew. Without systemd all of this is nothing. Main thread.
 */
#pragma once

#include "base/clock.h"
#include "store/store.h"

G_BEGIN_DECLS

typedef struct _CvHeartbeat CvHeartbeat;

/* Says at once that the server is ready; `url` is shown by `systemctl status`. Returns: (transfer full). */
CvHeartbeat *cv_heartbeat_new (CvStore *store, CvClock *clock, const char *url);
/* Says that the server stops. */
void cv_heartbeat_free (CvHeartbeat *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvHeartbeat, cv_heartbeat_free)

/* Between both the unit is `reloading`. */
void cv_heartbeat_begin_reload (CvHeartbeat *self);
void cv_heartbeat_end_reload (CvHeartbeat *self);

G_END_DECLS
