/* What those who have left get back when they come again with the token of their seat: their role and their votes.
 * A page that is reloaded leaves before it joins.
 *
 * Owned by the sessions. Main thread. Knows tokens by their hashes only.
 */
#pragma once

#include "room/meeting.h"
#include "signalling/secret.h"

G_BEGIN_DECLS

/* The oldest makes room. */
#define CV_FORMERS_MAX 1000

typedef struct {
  CvRole came_as;   /* by what they had brought along */
  CvRole role;      /* what others had made of them */
  GArray *votes;    /* of guint64: the questions they gave a vote */
  GPtrArray *seats; /* of char *: ids of their seats in this meeting, the first one first */
} CvFormer;

void cv_former_free (CvFormer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvFormer, cv_former_free)

typedef struct _CvFormers CvFormers;

/* `keep_ms`: how long they may take. */
CvFormers *cv_formers_new (CvClock *clock, guint keep_ms);
void cv_formers_free (CvFormers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvFormers, cv_formers_free)

/* Before a participant leaves. Two tokens of one seat may be good; `other` NULL: there is one. */
void cv_formers_add (CvFormers *self, const CvSecretHash *token, const CvSecretHash *other, CvMeeting *meeting,
                     const CvParticipant *participant);
gboolean cv_formers_has (CvFormers *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting);
/* Once. NULL where nobody left this meeting with that token, or too long ago. Returns: (transfer full). */
CvFormer *cv_formers_take (CvFormers *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting);

G_END_DECLS
