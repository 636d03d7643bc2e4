/* Questions: numbered, bounded, with a vote for each person. */
#include "room/questions.h"

#define ANN "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"

static CvQuestion *
ask (CvQuestions *questions, const char *from, const char *text)
{
  return cv_questions_ask (questions, from, "Somebody", text, 1700);
}

static void
test_ask (void)
{
  g_autoptr (CvQuestions) questions = cv_questions_new ();
  char text[] = "Why?";
  CvQuestion *first = ask (questions, ANN, text);
  CvQuestion *second = ask (questions, BOB, "When?");
  text[0] = 'X';
  g_assert_cmpuint (first->n, ==, 1);
  g_assert_cmpuint (second->n, ==, 2);
  g_assert_cmpstr (first->from, ==, ANN);
  g_assert_cmpstr (first->name, ==, "Somebody");
  g_assert_cmpstr (first->text, ==, "Why?");
  g_assert_cmpint (first->at, ==, 1700);
  g_assert_cmpuint (cv_question_count_votes (first), ==, 0);
  g_assert_false (first->resolved);
  g_assert_true (cv_questions_find (questions, 2) == second);
  g_assert_null (cv_questions_find (questions, 0));
  g_assert_null (cv_questions_find (questions, 3));
  g_assert_null (cv_questions_find (questions, G_MAXUINT64));
  g_assert_cmpuint (cv_questions_get_all (questions)->len, ==, 2);
}

static void
test_list_votes (void)
{
  g_autoptr (CvQuestions) questions = cv_questions_new ();
  for (guint i = 0; i < 4; i++)
    cv_question_vote (ask (questions, ANN, "Why?"), i == 1 ? ANN : BOB, TRUE);
  cv_question_resolve (cv_questions_find (questions, 3));
  g_autoptr (GArray) votes = cv_questions_list_votes (questions, BOB);
  g_assert_cmpuint (votes->len, ==, 2);
  g_assert_cmpuint (g_array_index (votes, guint64, 0), ==, 1);
  g_assert_cmpuint (g_array_index (votes, guint64, 1), ==, 4);
}

static void
test_vote (void)
{
  g_autoptr (CvQuestions) questions = cv_questions_new ();
  CvQuestion *question = ask (questions, ANN, "Why?");
  g_assert_true (cv_question_vote (question, BOB, TRUE));
  g_assert_false (cv_question_vote (question, BOB, TRUE));
  g_assert_true (cv_question_vote (question, ANN, TRUE));
  g_assert_cmpuint (cv_question_count_votes (question), ==, 2);
  g_assert_true (cv_question_has_vote (question, BOB));
  g_assert_true (cv_question_vote (question, BOB, FALSE));
  g_assert_false (cv_question_vote (question, BOB, FALSE));
  g_assert_false (cv_question_has_vote (question, BOB));
  g_assert_cmpuint (cv_question_count_votes (question), ==, 1);

  for (guint i = 0; i < CV_QUESTION_MAX_VOTES + 5; i++) {
    g_autofree char *id = g_strdup_printf ("p%u", i);
    cv_question_vote (question, id, TRUE);
  }
  g_assert_cmpuint (cv_question_count_votes (question), ==, CV_QUESTION_MAX_VOTES);
  g_assert_true (cv_question_vote (question, ANN, FALSE));
}

static void
test_open_of_one (void)
{
  g_autoptr (CvQuestions) questions = cv_questions_new ();
  for (guint i = 0; i < CV_QUESTIONS_MAX_OPEN; i++)
    g_assert_nonnull (ask (questions, ANN, "Why?"));
  g_assert_null (ask (questions, ANN, "Why?"));
  g_assert_nonnull (ask (questions, BOB, "Why?"));
  g_assert_true (cv_question_resolve (cv_questions_find (questions, 3)));
  g_assert_false (cv_question_resolve (cv_questions_find (questions, 3)));
  g_assert_nonnull (ask (questions, ANN, "Why?"));
  g_assert_null (ask (questions, ANN, "Why?"));
}

static void
test_all (void)
{
  g_autoptr (CvQuestions) questions = cv_questions_new ();
  for (guint i = 0; i < CV_QUESTIONS_MAX; i++)
    cv_question_resolve (ask (questions, ANN, "Why?"));
  g_assert_null (ask (questions, BOB, "Why?"));
  g_assert_cmpuint (cv_questions_get_all (questions)->len, ==, CV_QUESTIONS_MAX);
}

static void
test_bytes (void)
{
  g_autoptr (CvQuestions) questions = cv_questions_new ();
  g_autofree char *text = g_strnfill (CV_QUESTIONS_MAX_BYTES / 2, 'x');
  g_assert_nonnull (ask (questions, ANN, text));
  g_assert_nonnull (ask (questions, ANN, text));
  g_assert_null (ask (questions, ANN, "y"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/questions/list-votes", test_list_votes);
  g_test_add_func ("/questions/ask", test_ask);
  g_test_add_func ("/questions/vote", test_vote);
  g_test_add_func ("/questions/open-of-one", test_open_of_one);
  g_test_add_func ("/questions/all", test_all);
  g_test_add_func ("/questions/bytes", test_bytes);
  return g_test_run ();
}
