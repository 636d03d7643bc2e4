/* Who has left and comes again: stage and votes, once, in time, and in the same meeting only. */
#include "signalling/formers.h"

#include "room/policy.h"

#include <string.h>

#define KEEP_MS 60000

typedef struct {
  CvClock *clock;
  CvMeeting *meeting;
  CvFormers *formers;
  CvParticipant *vic;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (1000000);
  f->meeting = cv_meeting_new (&cv_policy_classroom, f->clock, KEEP_MS);
  f->formers = cv_formers_new (f->clock, KEEP_MS);
  f->vic = cv_participant_new ("Vic", CV_ROLE_VIEWER, &(CvSending){ 0 });
  cv_meeting_add (f->meeting, f->vic);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_formers_free (f->formers);
  g_assert_finalize_object (f->meeting);
  g_assert_finalize_object (f->clock);
}

/* A token that is made of a number. */
static const guint8 *
token (guint n)
{
  static guint8 bytes[CV_SECRET_BYTES];
  memset (bytes, 0, sizeof bytes);
  memcpy (bytes, &n, sizeof n);
  return bytes;
}

static void
add (Fixture *f, guint n)
{
  CvSecretHash hash = cv_secret_get_hash (token (n));
  cv_formers_add (f->formers, &hash, NULL, f->meeting, f->vic);
}

static void
test_stage (Fixture *f, gconstpointer data)
{
  add (f, 1);
  cv_meeting_set_stage (f->meeting, f->vic, TRUE);
  add (f, 2);
  g_assert_null (cv_formers_take (f->formers, token (3), f->meeting));
  g_autoptr (CvFormer) watched = cv_formers_take (f->formers, token (1), f->meeting);
  g_autoptr (CvFormer) staged = cv_formers_take (f->formers, token (2), f->meeting);
  g_assert_true (watched->role == CV_ROLE_VIEWER && watched->came_as == CV_ROLE_VIEWER);
  g_assert_true (staged->role == CV_ROLE_PERSON && staged->came_as == CV_ROLE_VIEWER && staged->votes->len == 0);
  g_assert_null (cv_formers_take (f->formers, token (2), f->meeting));
}

static void
test_votes (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    cv_meeting_ask (f->meeting, f->vic, "Why?");
  CvQuestions *questions = cv_meeting_get_questions (f->meeting);
  for (guint n = 2; n <= 3; n++)
    cv_meeting_vote (f->meeting, f->vic, cv_questions_find (questions, n), TRUE);
  cv_meeting_resolve (f->meeting, cv_questions_find (questions, 3));
  add (f, 1);
  g_autoptr (CvFormer) former = cv_formers_take (f->formers, token (1), f->meeting);
  g_assert_cmpuint (former->votes->len, ==, 1);
  g_assert_cmpuint (g_array_index (former->votes, guint64, 0), ==, 2);
}

static void
test_two_tokens (Fixture *f, gconstpointer data)
{
  CvSecretHash one = cv_secret_get_hash (token (1)), other = cv_secret_get_hash (token (2));
  cv_formers_add (f->formers, &one, &other, f->meeting, f->vic);
  g_autoptr (CvFormer) former = cv_formers_take (f->formers, token (2), f->meeting);
  g_assert_nonnull (former);
  g_assert_null (cv_formers_take (f->formers, token (1), f->meeting));
}

static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  g_autoptr (CvMeeting) other = cv_meeting_new (&cv_policy_classroom, f->clock, KEEP_MS);
  add (f, 1);
  g_assert_false (cv_formers_has (f->formers, token (1), other));
  g_assert_false (cv_formers_has (f->formers, token (2), f->meeting));
  g_assert_true (cv_formers_has (f->formers, token (1), f->meeting));
  g_assert_null (cv_formers_take (f->formers, token (1), other));
  g_autoptr (CvFormer) former = cv_formers_take (f->formers, token (1), f->meeting);
  g_assert_nonnull (former);
}

static void
test_too_late (Fixture *f, gconstpointer data)
{
  add (f, 1);
  cv_clock_advance (f->clock, KEEP_MS / 2);
  add (f, 2);
  cv_clock_advance (f->clock, KEEP_MS / 2);
  g_assert_null (cv_formers_take (f->formers, token (1), f->meeting));
  g_autoptr (CvFormer) former = cv_formers_take (f->formers, token (2), f->meeting);
  g_assert_nonnull (former);
}

static void
test_many (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i <= CV_FORMERS_MAX; i++)
    add (f, i);
  g_assert_null (cv_formers_take (f->formers, token (0), f->meeting));
  g_autoptr (CvFormer) first = cv_formers_take (f->formers, token (1), f->meeting);
  g_autoptr (CvFormer) last = cv_formers_take (f->formers, token (CV_FORMERS_MAX), f->meeting);
  g_assert_true (first != NULL && last != NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/formers/stage", test_stage);
  ADD ("/formers/votes", test_votes);
  ADD ("/formers/two-tokens", test_two_tokens);
  ADD ("/formers/elsewhere", test_elsewhere);
  ADD ("/formers/too-late", test_too_late);
  ADD ("/formers/many", test_many);
  return g_test_run ();
}
