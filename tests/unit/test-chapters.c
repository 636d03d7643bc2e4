/* Agenda, presentations, long turns; WebVTT. */
#include "render/chapters.h"

#include "lib/programme.h"

#include <gst/gst.h>
#include <string.h>

#define A "paaaaaaaaaaaa"
#define B "pbbbbbbbbbbbb"
#define SCREEN "001-" A "-screen-1.mkv"

static CvProgramme *
make_called (const char *title, const char *more)
{
  static const char *const names[] = { SCREEN, NULL };
  g_autofree char *log = g_strconcat ("{\"t\":0,\"type\":\"start\",\"title\":\"", title,
                                      "\"}\n{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
                                      "{\"t\":0,\"type\":\"person\",\"person\":\"" A "\",\"name\":\"Ann <b>\"}\n"
                                      "{\"t\":0,\"type\":\"person\",\"person\":\"" B "\",\"name\":\"Ben\"}\n"
                                      "{\"t\":30000,\"type\":\"track\",\"file\":\"" SCREEN "\"}\n",
                                      more, "{\"t\":200000,\"type\":\"stop\"}\n", NULL);
  CvProgramme *programme = cv_test_programme (log, names);
  cv_chapters_complete (programme);
  return programme;
}

static CvProgramme *
make (const char *more)
{
  return make_called ("Weekly", more);
}

static void
assert_chapter (const CvProgramme *programme, guint i, gint64 ms, const char *title)
{
  g_assert_cmpuint (i, <, programme->chapters->len);
  const CvChapter *chapter = &g_array_index (programme->chapters, CvChapter, i);
  g_assert_cmpstr (chapter->title, ==, title);
  g_assert_cmpint (chapter->t, ==, ms * 1000);
}

static void
test_all (void)
{
  g_autoptr (CvProgramme) programme =
    make ("{\"t\":60000,\"type\":\"chapter\",\"title\":\"Budget\"}\n"
          "{\"t\":65000,\"type\":\"speaker\",\"people\":[\"" B "\"]}\n" /* near the agenda's */
          "{\"t\":120000,\"type\":\"speaker\",\"people\":[\"" A "\"]}\n");
  assert_chapter (programme, 0, 0, "Weekly");
  assert_chapter (programme, 1, 30000, "Vorführung: Ann <b>");
  assert_chapter (programme, 2, 60000, "Budget");
  assert_chapter (programme, 3, 120000, "Ann <b>");
  g_assert_cmpuint (programme->chapters->len, ==, 4);
  g_autoptr (GString) vtt = cv_chapters_to_vtt (programme);
  g_assert_true (g_str_has_prefix (vtt->str, "WEBVTT\n\n1\n00:00:00.000 --> 00:00:30.000\nWeekly\n"));
  g_assert_nonnull (strstr (vtt->str, "00:02:00.000 --> 00:03:20.000\nAnn &lt;b&gt;\n"));
}

static void
test_shares (void)
{
  g_autoptr (CvProgramme) programme = make (
    "{\"t\":30500,\"type\":\"sending\",\"person\":\"" A "\",\"microphone\":true,\"camera\":true,\"screen\":true}\n"
    "{\"t\":31000,\"type\":\"sending\",\"person\":\"" A "\",\"microphone\":true,\"camera\":true,\"screen\":false}\n");
  g_autoptr (GArray) shares = cv_chapters_find_shares (programme);
  g_assert_cmpuint (shares->len, ==, 1);
  g_assert_cmpint (g_array_index (shares, CvShare, 0).from, ==, 30500000);
  g_assert_cmpint (g_array_index (shares, CvShare, 0).to, ==, 31000000);
}

/* In a meeting that is called nothing. */
static void
test_untitled (void)
{
  g_autoptr (CvProgramme) programme = make_called ("", "");
  assert_chapter (programme, 0, 0, "Anfang");
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chapters/all", test_all);
  g_test_add_func ("/chapters/shares", test_shares);
  g_test_add_func ("/chapters/untitled", test_untitled);
  return g_test_run ();
}
