/* Markdown: a staged meeting's, and texts that would like to format. */
#include "summary/markdown.h"

#include "lib/staged.h"

#include <string.h>

static char *
write_one (CvPaperType type, const char *text)
{
  g_autoptr (CvPaper) paper = cv_paper_new ();
  cv_paper_add (paper, type, text);
  return cv_markdown_write (paper);
}

static void
test_staged (void)
{
  static const char *const parts[] = {
    "# Product council, November\n",
    "- **Duration:** 1 h 2 min\n",
    "> **Decision:** Recordings are kept for 180 days",
    "| Draw up the rota for the first quarter and ask everybody for their holidays. | Priya Raman | 18 December 2026 "
    "|\n",
    "1\\. ship on 10 December without the import,  \n2\\. ship",
    "- 10 December, without the import: 6\n",
  };
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (CvPaper) paper = cv_test_staged_paper (summary, "", NULL);
  g_autofree char *text = cv_markdown_write (paper);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (text, parts[i]) == NULL)
      g_error ("lacks “%s”: %s", parts[i], text);
}

static void
test_hostile (void)
{
  static const struct {
    const char *text, *expected;
  } texts[] = {
    { "<b>a</b>", "\\<b\\>a\\</b\\>\n\n" },
    { "[a](javascript:b)", "\\[a\\]\\(javascript:b\\)\n\n" },
    { "![a](b) `c` *d* _e_ ~f~", "\\!\\[a\\]\\(b\\) \\`c\\` \\*d\\* \\_e\\_ \\~f\\~\n\n" },
    { "a\n# b\n- c\n=== d\n  + e\n1. f", "a  \n\\# b  \n\\- c  \n\\=== d  \n  \\+ e  \n1\\. f\n\n" },
    { "a|b&amp;\\", "a\\|b\\&amp;\\\\\n\n" },
    { "1.5 times - and - more", "1\\.5 times - and - more\n\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = write_one (CV_PAPER_PARAGRAPH, texts[i].text);
    if (!g_str_has_prefix (text, texts[i].expected))
      g_error ("“%s” became “%s”", texts[i].text, text);
  }
  /* a heading is one line */
  g_autofree char *heading = write_one (CV_PAPER_HEADING, "a\nb");
  g_assert_nonnull (strstr (heading, "### a b\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/staged", test_staged);
  g_test_add_func ("/markdown/hostile", test_hostile);
  return g_test_run ();
}
