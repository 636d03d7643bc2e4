/* Writes down what a meeting leaves behind: what people share, and who was there. At most twice a second, and all that is left when the meeting
 * ends, before its end is written; so the summary finds all of it, and after a crash all but the last moment.
 *
 * Lives as long as its meeting. Main thread.
 */
#pragma once

#include "room/meeting.h"
#include "store/store.h"

G_BEGIN_DECLS

/* From now on, where rooms of the meeting's kind leave something behind. `room`: its id, for the log. */
void cv_ledger_keep (CvMeeting *meeting, CvStore *store, CvClock *clock, const char *room);

/* What was not written yet is now: nobody waits for the meeting's end. Nothing happens where nothing is kept. */
void cv_ledger_flush (CvMeeting *meeting);

G_END_DECLS
