/* Messages to a client about media and who has the floor, as PROTOCOL.md §4.3 says. No I/O, no state; main thread. */
#pragma once

#include "room/switchboard.h"

G_BEGIN_DECLS

/* Each (transfer full). These are numbered. */
GBytes *cv_message_answer (guint64 re, const char *sdp);
GBytes *cv_message_media (gboolean ready);
GBytes *cv_message_stopped (CvSendingPart part, const CvParticipant *by, const char *order);
/* NULL: nobody. */
GBytes *cv_message_spotlight (const CvParticipant *participant, const char *order);

/* Of these only the latest of its kind counts. */
GBytes *cv_message_slots (const CvMediaSlot *slots, guint n);
GBytes *cv_message_speakers (const char *const *people);
GBytes *cv_message_layers (CvMediaSource source, const char *const *rids);
GBytes *cv_message_stats (const CvMediaStats *stats);
GBytes *cv_message_quality (const CvMediaPersonStats *people, guint n);
GBytes *cv_message_viewers (guint n);

G_END_DECLS
