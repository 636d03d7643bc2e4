/* What a recording's event log says of a meeting: its people, what they send, who speaks. Each thing once.
 *
 * Owns what was written last of each person; borrows the journal. Main thread. Knows no files: reel.h writes of those.
 */
#pragma once

#include "library/journal.h"
#include "room/meeting.h"
#include "store/consents.h"
#include "store/rooms.h"

G_BEGIN_DECLS

typedef struct _CvChronicle CvChronicle;
CvChronicle *cv_chronicle_new (CvJournal *journal, CvMeeting *meeting);
void cv_chronicle_free (CvChronicle *self);

/* The first line. `at`: ms since 1970. */
void cv_chronicle_start (CvChronicle *self, const char *recording, const CvRoomRow *room, gint64 at);
/* The last one. */
void cv_chronicle_stop (CvChronicle *self, const char *reason);

/* Everybody on stage sends something or nothing, and somebody may be in the spotlight. */
void cv_chronicle_begin_segment (CvChronicle *self, guint segment);
void cv_chronicle_end_segment (CvChronicle *self, const char *reason);

/* Name, stage or what they send may be new. Who only watches is nobody that a recording speaks of. */
void cv_chronicle_note (CvChronicle *self, const CvParticipant *participant);
void cv_chronicle_leave (CvChronicle *self, const CvParticipant *participant);
void cv_chronicle_consent (CvChronicle *self, const char *person, CvAnswer answer);
/* Loudest first. */
void cv_chronicle_speakers (CvChronicle *self, const char *const *people);
void cv_chronicle_spotlight (CvChronicle *self, const CvParticipant *participant);

G_END_DECLS
