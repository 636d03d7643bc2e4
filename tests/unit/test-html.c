/* HTML: a staged meeting's page, and names that would like to run. */
#include "summary/html.h"

#include "lib/staged.h"

#include <string.h>

#define HOSTILE "<img src=x onerror=alert(1)>\"' onload='alert(2)&</style><script>alert(3)</script>"

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("lacks “%s”", part);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;
  for (const char *at = text; (at = strstr (at, part)) != NULL; at++)
    n++;
  return n;
}

static void
test_staged (void)
{
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (CvPaper) paper =
    cv_test_staged_paper (summary, "https://meet.example.org", "https://meet.example.org/s#x");
  g_autofree char *html = cv_html_write (paper);
  assert_has (html, "<html lang=\"en\">");
  assert_has (html, "<h1>Product council, November</h1>");
  assert_has (html, "<td>Sofia Marchetti</td>");
  assert_has (html, "href=\"https://meet.example.org/recordings/rabcdefghijkm?t=540\">13:11</a>");
  assert_has (html, "<b style=\"width:75%\">");
  assert_has (html, "<blockquote>Sofia Marchetti: Is the survey public already?</blockquote>");
  /* two actions with the same day in two places, one heading each */
  g_assert_cmpuint (count (html, "<h2>"), ==, 9);
  g_assert_cmpuint (count (html, "<table>"), ==, count (html, "</table>"));
}

/* In each text that there is. */
static void
test_hostile (void)
{
  g_autoptr (CvPaper) paper = cv_paper_new ();
  paper->title = g_strdup (HOSTILE);
  paper->kind = g_strdup (HOSTILE);
  paper->subtitle = g_strdup (HOSTILE);
  paper->footer = g_strdup (HOSTILE);
  paper->language = g_strdup (HOSTILE);
  for (CvPaperType type = CV_PAPER_FACTS; type <= CV_PAPER_MESSAGE; type++) {
    CvPaperBlock *block = cv_paper_add (paper, type, HOSTILE);
    block->label = g_strdup (HOSTILE);
    block->name = g_strdup (HOSTILE);
    block->quote = g_strdup (HOSTILE);
    block->note = g_strdup (HOSTILE);
    cv_paper_add_column (block, HOSTILE, 1, FALSE);
    cv_paper_add_cell (block, HOSTILE, HOSTILE);
  }
  cv_paper_add_link (paper, HOSTILE, HOSTILE);
  g_autofree char *html = cv_html_write (paper);
  g_assert_null (strstr (html, "<img"));
  g_assert_null (strstr (html, "<script"));
  g_assert_null (strstr (html, "onerror=alert(1)>"));
  g_assert_null (strstr (html, "' onload"));
  g_assert_null (strstr (html, "\" onload"));
  g_assert_cmpuint (count (html, "</style>"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/html/staged", test_staged);
  g_test_add_func ("/html/hostile", test_hostile);
  return g_test_run ();
}
