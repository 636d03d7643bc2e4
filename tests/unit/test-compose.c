/* What comes first, and where links lead. */
#include "summary/compose.h"

#include "lib/staged.h"

/* The sections' titles, in their order. Returns: (transfer full). */
static char *
list_sections (const CvPaper *paper)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < paper->blocks->len; i++) {
    const CvPaperBlock *block = g_ptr_array_index (paper->blocks, i);
    if (block->type == CV_PAPER_SECTION)
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", block->text);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static guint
count_links (const CvPaper *paper)
{
  guint n = 0;
  for (guint i = 0; i < paper->blocks->len; i++) {
    const CvPaperBlock *block = g_ptr_array_index (paper->blocks, i);
    for (guint k = 0; k < block->cells->len; k++)
      n += ((CvPaperCell *) g_ptr_array_index (block->cells, k))->link != NULL;
  }
  return n;
}

static void
test_order (void)
{
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (CvPaper) paper = cv_test_staged_paper (summary, "https://a.example", "https://a.example/summary/m#s");
  g_autofree char *sections = list_sections (paper);
  g_assert_cmpstr (sections, ==, "Decisions, Actions, Agenda, Minutes, Polls, Documents, Recordings, Attendance, Chat");
  g_assert_cmpstr (paper->footer, ==, "Issue 1 of Thursday, 26 November 2026");
  /* five items (four while it was recorded, and the last one), three documents, one recording */
  g_assert_cmpuint (count_links (paper), ==, 5 + 3 + 1);
}

/* Nobody knows by what name people come. */
static void
test_without_server (void)
{
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (CvPaper) paper = cv_test_staged_paper (summary, "", NULL);
  g_assert_cmpuint (count_links (paper), ==, 0);
}

static void
test_empty (void)
{
  g_autoptr (CvSummary) summary = cv_summary_new ();
  summary->title = g_strdup ("");
  summary->started = CV_TEST_STAGED_START;
  summary->ended = CV_TEST_STAGED_START + 60000;
  g_autoptr (CvPaper) paper = cv_test_staged_paper (summary, "https://a.example", NULL);
  g_autofree char *sections = list_sections (paper);
  g_assert_cmpstr (sections, ==, "");
  g_assert_cmpstr (paper->title, ==, "Meeting summary");
  g_assert_cmpint (((CvPaperBlock *) g_ptr_array_index (paper->blocks, paper->blocks->len - 1))->type, ==,
                   CV_PAPER_NOTE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compose/order", test_order);
  g_test_add_func ("/compose/without-server", test_without_server);
  g_test_add_func ("/compose/empty", test_empty);
  return g_test_run ();
}
