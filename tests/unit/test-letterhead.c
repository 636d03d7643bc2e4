/* Whose server a summary comes from, in each form of it, and what comes of a colour that cannot be read on paper. CONCLAVE_KEEP names a directory
 * where the files are left for people to look at. */
#define _GNU_SOURCE
#include "summary/letterhead.h"

#include "lib/staged.h"
#include "summary/html.h"
#include "summary/markdown.h"
#include "summary/pdf.h"

#include <string.h>

#define NAME "Zoë’s <b>meetings</b> & more"

static const CvLetterheadOptions all = {
  .name = NAME, .accent = "#7A1FA2", .imprint = "https://a.example/imprint?a=1&b=2", .terms = "mailto:legal@a.example"
};

static CvPaper *
compose (const CvLetterheadOptions *options)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (CvWords) words = cv_words_new ("/nowhere", "en", utc);
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (CvLetterhead) letterhead = options != NULL ? cv_letterhead_new (options) : NULL;
  const CvComposition composition = { .words = words, .letterhead = letterhead, .server = "", .issue = 1 };
  return cv_compose (summary, &composition);
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
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("lacks “%s”: %s", part, text);
}

static void
test_html (void)
{
  g_autoptr (CvPaper) paper = compose (&all);
  g_autofree char *html = cv_html_write (paper);
  keep ("branded.html", html, strlen (html));
  assert_has (html, "<p class=\"kind\">Zoë’s &lt;b&gt;meetings&lt;/b&gt; &amp; more · Meeting summary</p>");
  assert_has (html, "header{border-bottom:2px solid #7a1fa2;");
  assert_has (html, "href=\"https://a.example/imprint?a=1&amp;b=2\">Imprint</a>");
  assert_has (html, "href=\"mailto:legal@a.example\">Terms of use</a></p></footer>");
  g_assert_null (strstr (html, "Privacy policy"));
  g_assert_null (strstr (html, "#0b6b69"));
}

static void
test_markdown (void)
{
  g_autoptr (CvPaper) paper = compose (&all);
  g_autofree char *text = cv_markdown_write (paper);
  assert_has (text, "\nZoë’s \\<b\\>meetings\\</b\\> \\& more · Meeting summary, ");
  g_assert_true (g_str_has_suffix (text, "\n\n[Imprint](<https://a.example/imprint?a=1&b=2>) · "
                                         "[Terms of use](<mailto:legal@a.example>)\n"));
}

static void
test_pdf (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvPaper) paper = compose (&all);
  g_autoptr (GBytes) pdf = cv_pdf_write (paper), out = NULL;
  keep ("branded.pdf", g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf));
  g_autoptr (GSubprocess) reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                                     &error, "pdftotext", "-layout", "-", "-", NULL);
  g_assert_true (g_subprocess_communicate (reader, pdf, NULL, &out, NULL, &error));
  g_autofree char *text = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
  assert_has (text, NAME " · Meeting summary");
  assert_has (text, "Imprint: https://a.example/imprint?a=1&b=2");
  assert_has (text, "Terms of use: legal@a.example");
  g_assert_nonnull (memmem (g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), "(mailto:legal@a.example)", 24));
}

static void
test_sign (void)
{
  const CvLetterheadOptions nothing = { .name = "", .accent = "", .imprint = "", .privacy = "", .terms = "" };
  g_autoptr (CvWords) words = cv_words_new ("/nowhere", "en", NULL);
  g_autoptr (CvLetterhead) letterhead = cv_letterhead_new (&all), empty = cv_letterhead_new (&nothing);
  g_autofree char *foot = cv_letterhead_sign (letterhead, words);
  g_autofree char *none = cv_letterhead_sign (empty, words);
  g_autofree char *without = cv_letterhead_sign (NULL, words);
  g_assert_cmpstr (foot, ==,
                   "\n-- \n" NAME "\nImprint: https://a.example/imprint?a=1&b=2\n"
                   "Terms of use: mailto:legal@a.example\n");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (without, ==, "");
}

/* As the pages are in their light theme. */
static void
test_nothing (void)
{
  const CvLetterheadOptions nothing = { .name = "", .accent = "", .imprint = "", .privacy = "", .terms = "" };
  g_autoptr (CvPaper) without = compose (NULL), empty = compose (&nothing);
  g_autofree char *tokens = NULL;
  g_assert_true (g_file_get_contents (CV_TESTS_DIR "/../data/web/css/tokens.css", &tokens, NULL, NULL));
  g_autofree char *accent = g_strdup_printf ("\n  --accent: light-dark(%s, ", without->accent.text);
  g_autofree char *soft = g_strdup_printf ("\n  --accent-soft: light-dark(%s, ", without->soft.text);
  assert_has (tokens, accent);
  assert_has (tokens, soft);
  g_assert_cmpstr (empty->accent.text, ==, without->accent.text);
  g_assert_cmpstr (empty->kind, ==, "Meeting summary");
  g_assert_cmpuint (empty->links->len, ==, 0);
  g_autofree char *html = cv_html_write (empty);
  assert_has (html, "</p></footer>");
}

/* Yellow on white would be read by nobody. */
static void
test_too_bright (void)
{
  const CvLetterheadOptions yellow = { .accent = "#ffee00" };
  CvColour white;
  g_autoptr (CvPaper) paper = compose (&yellow);
  cv_colour_parse (&white, "#ffffff");
  g_assert_cmpfloat (cv_colour_contrast (&paper->accent, &white), >=, CV_PALETTE_LEAST_CONTRAST);
  g_assert_cmpfloat (cv_colour_contrast (&paper->accent, &paper->soft), >=, CV_PALETTE_LEAST_CONTRAST);
  g_assert_cmpstr (paper->accent.text, !=, "#0b6b69");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/letterhead/html", test_html);
  g_test_add_func ("/letterhead/markdown", test_markdown);
  g_test_add_func ("/letterhead/pdf", test_pdf);
  g_test_add_func ("/letterhead/sign", test_sign);
  g_test_add_func ("/letterhead/nothing", test_nothing);
  g_test_add_func ("/letterhead/too-bright", test_too_bright);
  return g_test_run ();
}
