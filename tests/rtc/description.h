/* Our side's session descriptions, as text. */
#pragma once

#include "rtc/peer.h"

G_BEGIN_DECLS

/* Of the peer's lines. Returns: (transfer full). */
char *cv_rtc_description_offer (CvRtcPeer *peer);
/* Takes every section of the remote offer that is audio or video, with its codecs as offered. Returns: (transfer full). */
char *cv_rtc_description_answer (CvRtcPeer *peer);

G_END_DECLS
