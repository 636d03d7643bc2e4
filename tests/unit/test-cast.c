/* Who is there, what they send, who is shown large. */
#include "lib/programme.h"

#include <gst/gst.h>

#define A "paaaaaaaaaaaa"
#define B "pbbbbbbbbbbbb"
#define PERSON(t, id, more) "{\"t\":" #t ",\"type\":\"person\",\"person\":\"" id "\",\"name\":\"x\"" more "}\n"
#define SPEAKER(t, who) "{\"t\":" #t ",\"type\":\"speaker\",\"people\":[" who "]}\n"
#define CONSENT(t, id, answer) "{\"t\":" #t ",\"type\":\"consent\",\"person\":\"" id "\",\"answer\":\"" answer "\"}\n"
#define FRAME "{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
#define END "{\"t\":10000,\"type\":\"stop\"}\n"

static CvProgramme *
make (const char *log)
{
  static const char *const none[] = { NULL };
  return cv_test_programme (log, none);
}

static gboolean
is_present (CvProgramme *programme, const char *id, gint64 t)
{
  return cv_periods_contain (cv_programme_find (programme, id, FALSE)->present, t);
}

static void
test_presence (void)
{
  g_autoptr (CvProgramme) programme =
    make (FRAME PERSON (0, A, ",\"stage\":true") PERSON (0, B, ",\"stage\":false") PERSON (
      2000, B, ",\"stage\":true") "{\"t\":4000,\"type\":\"leave\",\"person\":\"" A "\"}\n" PERSON (6000, A, "") END);
  g_assert_true (is_present (programme, A, 1000000));
  g_assert_false (is_present (programme, B, 1000000));
  g_assert_true (is_present (programme, B, 3000000));
  g_assert_false (is_present (programme, A, 5000000));
  g_assert_true (is_present (programme, A, 9999999));
}

/* Where people are asked, those who have not agreed are not shown. */
static void
test_consent (void)
{
  g_autoptr (CvProgramme) programme =
    make (FRAME PERSON (0, A, "") PERSON (0, B, "") CONSENT (1000, A, "agreed") CONSENT (5000, A, "withdrawn") END);
  g_assert_false (is_present (programme, A, 500000));
  g_assert_true (is_present (programme, A, 2000000));
  g_assert_false (is_present (programme, A, 6000000));
  g_assert_cmpuint (cv_programme_find (programme, B, FALSE)->present->len, ==, 0);
}

static void
test_turns (void)
{
  g_autoptr (CvProgramme) programme = make (FRAME PERSON (0, A, "") PERSON (0, B, "") SPEAKER (0, "\"" A "\"") SPEAKER (
    3000, "\"" B "\",\"" A "\"") SPEAKER (3500, "\"" A "\"") SPEAKER (6000, "\"" B "\"") SPEAKER (8000, "") END);
  const CvCharacter *a = cv_programme_find (programme, A, FALSE), *b = cv_programme_find (programme, B, FALSE);
  g_assert_true (cv_turns_find (programme->speakers, 3200000) == b);
  g_assert_true (cv_turns_find (programme->featured, 3200000) == a); /* half a second is no turn */
  g_assert_true (cv_turns_find (programme->featured, 6000000) == b);
  g_assert_true (cv_turns_find (programme->featured, 9000000) == b); /* who spoke last stays */
  g_assert_true (cv_periods_contain (b->speaking, 3200000));
  g_assert_true (cv_periods_contain (a->speaking, 3200000));
  g_assert_false (cv_periods_contain (a->speaking, 7000000));
}

static void
test_spotlight (void)
{
  g_autoptr (CvProgramme) programme =
    make (FRAME PERSON (0, A, "") PERSON (0, B, "")
            SPEAKER (0, "\"" A "\"") "{\"t\":2000,\"type\":\"spotlight\",\"person\":\"" B
                                     "\"}\n{\"t\":4000,\"type\":\"spotlight\",\"person\":null}\n" END);
  const CvCharacter *a = cv_programme_find (programme, A, FALSE), *b = cv_programme_find (programme, B, FALSE);
  g_assert_true (cv_turns_find (programme->featured, 1000000) == a);
  g_assert_true (cv_turns_find (programme->featured, 3000000) == b);
  g_assert_true (cv_turns_find (programme->featured, 5000000) == a);
}

static void
test_sending (void)
{
  g_autoptr (CvProgramme) programme =
    make (FRAME PERSON (0, A, "") "{\"t\":1000,\"type\":\"sending\",\"person\":\"" A
                                  "\",\"microphone\":true,\"camera\":true,\"screen\":false}\n"
                                  "{\"t\":2000,\"type\":\"sending\",\"person\":\"" A
                                  "\",\"microphone\":false,\"camera\":true,\"screen\":false}\n" END);
  const CvCharacter *a = cv_programme_find (programme, A, FALSE);
  g_assert_true (a->spoken_for);
  g_assert_true (cv_periods_contain (a->microphone, 1500000));
  g_assert_false (cv_periods_contain (a->microphone, 2500000));
  g_assert_true (cv_periods_contain (a->camera, 9000000));
  g_assert_cmpuint (a->screen->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cast/presence", test_presence);
  g_test_add_func ("/cast/consent", test_consent);
  g_test_add_func ("/cast/turns", test_turns);
  g_test_add_func ("/cast/spotlight", test_spotlight);
  g_test_add_func ("/cast/sending", test_sending);
  return g_test_run ();
}
