/* The questions that a meeting's people ask in writing, and their votes.
 *
 * Owned by the meeting. Main thread. Knows people by their ids only.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_QUESTION_MAX_CHARACTERS 500
/* of a meeting, and the bytes of their texts (they stand in `joined`); unresolved ones of one person; votes for one */
#define CV_QUESTIONS_MAX 200
#define CV_QUESTIONS_MAX_BYTES (128 * 1024)
#define CV_QUESTIONS_MAX_OPEN 10
#define CV_QUESTION_MAX_VOTES 2000

typedef struct {
  guint64 n; /* 1, 2, 3 … in this meeting */
  char *from;
  char *name;
  char *text;
  gint64 at;          /* ms since 1970 */
  GHashTable *voters; /* set of person ids, owned */
  gboolean resolved;
} CvQuestion;

guint cv_question_count_votes (const CvQuestion *self);
gboolean cv_question_has_vote (const CvQuestion *self, const char *person);

typedef struct _CvQuestions CvQuestions;

CvQuestions *cv_questions_new (void);
void cv_questions_free (CvQuestions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvQuestions, cv_questions_free)

/* Borrowed; NULL where there are too many, of all or of this person. */
CvQuestion *cv_questions_ask (CvQuestions *self, const char *from, const char *name, const char *text, gint64 at);
/* Borrowed; NULL where there is none. */
CvQuestion *cv_questions_find (CvQuestions *self, guint64 n);
/* All of them, in order; borrowed. */
GPtrArray *cv_questions_get_all (CvQuestions *self);
/* The numbers of those that are not resolved and have this person's vote, as guint64. Returns: (transfer full). */
GArray *cv_questions_list_votes (CvQuestions *self, const char *person);

/* Each TRUE where that changed anything. */
gboolean cv_question_vote (CvQuestion *self, const char *person, gboolean up);
gboolean cv_question_resolve (CvQuestion *self);

G_END_DECLS
