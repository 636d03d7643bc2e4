/* Whom a media process may speak of. */
#include "process/people.h"

static void
test_join_and_leave (void)
{
  CvPeople *people = cv_people_new ();

  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_STRANGER);
  cv_people_join (people, "a");
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_HERE);
  cv_people_note_answer (people, "a", TRUE);
  cv_people_leave (people, "a");
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_GONE);
  cv_people_leave (people, "a");
  cv_people_leave (people, "b");
  g_assert_cmpint (cv_people_know (people, "b"), ==, CV_ACQUAINTANCE_STRANGER);
  cv_people_join (people, "a");
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_HERE);
  cv_people_free (people);
}

static void
test_refused (void)
{
  CvPeople *people = cv_people_new ();

  cv_people_join (people, "a");
  cv_people_note_answer (people, "a", FALSE);
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_GONE);
  /* a second offer that is bad leaves the first one's connection */
  cv_people_join (people, "a");
  cv_people_note_answer (people, "a", TRUE);
  cv_people_join (people, "a");
  cv_people_note_answer (people, "a", FALSE);
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_HERE);
  cv_people_note_answer (people, "b", FALSE);
  g_assert_cmpint (cv_people_know (people, "b"), ==, CV_ACQUAINTANCE_STRANGER);
  cv_people_free (people);
}

/* Two offers at once, the first of which is bad: the answer to it says nothing about the second. */
static void
test_refused_and_taken (void)
{
  CvPeople *people = cv_people_new ();

  cv_people_join (people, "a");
  cv_people_join (people, "a");
  cv_people_note_answer (people, "a", FALSE);
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_HERE);
  cv_people_note_answer (people, "a", TRUE);
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_HERE);
  cv_people_leave (people, "a");
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_GONE);
  /* the same where somebody left in between */
  cv_people_join (people, "b");
  cv_people_leave (people, "b");
  cv_people_join (people, "b");
  cv_people_note_answer (people, "b", FALSE);
  cv_people_note_answer (people, "b", TRUE);
  g_assert_cmpint (cv_people_know (people, "b"), ==, CV_ACQUAINTANCE_HERE);
  cv_people_free (people);
}

static void
test_forget (void)
{
  CvPeople *people = cv_people_new ();
  char text[] = "b";
  CvMediaTile tile = { text, CV_MEDIA_SCREEN, 640 };
  GArray *view;

  g_assert_null (cv_people_get_view (people, "a"));
  g_assert_true (cv_people_set_view (people, "a", &tile, 1));
  text[0] = 'x';
  cv_people_join (people, "a");
  cv_people_join (people, "c");
  cv_people_leave (people, "c");
  cv_people_forget (people);
  g_assert_cmpint (cv_people_know (people, "a"), ==, CV_ACQUAINTANCE_STRANGER);
  g_assert_cmpint (cv_people_know (people, "c"), ==, CV_ACQUAINTANCE_STRANGER);
  view = cv_people_get_view (people, "a");
  g_assert_cmpuint (view->len, ==, 1);
  g_assert_cmpstr (g_array_index (view, CvMediaTile, 0).person, ==, "b");
  g_assert_cmpuint (g_array_index (view, CvMediaTile, 0).width, ==, 640);
  cv_people_set_view (people, "a", NULL, 0);
  g_assert_cmpuint (cv_people_get_view (people, "a")->len, ==, 0);
  cv_people_leave (people, "a");
  g_assert_null (cv_people_get_view (people, "a"));
  cv_people_free (people);
}

/* Comings and goings without end cost no more and no more. */
static void
test_bounds (void)
{
  CvPeople *people = cv_people_new ();
  char id[16];
  guint n = 0;

  for (guint i = 0; i <= CV_PEOPLE_MAX_GONE; i++) {
    g_snprintf (id, sizeof id, "p%u", i);
    cv_people_join (people, id);
    cv_people_leave (people, id);
  }
  g_assert_cmpint (cv_people_know (people, "p0"), ==, CV_ACQUAINTANCE_STRANGER);
  g_assert_cmpint (cv_people_know (people, "p1"), ==, CV_ACQUAINTANCE_GONE);
  g_assert_cmpint (cv_people_know (people, id), ==, CV_ACQUAINTANCE_GONE);
  for (n = 0; n < 10000; n++) {
    g_snprintf (id, sizeof id, "q%u", n);
    if (!cv_people_set_view (people, id, NULL, 0))
      break;
  }
  g_assert_cmpuint (n, <, 10000);
  cv_people_free (people);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/people/join-and-leave", test_join_and_leave);
  g_test_add_func ("/people/refused", test_refused);
  g_test_add_func ("/people/refused-and-taken", test_refused_and_taken);
  g_test_add_func ("/people/forget", test_forget);
  g_test_add_func ("/people/bounds", test_bounds);
  return g_test_run ();
}
