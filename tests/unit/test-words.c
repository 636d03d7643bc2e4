/* Words in each language, dates, and what is filled in. */
#include "summary/words.h"

#include "cv-build.h"

#include <glib/gstdio.h>

#define AT G_GINT64_CONSTANT (1795698060000) /* 2026-11-26 13:01 UTC */

static CvWords *
load (const char *language, const char *zone)
{
  g_autoptr (GTimeZone) place = g_time_zone_new_identifier (zone);
  return cv_words_new (CV_BUILD_DIR "/po", language, place);
}

static void
test_languages (void)
{
  static const struct {
    const char *language, *date, *day, *span, *agenda;
  } expected[] = {
    { "en", "Thursday, 26 November 2026", "4 December 2026", "1 h 2 min", "Agenda" },
    { "de", "Donnerstag, 26. November 2026", "4. Dezember 2026", "1 Std. 2 Min.", "Tagesordnung" },
    { "fr", "jeudi 26 novembre 2026", "4 décembre 2026", "1 h 2", "Ordre du jour" },
    { "nl", "donderdag 26 november 2026", "4 december 2026", "1 u 2 min", "Agenda" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr (CvWords) words = load (expected[i].language, "UTC");
    g_autofree char *date = cv_words_date (words, AT), *day = cv_words_day (words, "2026-12-04");
    g_autofree char *span = cv_words_span (words, 62 * 60000 + 12000);
    g_assert_cmpstr (cv_words_get_language (words), ==, expected[i].language);
    g_assert_cmpstr (date, ==, expected[i].date);
    g_assert_cmpstr (day, ==, expected[i].day);
    g_assert_cmpstr (span, ==, expected[i].span);
    g_assert_cmpstr (cv_words_get (words, CV_WORD_AGENDA), ==, expected[i].agenda);
    for (CvWord word = 0; word < CV_N_WORDS; word++)
      g_assert_cmpstr (cv_words_get (words, word), !=, "");
  }
}

static void
test_unknown (void)
{
  g_autoptr (CvWords) words = load ("xx", "UTC");
  g_assert_cmpstr (cv_words_get_language (words), ==, "en");
  g_assert_cmpstr (cv_words_get (words, CV_WORD_CHAT), ==, "Chat");
}

static void
test_times (void)
{
  g_autoptr (CvWords) words = load ("en", "Europe/Berlin");
  g_autofree char *time = cv_words_time (words, AT), *zone = cv_words_time_and_zone (words, AT);
  g_autofree char *short_ = cv_words_span (words, 1), *none = cv_words_span (words, 0);
  g_autofree char *no_day = cv_words_day (words, "soon"), *bad_day = cv_words_day (words, "2026-13-45");
  g_autofree char *never = cv_words_date (words, G_MAXINT64);
  g_assert_cmpstr (time, ==, "14:01");
  g_assert_cmpstr (zone, ==, "14:01 CET");
  g_assert_cmpstr (short_, ==, "1 min");
  g_assert_cmpstr (none, ==, "0 min");
  g_assert_cmpstr (no_day, ==, "soon");
  g_assert_cmpstr (bad_day, ==, "2026-13-45");
  g_assert_cmpstr (never, ==, "");
}

/* What is put in is a text, whatever it looks like. */
static void
test_fill (void)
{
  g_autoptr (CvWords) words = load ("en", "UTC");
  g_autofree char *text = cv_words_fill (words, CV_WORD_PAGE, "n", "{all}", "all", "7", NULL);
  g_autofree char *less = cv_words_fill (words, CV_WORD_PAGE, "n", "1", NULL);
  g_assert_cmpstr (text, ==, "Page {all} of 7");
  g_assert_cmpstr (less, ==, "Page 1 of {all}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/languages", test_languages);
  g_test_add_func ("/words/unknown", test_unknown);
  g_test_add_func ("/words/times", test_times);
  g_test_add_func ("/words/fill", test_fill);
  return g_test_run ();
}
