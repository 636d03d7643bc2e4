/* What people in a meeting show when they ask over HTTP: a secret that they get with their seat, and that is good for as long as they
 * have it.
 *
 * CvBadges knows them all, by hash; each is held by whoever uses it and says whose it is until they leave. Main thread.
 */
#pragma once

#include "room/meeting.h"
#include "signalling/secret.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _CvBadges CvBadges;
typedef struct _CvBadge CvBadge;

/* `max_bytes` of one document, `quota` of a meeting's: those who have a badge are told. */
CvBadges *cv_badges_new (gint64 max_bytes, gint64 quota);
void cv_badges_free (CvBadges *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBadges, cv_badges_free)

/* The text of the badge of somebody who is in the meeting, made if there is none yet. Borrowed. */
const char *cv_badges_issue (CvBadges *self, const char *room, CvMeeting *meeting, CvParticipant *participant);
/* The member `documents` of what somebody is told who has a seat: their badge, or null where the server keeps nothing of what people
 * share. `self` may be NULL: no documents at all. */
void cv_badges_add (CvBadges *self, JsonBuilder *builder, const char *room, CvMeeting *meeting,
                    CvParticipant *participant);
/* Borrowed; NULL where it is nobody's, or nobody's any more. */
CvBadge *cv_badges_find (CvBadges *self, const guint8 secret[CV_SECRET_BYTES]);
guint cv_badges_count (CvBadges *self);

CvBadge *cv_badge_ref (CvBadge *self);
void cv_badge_unref (CvBadge *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBadge, cv_badge_unref)

/* Of the room, and of the meeting. */
const char *cv_badge_get_room (CvBadge *self);
const char *cv_badge_get_meeting (CvBadge *self);
/* Borrowed; NULL once they have left. */
CvParticipant *cv_badge_get_participant (CvBadge *self);
/* What they may do; FALSE once they have left. */
gboolean cv_badge_may (CvBadge *self, CvAction action);
gboolean cv_badge_may_share (CvBadge *self, CvModelType type, CvRight right);

G_END_DECLS
