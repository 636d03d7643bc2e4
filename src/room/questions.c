/* See questions.h. */
#include "room/questions.h"

#include <string.h>

struct _CvQuestions {
  GPtrArray *all; /* of CvQuestion, owned; number n stands at n - 1, none is ever taken out */
  gsize bytes;
};

static void
question_free (CvQuestion *self)
{
  g_free (self->from);
  g_free (self->name);
  g_free (self->text);
  g_hash_table_unref (self->voters);
  g_free (self);
}

guint
cv_question_count_votes (const CvQuestion *self)
{
  return g_hash_table_size (self->voters);
}

gboolean
cv_question_has_vote (const CvQuestion *self, const char *person)
{
  return g_hash_table_contains (self->voters, person);
}

CvQuestions *
cv_questions_new (void)
{
  CvQuestions *self = g_new0 (CvQuestions, 1);
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) question_free);
  return self;
}

void
cv_questions_free (CvQuestions *self)
{
  g_ptr_array_unref (self->all);
  g_free (self);
}

static guint
count_open (CvQuestions *self, const char *from)
{
  guint open = 0;
  for (guint i = 0; i < self->all->len; i++) {
    const CvQuestion *question = g_ptr_array_index (self->all, i);
    open += !question->resolved && g_str_equal (question->from, from);
  }
  return open;
}

CvQuestion *
cv_questions_ask (CvQuestions *self, const char *from, const char *name, const char *text, gint64 at)
{
  gsize bytes = self->bytes + strlen (text);
  if (self->all->len >= CV_QUESTIONS_MAX || bytes > CV_QUESTIONS_MAX_BYTES ||
      count_open (self, from) >= CV_QUESTIONS_MAX_OPEN)
    return NULL;
  self->bytes = bytes;
  CvQuestion *question = g_new0 (CvQuestion, 1);
  question->n = self->all->len + 1;
  question->from = g_strdup (from);
  question->name = g_strdup (name);
  question->text = g_strdup (text);
  question->at = at;
  question->voters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_ptr_array_add (self->all, question);
  return question;
}

CvQuestion *
cv_questions_find (CvQuestions *self, guint64 n)
{
  return n >= 1 && n <= self->all->len ? g_ptr_array_index (self->all, n - 1) : NULL;
}

GPtrArray *
cv_questions_get_all (CvQuestions *self)
{
  return self->all;
}

GArray *
cv_questions_list_votes (CvQuestions *self, const char *person)
{
  GArray *votes = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < self->all->len; i++) {
    const CvQuestion *question = g_ptr_array_index (self->all, i);
    if (!question->resolved && cv_question_has_vote (question, person))
      g_array_append_val (votes, question->n);
  }
  return votes;
}

gboolean
cv_question_vote (CvQuestion *self, const char *person, gboolean up)
{
  if (!up)
    return g_hash_table_remove (self->voters, person);
  if (g_hash_table_size (self->voters) >= CV_QUESTION_MAX_VOTES)
    return FALSE;
  return g_hash_table_add (self->voters, g_strdup (person));
}

gboolean
cv_question_resolve (CvQuestion *self)
{
  gboolean changed = !self->resolved;
  self->resolved = TRUE;
  return changed;
}
