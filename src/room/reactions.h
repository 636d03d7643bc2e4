/* The signs that people of a meeting gave within a moment, to be told together.
 *
 * Owned by the meeting. Main thread. Knows no time: the meeting says when a moment is over.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_REACTION_UP,
  CV_REACTION_CLAP,
  CV_REACTION_HEART,
  CV_REACTION_LAUGH,
  CV_REACTION_SURPRISE,
  CV_REACTION_PARTY,
  CV_N_REACTIONS,
} CvReaction;

/* "up", "clap", "heart", "laugh", "surprise", "party", NULL. */
extern const char *const cv_reaction_names[];

/* of one person */
#define CV_REACTIONS_A_SECOND 3
/* as many are named; the others are only counted */
#define CV_REACTIONS_MAX_NAMED 8

typedef struct {
  char *person; /* id */
  CvReaction what;
  gboolean staged; /* everybody is told of this person */
} CvReacted;

typedef struct {
  guint counts[CV_N_REACTIONS];
  GArray *named; /* of CvReacted, in order: the first of those on stage, and the first of the others */
} CvReactions;

CvReactions *cv_reactions_new (void);
void cv_reactions_free (CvReactions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvReactions, cv_reactions_free)

void cv_reactions_add (CvReactions *self, const char *person, gboolean staged, CvReaction what);

G_END_DECLS
