/* Who chose what in the polls of one meeting.
 *
 * Owned by what is shared in it. Main thread. Nobody is told of anything but sums, and names where a poll is not anonymous.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_BALLOTS_MAX_CHOICES 10
/* Of one poll: as many as may be in a meeting, and some more who came and went. */
#define CV_BALLOTS_MAX_VOTERS 1000

typedef struct _CvBallots CvBallots;
CvBallots *cv_ballots_new (void);
void cv_ballots_free (CvBallots *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBallots, cv_ballots_free)

/* In place of what this voter chose before; no choices: nothing. `choices`: a bit for each. FALSE: too many voters. */
gboolean cv_ballots_vote (CvBallots *self, const char *poll, const char *voter, const char *name, guint choices);
/* What this voter chose. */
guint cv_ballots_get (CvBallots *self, const char *poll, const char *voter);
/* Sums of the first `n` choices; returns how many voted. */
guint cv_ballots_count (CvBallots *self, const char *poll, guint *counts, guint n);
/* Names of who voted, sorted; borrowed elements. Returns: (transfer full). */
GPtrArray *cv_ballots_list_names (CvBallots *self, const char *poll);
/* Ids of polls that somebody voted in; borrowed elements. Returns: (transfer full). */
GPtrArray *cv_ballots_list (CvBallots *self);

G_END_DECLS
