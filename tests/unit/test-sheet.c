/* Pages of a PDF: where a page ends, what is at its foot, and where it stops. */
#include "summary/sheet.h"

#include <gio/gio.h>
#include <string.h>

static const CvLettering plain = { .size = 10 };

/* What pdftotext makes of it, a form feed behind each page. Returns: (transfer full). */
static char *
read_text (GBytes *pdf)
{
  g_autoptr (GSubprocess) reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                                     NULL, "pdftotext", "-layout", "-", "-", NULL);
  g_autoptr (GBytes) out = NULL;
  g_assert_true (g_subprocess_communicate (reader, pdf, NULL, &out, NULL, NULL));
  return g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
}

static void
write_text (CvSheet *sheet, const char *text)
{
  g_autoptr (PangoLayout) layout = cv_sheet_lay_out (sheet, text, &plain, CV_SHEET_RIGHT - CV_SHEET_LEFT);
  cv_sheet_flow (sheet, layout, CV_SHEET_LEFT, CV_INK_TEXT, CV_INK_TEXT, CV_INK_TEXT);
}

static void
test_space (void)
{
  g_autoptr (CvSheet) sheet = cv_sheet_new ("Tea", "", "{n}", 0);
  cv_sheet_space (sheet, 30);
  g_assert_cmpfloat (cv_sheet_get_y (sheet), ==, CV_SHEET_TOP); /* no page begins with it */
  cv_sheet_advance (sheet, 10);
  cv_sheet_space (sheet, 30);
  g_assert_cmpfloat (cv_sheet_get_y (sheet), ==, CV_SHEET_TOP + 40);
  g_assert_false (cv_sheet_need (sheet, CV_SHEET_BOTTOM - CV_SHEET_TOP - 40));
  g_assert_true (cv_sheet_need (sheet, CV_SHEET_BOTTOM - CV_SHEET_TOP - 39));
  g_assert_cmpfloat (cv_sheet_get_y (sheet), ==, CV_SHEET_TOP);
  g_assert_false (cv_sheet_need (sheet, 10000)); /* fits nowhere: it begins where a page does */
}

/* The first run counts, the second one writes. */
static void
test_pages (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint pages[2] = { 0, 0 };
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "line %u%s", i, i < 99 ? "\n" : "");
  for (guint run = 0; run < 2; run++) {
    g_autoptr (CvSheet) sheet = cv_sheet_new ("Tea", "Issue 1", "Page {n} of {all}", pages[0]);
    write_text (sheet, text->str);
    g_autoptr (GBytes) pdf = cv_sheet_finish (sheet, &pages[run]);
    if (run == 0) {
      g_assert_cmpuint (g_bytes_get_size (pdf), ==, 0);
      continue;
    }
    g_autofree char *seen = read_text (pdf);
    g_auto (GStrv) parts = g_strsplit (seen, "\f", -1);
    g_assert_cmpuint (g_strv_length (parts), ==, pages[1] + 1);
    g_assert_nonnull (strstr (parts[0], "Tea · Issue 1"));
    g_autofree char *first = g_strdup_printf ("Page 1 of %u\n", pages[0]);
    g_autofree char *last = g_strdup_printf ("Page %u of %u\n", pages[0], pages[0]);
    g_assert_true (strstr (parts[0], "line 0\n") != NULL && strstr (parts[0], first) != NULL);
    g_assert_true (strstr (parts[pages[0] - 1], "line 99\n") != NULL && strstr (parts[pages[0] - 1], last) != NULL);
  }
  g_assert_cmpuint (pages[0], >, 1);
  g_assert_cmpuint (pages[1], ==, pages[0]);
}

/* Writes `n` lines where `room` of them would fit. Returns how many are on the next page. */
static guint
count_over (guint n, guint room)
{
  g_autoptr (CvSheet) sheet = cv_sheet_new ("Tea", "", "{n}", 0);
  g_autoptr (GString) text = g_string_new ("a");
  write_text (sheet, "a");
  double line = cv_sheet_get_y (sheet) - CV_SHEET_TOP;
  cv_sheet_advance (sheet, CV_SHEET_BOTTOM - cv_sheet_get_y (sheet) - (room + 0.5) * line);
  for (guint i = 1; i < n; i++)
    g_string_append (text, "\na");
  double before = cv_sheet_get_y (sheet);
  write_text (sheet, text->str);
  double after = cv_sheet_get_y (sheet);
  return after > before ? 0 : (guint) ((after - CV_SHEET_TOP) / line + 0.5);
}

static void
test_lines_alone (void)
{
  g_assert_cmpuint (count_over (5, 5), ==, 0);
  g_assert_cmpuint (count_over (5, 4), ==, 2); /* not one */
  g_assert_cmpuint (count_over (5, 2), ==, 3);
  g_assert_cmpuint (count_over (5, 1), ==, 5); /* nor does one stay */
  g_assert_cmpuint (count_over (4, 3), ==, 2);
  g_assert_cmpuint (count_over (3, 2), ==, 3);
  g_assert_cmpuint (count_over (1, 1), ==, 0);
}

/* A file does not grow without an end. */
static void
test_full (void)
{
  g_autoptr (CvSheet) sheet = cv_sheet_new ("Tea", "", "{n}", 0);
  guint pages = 0;
  for (guint i = 1; i < CV_SHEET_MAX_PAGES; i++) {
    g_assert_false (cv_sheet_is_full (sheet));
    cv_sheet_advance (sheet, 1000);
    g_assert_true (cv_sheet_need (sheet, 1));
  }
  g_assert_true (cv_sheet_is_full (sheet));
  cv_sheet_advance (sheet, 1000);
  g_assert_false (cv_sheet_need (sheet, 1));
  g_autoptr (GBytes) pdf = cv_sheet_finish (sheet, &pages);
  g_assert_nonnull (pdf);
  g_assert_cmpuint (pages, ==, CV_SHEET_MAX_PAGES);
}

static void
test_layout (void)
{
  g_autoptr (CvSheet) sheet = cv_sheet_new ("Tea", "", "{n}", 0);
  g_autoptr (PangoLayout) wide = cv_sheet_lay_out (sheet, "one two three four five six", &plain, 400);
  g_autoptr (PangoLayout) narrow = cv_sheet_lay_out (sheet, "one two three four five six", &plain, 40);
  g_assert_cmpfloat (cv_sheet_get_height (narrow), >, 2 * cv_sheet_get_height (wide));
  g_assert_cmpfloat (cv_sheet_get_natural_width (wide), <, 400);
  g_assert_cmpfloat (cv_sheet_get_natural_width (wide), >, 80);
  g_assert_cmpint (cv_sheet_mark (sheet, 0, "Agenda"), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sheet/space", test_space);
  g_test_add_func ("/sheet/pages", test_pages);
  g_test_add_func ("/sheet/lines-alone", test_lines_alone);
  g_test_add_func ("/sheet/full", test_full);
  g_test_add_func ("/sheet/layout", test_layout);
  return g_test_run ();
}
