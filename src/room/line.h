/* A caller who is in a meeting: what they press becomes what others say by messages, and what happens to them is spoken.
 *
 * Owns the seat: takes it, and gives it up. Main thread. Knows no number and no PIN.
 */
#pragma once

#include "room/bridges.h"

G_BEGIN_DECLS

typedef struct _CvLine CvLine;

/* `participant` is in the running meeting of `room` already; `call` and `number` name them on the telephone's side. */
CvLine *cv_line_new (CvTelephony *telephony, CvBridges *bridges, CvRoom *room, CvParticipant *participant,
                     const char *call, guint32 number);
/* Gives the seat up. */
void cv_line_end (CvLine *self, CvLeaving leaving);

CvParticipant *cv_line_get_participant (CvLine *self);
CvMeeting *cv_line_get_meeting (CvLine *self);
void cv_line_press (CvLine *self, CvSipKey key);

G_END_DECLS
