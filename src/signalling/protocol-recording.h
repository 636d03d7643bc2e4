/* What somebody is told of the recording of a meeting, as PROTOCOL.md §4.3 says. No I/O, no state; main thread. */
#pragma once

#include "base/json.h"
#include "room/capture.h"

G_BEGIN_DECLS

/* Numbered. Returns: (transfer full). */
GBytes *cv_message_recording (CvCapture *capture, const CvParticipant *participant);
/* Its members, for other messages. */
void cv_message_add_recording (JsonBuilder *builder, CvCapture *capture, const CvParticipant *participant);

G_END_DECLS
