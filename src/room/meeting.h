/* A meeting: the people in a room from the first one in to the end, what they said, and who has the floor.
 *
 * Owns its participants, its chat and its questions. Main thread. Knows no socket and no database: who listens to its signals brings
 * the news to people and to the store.
 *
 * Signals, each after the change was made:
 *   participant-joined  (CvParticipant *)
 *   participant-changed (CvParticipant *)
 *   participant-left    (CvParticipant *, CvLeaving)   freed after the emission
 *   participant-staged  (CvParticipant *, gboolean on) may publish from now on, or no longer
 *   stopped             (CvParticipant *, CvSendingPart, CvParticipant *by)
 *   spotlight           (CvParticipant * or NULL)
 *   viewers             (guint)                        how many only watch; at most once a second
 *   chat                (CvChatMessage *)
 *   question            (CvQuestion *)                 new, resolved, or (within a second) with other votes
 *   ended               (CvEnding)                     once; all participants are still there
 */
#pragma once

#include "base/clock.h"
#include "room/chat.h"
#include "room/participant.h"
#include "room/questions.h"

G_BEGIN_DECLS

/* STAGE: off the stage, for those who do not see viewers. */
typedef enum { CV_LEAVING_LEFT, CV_LEAVING_LOST, CV_LEAVING_REPLACED, CV_LEAVING_STAGE } CvLeaving;
typedef enum { CV_ENDING_HOST, CV_ENDING_ADMIN, CV_ENDING_EMPTY } CvEnding;

/* "left", "lost", "replaced", "stage" and "host", "admin", "empty". */
const char *cv_leaving_to_text (CvLeaving leaving);
const char *cv_ending_to_text (CvEnding ending);

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
/* Frees `participant`, whose votes for questions that are open go too; the meeting ends a while after the last one left. */
void cv_meeting_remove (CvMeeting *self, CvParticipant *participant, CvLeaving leaving);
/* Borrowed; NULL where there is none. */
CvParticipant *cv_meeting_find (CvMeeting *self, const char *id);
/* Everyone, borrowed, in the order they came. */
GPtrArray *cv_meeting_get_participants (CvMeeting *self);
guint cv_meeting_get_size (CvMeeting *self);

void cv_meeting_set_sending (CvMeeting *self, CvParticipant *participant, const CvSending *sending);
void cv_meeting_set_away (CvMeeting *self, CvParticipant *participant, gboolean away);

/* What a recording means to somebody: see participant.h. */
void cv_meeting_set_recorded (CvMeeting *self, CvParticipant *participant, gboolean unrecorded, gboolean listens);

gboolean cv_meeting_may (CvMeeting *self, const CvParticipant *participant, CvAction action);
/* Who is told of whom: everybody of those on stage. */
gboolean cv_meeting_sees (CvMeeting *self, const CvParticipant *watcher, const CvParticipant *other);
guint cv_meeting_count_viewers (CvMeeting *self);

void cv_meeting_set_hand (CvMeeting *self, CvParticipant *participant, gboolean up);
/* Brings a viewer on stage, sending nothing, or somebody back. FALSE for hosts, who belong there. */
gboolean cv_meeting_set_stage (CvMeeting *self, CvParticipant *participant, gboolean on);
/* Turns off what somebody sends; they may turn it on again. */
void cv_meeting_stop (CvMeeting *self, CvParticipant *participant, CvSendingPart part, CvParticipant *by);
/* Turns it on again for who cannot: a stream's microphone or camera. FALSE for everybody else, who must want it. */
gboolean cv_meeting_start (CvMeeting *self, CvParticipant *participant, CvSendingPart part);
/* All microphones but that of `by`. */
void cv_meeting_mute_all (CvMeeting *self, CvParticipant *by);
/* `participant` NULL: nobody. FALSE for who may not publish. */
gboolean cv_meeting_set_spotlight (CvMeeting *self, CvParticipant *participant);
CvParticipant *cv_meeting_get_spotlight (CvMeeting *self);

CvQuestions *cv_meeting_get_questions (CvMeeting *self);
/* FALSE where there are too many. */
gboolean cv_meeting_ask (CvMeeting *self, CvParticipant *participant, const char *text);
void cv_meeting_vote (CvMeeting *self, CvParticipant *participant, CvQuestion *question, gboolean up);
void cv_meeting_resolve (CvMeeting *self, CvQuestion *question);

void cv_meeting_say (CvMeeting *self, CvParticipant *participant, const char *text);
/* What is kept, oldest first; borrowed. */
GQueue *cv_meeting_get_chat (CvMeeting *self);

/* Over. Later calls change nothing. */
void cv_meeting_end (CvMeeting *self, CvEnding ending);

G_END_DECLS
