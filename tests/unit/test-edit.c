/* Where tracks lie, spans and gaps, in good logs and bad ones. */
#include "lib/programme.h"

#include <gst/gst.h>

#define A "paaaaaaaaaaaa"
#define B "pbbbbbbbbbbbb"
#define TRACK(t, name) "{\"t\":" #t ",\"type\":\"track\",\"file\":\"" name "\"}\n"

static const CvCut *
find (const CvProgramme *programme, const char *name)
{
  for (guint i = 0; i < programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (programme->cuts, i);
    if (g_str_equal (cut->name, name))
      return cut;
  }
  g_error ("no %s", name);
}

static void
assert_cut (const CvProgramme *programme, const char *name, gint64 from, gint64 to)
{
  const CvCut *cut = find (programme, name);
  g_assert_cmpint (ABS (cut->from - from), <=, 30000);
  g_assert_cmpint (ABS (cut->to - to), <=, 30000);
}

static void
test_pause (void)
{
  static const char *const names[] = { "001-" A "-camera-1.mkv", "002-" A "-camera-1.mkv", NULL };
  g_autoptr (CvProgramme) programme = cv_test_programme (
    "{\"t\":100,\"type\":\"segment\",\"segment\":1}\n" TRACK (
      300, "001-" A "-camera-1.mkv") "{\"t\":1100,\"type\":\"segment-end\",\"segment\":1,\"reason\":\"pause\"}\n"
                                     "{\"t\":9100,\"type\":\"segment\",\"segment\":2}\n" TRACK (
                                       9100, "002-" A "-camera-1.mkv") "{\"t\":12100,\"type\":\"stop\"}\n",
    names);
  g_assert_cmpint (programme->duration, ==, 4000000);
  g_assert_cmpuint (programme->spans->spans->len, ==, 2);
  assert_cut (programme, names[0], 200000, 1000000);
  assert_cut (programme, names[1], 1000000, 3000000);
  g_assert_cmpuint (programme->gaps->len, ==, 0);
}

/* The first segment is lost, the log ends without an end, and one track has no line. */
static void
test_crash (void)
{
  static const char *const names[] = { "001-" A "-camera-1.mkv", "002-" A "-camera-1.mkv", "002-" B "-microphone-1.mkv",
                                       NULL };
  g_autoptr (CvProgramme) programme = cv_test_programme (
    "{\"t\":0,\"type\":\"segment\",\"segment\":1}\n" TRACK (
      0, "001-" A "-camera-1.mkv") "{\"t\":3000,\"type\":\"segment-end\",\"segment\":1,\"reason\":\"lost\"}\n"
                                   "{\"t\":5000,\"type\":\"segment\",\"segment\":2}\n" TRACK (6000,
                                                                                              "002-" A "-camera-1.mkv"),
    names);
  g_assert_cmpint (ABS (programme->duration - 8000000), <=, 30000);
  assert_cut (programme, names[0], 0, 2000000);
  assert_cut (programme, names[1], 6000000, 8000000);
  assert_cut (programme, names[2], 6000000, 8000000);
  g_assert_cmpuint (programme->gaps->len, ==, 1);
  g_assert_cmpint (g_array_index (programme->gaps, CvPeriod, 0).from, ==, 3000000);
  g_assert_cmpint (g_array_index (programme->gaps, CvPeriod, 0).to, ==, 5000000);
}

static void
test_overlap (void)
{
  static const char *const names[] = { "001-" A "-camera-1.mkv", "002-" A "-camera-1.mkv", "001-" A "-microphone-1.mkv",
                                       NULL };
  g_autoptr (CvProgramme) programme = cv_test_programme (
    "{\"t\":0,\"type\":\"segment\",\"segment\":1}\n" TRACK (0, "001-" A "-camera-1.mkv")
      TRACK (0, "001-" A "-microphone-1.mkv") "{\"t\":1000,\"type\":\"segment\",\"segment\":2}\n" TRACK (
        1500, "002-" A "-camera-1.mkv") "{\"t\":4000,\"type\":\"stop\"}\n",
    names);
  assert_cut (programme, names[0], 0, 1500000);
  assert_cut (programme, names[1], 1500000, 3500000);
  assert_cut (programme, names[2], 0, 2000000);
}

static void
test_no_lines (void)
{
  static const char *const names[] = { "001-" A "-camera-1.mkv", NULL }, *const none[] = { NULL };
  g_autoptr (CvProgramme) programme = cv_test_programme ("", names);
  g_autoptr (CvProgramme) empty = cv_test_programme ("{\"t\":0,\"type\":\"segment\",\"segment\":1}", none);
  g_assert_cmpint (ABS (programme->duration - 2000000), <=, 30000);
  assert_cut (programme, names[0], 0, 2000000);
  g_assert_cmpint (empty->duration, ==, 0);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit/pause", test_pause);
  g_test_add_func ("/edit/crash", test_crash);
  g_test_add_func ("/edit/overlap", test_overlap);
  g_test_add_func ("/edit/no-lines", test_no_lines);
  return g_test_run ();
}
