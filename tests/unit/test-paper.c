/* A document before it is written out: it keeps copies of what it is given. */
#include "summary/paper.h"

static void
test_blocks (void)
{
  g_autoptr (CvPaper) paper = cv_paper_new ();
  char text[] = "Agenda";
  CvPaperBlock *section = cv_paper_add (paper, CV_PAPER_SECTION, text);
  CvPaperBlock *bar = cv_paper_add (paper, CV_PAPER_BAR, NULL);
  text[0] = 'x';
  g_assert_cmpuint (paper->blocks->len, ==, 2);
  g_assert_true (g_ptr_array_index (paper->blocks, 0) == section && g_ptr_array_index (paper->blocks, 1) == bar);
  g_assert_cmpint (section->type, ==, CV_PAPER_SECTION);
  g_assert_cmpstr (section->text, ==, "Agenda");
  g_assert_null (bar->text);
  g_assert_cmpuint (bar->cells->len, ==, 0);
}

static void
test_table (void)
{
  g_autoptr (CvPaper) paper = cv_paper_new ();
  CvPaperBlock *table = cv_paper_add (paper, CV_PAPER_TABLE, NULL);
  char link[] = "https://a";
  cv_paper_add_column (table, "Name", 3, FALSE);
  cv_paper_add_column (table, "Size", 0, TRUE);
  cv_paper_add_cell (table, "a.pdf", link);
  cv_paper_add_cell (table, NULL, NULL);
  link[0] = 'x';
  const CvPaperColumn *size = g_ptr_array_index (table->columns, 1);
  const CvPaperCell *name = g_ptr_array_index (table->cells, 0);
  const CvPaperCell *nothing = g_ptr_array_index (table->cells, 1);
  g_assert_cmpstr (size->title, ==, "Size");
  g_assert_true (size->weight == 0 && size->right && !size->code);
  g_assert_cmpstr (name->text, ==, "a.pdf");
  g_assert_cmpstr (name->link, ==, "https://a");
  g_assert_true (nothing->text == NULL && nothing->link == NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paper/blocks", test_blocks);
  g_test_add_func ("/paper/table", test_table);
  return g_test_run ();
}
