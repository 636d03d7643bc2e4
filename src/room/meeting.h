/* A meeting: the people in a room from the first one in to the end, what they said, and who has the floor.
 *
 * Owns its participants, what they share and its questions. Main thread. Knows no socket and no database: who listens to its signals brings
 * the news to people and to the store.
 *
 * Signals, each after the change was made:
 *   participant-joined, participant-changed (CvParticipant *)
 *   participant-left    (CvParticipant *, CvLeaving)   freed after the emission
 *   participant-staged  (CvParticipant *, gboolean on) may publish from now on, or no longer; a role follows
 *   participant-role    (CvParticipant *, CvRole)      the role they had
 *   participant-told    (CvParticipant *)              something that others changed of them, after participant-changed
 *   stopped             (CvParticipant *, CvSendingPart, CvParticipant *by)
 *   spotlight           (CvParticipant * or NULL)
 *   viewers             (guint)                        how many only watch; at most once a second
 *   question            (CvQuestion *)                 new, resolved, or (within a second) with other votes
 *   reactions           (CvReactions *)                of the last moment
 *   floor               ()                             has another lobby or lock
 *   ended               (CvEnding)                     once; all participants are still there
 */
#pragma once

#include "base/clock.h"
#include "room/leaving.h"
#include "room/participant.h"
#include "room/questions.h"
#include "room/reactions.h"
#include "room/sharing.h"

G_BEGIN_DECLS

#define CV_TYPE_MEETING (cv_meeting_get_type ())
G_DECLARE_FINAL_TYPE (CvMeeting, cv_meeting, CV, MEETING, GObject)

/* `empty_ms`: how long it goes on without anybody. */
CvMeeting *cv_meeting_new (const CvPolicy *policy, CvClock *clock, guint empty_ms);
void cv_meeting_set_id (CvMeeting *self, const char *id); /* of before a restart; before anybody is in */
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
void cv_meeting_lower (CvMeeting *self, CvParticipant *participant); /* somebody else has seen it */
/* Somebody who may publish now and may no longer, or the other way round, goes off or on stage, and sends nothing. */
void cv_meeting_set_role (CvMeeting *self, CvParticipant *participant, CvRole role);
/* Brings a viewer on stage or somebody back. FALSE for cohosts and hosts, who belong there. */
gboolean cv_meeting_set_stage (CvMeeting *self, CvParticipant *participant, gboolean on);
/* Turns off what somebody sends; they may turn it on again. */
void cv_meeting_stop (CvMeeting *self, CvParticipant *participant, CvSendingPart part, CvParticipant *by);
/* Turns it on again for who cannot: a stream's microphone or camera. FALSE for everybody else, who must want it. */
gboolean cv_meeting_start (CvMeeting *self, CvParticipant *participant, CvSendingPart part);
/* All microphones of those whom `by` is above. */
void cv_meeting_mute_all (CvMeeting *self, CvParticipant *by);
/* `participant` NULL: nobody. FALSE for who may not publish. */
gboolean cv_meeting_set_spotlight (CvMeeting *self, CvParticipant *participant);
CvParticipant *cv_meeting_get_spotlight (CvMeeting *self);
void cv_meeting_rename (CvMeeting *self, CvParticipant *participant, const char *name);
/* A sign, told to everybody within a moment. FALSE: too many of this one. */
gboolean cv_meeting_react (CvMeeting *self, CvParticipant *participant, CvReaction what);

/* `lobby`: newcomers knock; `locked`: they stay outside. Whoever opens the door asks. */
void cv_meeting_set_floor (CvMeeting *self, gboolean lobby, gboolean locked);
gboolean cv_meeting_has_lobby (CvMeeting *self);
gboolean cv_meeting_is_locked (CvMeeting *self);
CvBans *cv_meeting_get_bans (CvMeeting *self); /* who was removed; borrowed */
/* What comes with the act that is under way, for those who are told of it: a host's signature, unread. NULL: nothing. */
void cv_meeting_set_order (CvMeeting *self, const char *order);
const char *cv_meeting_get_order (CvMeeting *self);
/* Where its summary will be, for somebody of that role; NULL: nowhere. Both: (transfer full). */
void cv_meeting_set_summary (CvMeeting *self, char *for_hosts, char *for_people);
const char *cv_meeting_get_summary (CvMeeting *self, CvRole role);

CvQuestions *cv_meeting_get_questions (CvMeeting *self);
gboolean cv_meeting_ask (CvMeeting *self, CvParticipant *participant, const char *text); /* FALSE: too many */
void cv_meeting_vote (CvMeeting *self, CvParticipant *participant, CvQuestion *question, gboolean up);
void cv_meeting_resolve (CvMeeting *self, CvQuestion *question);
CvSharing *cv_meeting_get_sharing (CvMeeting *self);    /* borrowed */
void cv_meeting_end (CvMeeting *self, CvEnding ending); /* later calls change nothing */

G_END_DECLS
