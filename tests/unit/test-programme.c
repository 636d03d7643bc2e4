/* Cutting to a range and to some of the people. */
#include "lib/programme.h"

#include <gst/gst.h>

#define A "paaaaaaaaaaaa"
#define B "pbbbbbbbbbbbb"
#define TRACK(t, name) "{\"t\":" #t ",\"type\":\"track\",\"file\":\"" name "\"}\n"
#define PERSON(id) "{\"t\":0,\"type\":\"person\",\"person\":\"" id "\",\"name\":\"x\"}\n"

#define SPEAKER(t, id) "{\"t\":" #t ",\"type\":\"speaker\",\"people\":[\"" id "\"]}\n"
#define CHAPTER(t, title) "{\"t\":" #t ",\"type\":\"chapter\",\"title\":\"" title "\"}\n"
#define SEGMENT "{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
#define STOP "{\"t\":5000,\"type\":\"stop\"}\n"
#define CAMERA_A "001-" A "-camera-1.mkv"
#define MICROPHONE_A "001-" A "-microphone-1.mkv"
#define CAMERA_B "001-" B "-camera-1.mkv"

static CvProgramme *
make (void)
{
  static const char *const names[] = { CAMERA_A, MICROPHONE_A, CAMERA_B, NULL };
  static const char log[] =
    SEGMENT PERSON (A) PERSON (B) TRACK (0, CAMERA_A) TRACK (3000, MICROPHONE_A) TRACK (1000, CAMERA_B) SPEAKER (0, A)
      CHAPTER (500, "one") CHAPTER (2000, "two") SPEAKER (2500, B) CHAPTER (4500, "three") STOP;
  return cv_test_programme (log, names);
}

static void
test_range (void)
{
  g_autoptr (CvProgramme) programme = make ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_assert_true (cv_programme_crop (programme, 1500000, 4000000, none));
  g_assert_cmpint (programme->duration, ==, 2500000);
  const CvCharacter *a = cv_programme_find (programme, A, FALSE), *b = cv_programme_find (programme, B, FALSE);
  g_assert_nonnull (cv_programme_find_cut (programme, a, CV_TRACK_CAMERA, 0));
  g_assert_null (cv_programme_find_cut (programme, a, CV_TRACK_CAMERA, 600000));
  const CvCut *sound = cv_programme_find_cut (programme, a, CV_TRACK_MICROPHONE, 2000000);
  g_assert_cmpint (sound->from, ==, 1500000);
  g_assert_cmpint (sound->to, ==, 2500000);
  g_assert_cmpint (cv_cut_find_pts (sound, 2000000), ==, 500000);
  g_assert_true (cv_turns_find (programme->speakers, 500000) == a);
  g_assert_true (cv_turns_find (programme->speakers, 1000000) == b);
  g_assert_cmpuint (programme->chapters->len, ==, 2);
  g_assert_cmpstr (g_array_index (programme->chapters, CvChapter, 0).title, ==, "one");
  g_assert_cmpint (g_array_index (programme->chapters, CvChapter, 0).t, ==, 0);
  g_assert_cmpint (g_array_index (programme->chapters, CvChapter, 1).t, ==, 500000);
}

static void
test_without (void)
{
  g_autoptr (CvProgramme) programme = make ();
  g_autoptr (GPtrArray) without = g_ptr_array_new ();
  g_ptr_array_add (without, (gpointer) A);
  g_assert_true (cv_programme_crop (programme, 0, -1, without));
  g_assert_null (cv_programme_find (programme, A, FALSE));
  g_assert_cmpuint (programme->people->len, ==, 1);
  g_assert_cmpuint (programme->cuts->len, ==, 1);
  g_assert_null (cv_turns_find (programme->speakers, 1000000));
}

static void
test_nothing (void)
{
  g_autoptr (CvProgramme) programme = make ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_assert_false (cv_programme_crop (programme, 5000000, -1, none));
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/programme/range", test_range);
  g_test_add_func ("/programme/without", test_without);
  g_test_add_func ("/programme/nothing", test_nothing);
  return g_test_run ();
}
