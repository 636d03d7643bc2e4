/* A meeting: the people in a room from the first one in to the end, and what they said.
 *
 * Owns its participants and its chat. Main thread. Knows no socket and no database: who listens to its signals brings
 * the news to people and to the store.
 *
 * Signals, each after the change was made:
 *   participant-joined  (CvParticipant *)
 *   participant-changed (CvParticipant *)
 *   participant-left    (CvParticipant *, CvLeaving)   freed after the emission
 *   chat                (CvChatMessage *)
 *   ended               (CvEnding)                     once; all participants are still there
 */
#pragma once

#include "base/clock.h"
#include "room/participant.h"

G_BEGIN_DECLS

typedef enum { CV_LEAVING_LEFT, CV_LEAVING_LOST, CV_LEAVING_REPLACED } CvLeaving;
typedef enum { CV_ENDING_HOST, CV_ENDING_ADMIN, CV_ENDING_EMPTY } CvEnding;

/* "left", "lost", "replaced" and "host", "admin", "empty". */
const char *cv_leaving_to_text (CvLeaving leaving);
const char *cv_ending_to_text (CvEnding ending);

#define CV_CHAT_MAX_CHARACTERS 4000
/* Earlier messages that a late joiner gets; older ones are dropped. */
#define CV_CHAT_MAX_KEPT 500
/* The same in bytes of text: `joined` must stay within what a client reads at once. */
#define CV_CHAT_MAX_KEPT_BYTES (256 * 1024)

typedef struct {
  guint64 n; /* 1, 2, 3 … in this meeting */
  char *from;
  char *name;
  char *text;
  gint64 at; /* ms since 1970 */
} CvChatMessage;

#define CV_TYPE_MEETING (cv_meeting_get_type ())
G_DECLARE_FINAL_TYPE (CvMeeting, cv_meeting, CV, MEETING, GObject)

/* `empty_ms`: how long it goes on without anybody. */
CvMeeting *cv_meeting_new (const CvPolicy *policy, CvClock *clock, guint empty_ms);

const char *cv_meeting_get_id (CvMeeting *self);
gint64 cv_meeting_get_started (CvMeeting *self);
gboolean cv_meeting_has_ended (CvMeeting *self);
const CvPolicy *cv_meeting_get_policy (CvMeeting *self);

/* Takes `participant` (transfer full) in, which must fit. */
void cv_meeting_add (CvMeeting *self, CvParticipant *participant);
/* Frees `participant`; the meeting ends a while after the last one left. */
void cv_meeting_remove (CvMeeting *self, CvParticipant *participant, CvLeaving leaving);
/* Borrowed; NULL where there is none. */
CvParticipant *cv_meeting_find (CvMeeting *self, const char *id);
/* Everyone, borrowed, in the order they came. */
GPtrArray *cv_meeting_get_participants (CvMeeting *self);
guint cv_meeting_get_size (CvMeeting *self);

void cv_meeting_set_sending (CvMeeting *self, CvParticipant *participant, const CvSending *sending);
void cv_meeting_set_away (CvMeeting *self, CvParticipant *participant, gboolean away);

void cv_meeting_say (CvMeeting *self, CvParticipant *participant, const char *text);
/* What is kept, oldest first; borrowed. */
GQueue *cv_meeting_get_chat (CvMeeting *self);

/* Over. Later calls change nothing. */
void cv_meeting_end (CvMeeting *self, CvEnding ending);

G_END_DECLS
