/* What somebody hostile would send. The driver says what, and looks what came of it. */
#pragma once

#include "rtc/peer.h"

G_BEGIN_DECLS

/* `kind`: one of the names in attack.c. `elsewhere`: from another port, as by somebody who is not on the path.
 * FALSE: there is no such kind. */
gboolean cv_rtc_attack (CvRtcPeer *peer, const char *kind, guint count, gboolean elsewhere);

G_END_DECLS
