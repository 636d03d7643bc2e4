/* PDF: the pages of a staged meeting, as pdftotext reads them; what is long, and what is hostile. CONCLAVE_KEEP names a directory where
 * the file is left for people to look at. */
#define _GNU_SOURCE
#include "summary/pdf.h"

#include "lib/staged.h"
#include "summary/html.h"
#include "summary/markdown.h"

#include <string.h>

/* What pdftotext makes of it. Returns: (transfer full). */
static char *
read_text (GBytes *pdf)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                                     &error, "pdftotext", "-layout", "-", "-", NULL);
  g_autoptr (GBytes) out = NULL;
  g_assert_no_error (error);
  g_subprocess_communicate (reader, pdf, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (reader));
  return g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("lacks “%s”: %s", part, text);
}

static void
keep (const char *name, const char *data, gsize length)
{
  if (g_getenv ("CONCLAVE_KEEP") == NULL)
    return;
  g_autofree char *path = g_build_filename (g_getenv ("CONCLAVE_KEEP"), name, NULL);
  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
}

static void
test_staged (void)
{
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (CvPaper) paper =
    cv_test_staged_paper (summary, "https://meet.example.org", "https://meet.example.org/summary/mabcdefghijkm#x");
  g_autoptr (GBytes) pdf = cv_pdf_write (paper);
  g_assert_nonnull (pdf);
  g_autofree char *html = cv_html_write (paper);
  g_autofree char *markdown = cv_markdown_write (paper);
  keep ("summary.pdf", g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf));
  keep ("summary.html", html, strlen (html));
  keep ("summary.md", markdown, strlen (markdown));
  g_autofree char *text = read_text (pdf);
  assert_has (text, "Product council, November");
  assert_has (text, "Thursday, 26 November 2026");
  assert_has (text, "1 h 2 min");
  assert_has (text, "Page 1 of ");
  assert_has (text, "Release 5 ships on 10 December without the calendar import.");
  assert_has (text, "Mei-Ling Chen");
  const char *raw = g_bytes_get_data (pdf, NULL);
  gsize size = g_bytes_get_size (pdf);
  g_assert_nonnull (memmem (raw, size, "/Outlines", 9));
  g_assert_nonnull (memmem (raw, size, "https://meet.example.org/recordings/rabcdefghijkm?t=540", 55));
}

/* What people write is text wherever it stands, also in a bookmark and in the file's title. */
static void
test_hostile (void)
{
  static const char HOSTILE[] = ") /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> (\\\n</b><span "
                                "font='99'>&amp;\xe2\x80\xae' uri='javascript:1'";
  g_autoptr (GError) error = NULL;
  g_autoptr (CvPaper) paper = cv_paper_new ();
  paper->title = g_strdup (HOSTILE);
  paper->kind = g_strdup (HOSTILE);
  paper->subtitle = g_strdup (HOSTILE);
  paper->footer = g_strdup (HOSTILE);
  paper->page = g_strdup ("{n}");
  for (CvPaperType type = CV_PAPER_FACTS; type <= CV_PAPER_MESSAGE; type++) {
    CvPaperBlock *block = cv_paper_add (paper, type, HOSTILE);
    block->label = g_strdup (HOSTILE);
    block->name = g_strdup (HOSTILE);
    block->quote = g_strdup (HOSTILE);
    block->note = g_strdup (HOSTILE);
    cv_paper_add_column (block, HOSTILE, 1, FALSE);
    cv_paper_add_cell (block, HOSTILE, "a' dest='b"); /* no link at all */
  }
  cv_paper_add_link (paper, HOSTILE, "a' dest='b");
  g_autoptr (GBytes) pdf = cv_pdf_write (paper);
  g_assert_nonnull (pdf);
  keep ("hostile.pdf", g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf));
  g_autofree char *text = read_text (pdf);
  assert_has (text, "app.alert");
  assert_has (text, "</b><span font='99'>&amp;"); /* nobody takes it for markup */
  g_autoptr (GSubprocess) reader =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "pdfinfo", "-", NULL);
  g_autoptr (GBytes) out = NULL;
  g_subprocess_communicate (reader, pdf, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *about = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
  g_assert_true (g_regex_match_simple ("^JavaScript: +no$", about, G_REGEX_MULTILINE, 0));
  g_assert_null (memmem (g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), "/URI", 4));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pdf/staged", test_staged);
  g_test_add_func ("/pdf/hostile", test_hostile);
  return g_test_run ();
}
