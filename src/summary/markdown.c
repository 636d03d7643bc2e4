/* See markdown.h. */
#include "summary/markdown.h"

#include <string.h>

/* What means something anywhere in a line; "." and ")" behind a number, "-" and "+" at its beginning are more than that. */
#define SPECIAL "\\`*_{}[]<>()#|~&!"

/* `lines`: what begins each line after the first one; NULL: there is one line only. */
static void
append (GString *out, const char *text, const char *lines)
{
  gboolean begins = TRUE;

  for (const char *at = text != NULL ? text : ""; *at != '\0'; at++) {
    if (*at == '\n') {
      g_string_append (out, lines != NULL ? "  \n" : " ");
      g_string_append (out, lines != NULL ? lines : "");
      begins = TRUE;
      continue;
    }
    if (strchr (SPECIAL, *at) != NULL || (begins && strchr ("-+=", *at) != NULL) ||
        (*at == '.' && at > text && g_ascii_isdigit (at[-1])))
      g_string_append_c (out, '\\');
    begins = begins && *at == ' ';
    g_string_append_c (out, *at);
  }
}

static void
append_line (GString *out, const char *before, const char *text, const char *after)
{
  if (text == NULL || *text == '\0')
    return;
  g_string_append (out, before);
  append (out, text, NULL);
  g_string_append (out, after);
}

static void
append_facts (GString *out, const CvPaperBlock *block)
{
  for (guint i = 0; i + 1 < block->cells->len; i += 2) {
    append_line (out, "- **", ((CvPaperCell *) g_ptr_array_index (block->cells, i))->text, ":** ");
    append_line (out, "", ((CvPaperCell *) g_ptr_array_index (block->cells, i + 1))->text, "\n");
  }
}

/* Its text, as a link where it has one. */
static void
append_cell (GString *out, const CvPaperCell *cell)
{
  g_string_append (out, cell->link != NULL ? "[" : "");
  append (out, cell->text, NULL);
  if (cell->link != NULL)
    g_string_append_printf (out, "](<%s>)", cell->link);
}

static void
append_table (GString *out, const CvPaperBlock *block)
{
  guint n = block->columns->len;

  for (guint i = 0; i < n; i++) {
    g_string_append (out, "| ");
    append (out, ((CvPaperColumn *) g_ptr_array_index (block->columns, i))->title, NULL);
    g_string_append_c (out, ' ');
  }
  g_string_append (out, "|\n");
  for (guint i = 0; i < n; i++)
    g_string_append (out, ((CvPaperColumn *) g_ptr_array_index (block->columns, i))->right ? "| ---: " : "| --- ");
  g_string_append (out, "|\n");
  for (guint i = 0; i < block->cells->len; i++) {
    g_string_append (out, "| ");
    append_cell (out, g_ptr_array_index (block->cells, i));
    g_string_append (out, i % n == n - 1 ? " |\n" : " ");
  }
}

static void
append_box (GString *out, const CvPaperBlock *block)
{
  g_string_append (out, "> ");
  append_line (out, "**", block->label, ":** ");
  append (out, block->text, "> ");
  append_line (out, " *(", block->note, ")*");
  g_string_append_c (out, '\n');
}

static void
append_message (GString *out, const CvPaperBlock *block)
{
  append_line (out, "- ", block->label, " ");
  append_line (out, "**", block->name, ":** ");
  append_line (out, "*", block->quote, "* → ");
  append (out, block->text, "  ");
  append_line (out, " *(", block->note, ")*");
  g_string_append_c (out, '\n');
}

static void
append_block (GString *out, const CvPaperBlock *block)
{
  switch (block->type) {
  case CV_PAPER_FACTS:
    append_facts (out, block);
    break;
  case CV_PAPER_SECTION:
    append_line (out, "\n## ", block->text, "\n\n");
    break;
  case CV_PAPER_HEADING:
    append_line (out, "\n### ", block->text, "\n\n");
    break;
  case CV_PAPER_PARAGRAPH:
    append (out, block->text, "");
    g_string_append (out, "\n\n");
    break;
  case CV_PAPER_NOTE:
    append_line (out, "\n*", block->text, "*\n");
    break;
  case CV_PAPER_DECISION:
  case CV_PAPER_ACTION:
    append_box (out, block);
    g_string_append_c (out, '\n');
    break;
  case CV_PAPER_TABLE:
    append_table (out, block);
    break;
  case CV_PAPER_BAR:
    append_line (out, "- ", block->label, "");
    g_string_append_printf (out, ": %" G_GINT64_FORMAT "\n", block->number);
    break;
  case CV_PAPER_MESSAGE:
  default:
    append_message (out, block);
  }
}

char *
cv_markdown_write (const CvPaper *paper)
{
  GString *out = g_string_new (NULL);

  append_line (out, "# ", paper->title, "\n\n");
  append_line (out, "", paper->kind, ", ");
  append_line (out, "", paper->subtitle, "\n\n");
  for (guint i = 0; i < paper->blocks->len; i++)
    append_block (out, g_ptr_array_index (paper->blocks, i));
  append_line (out, "\n---\n\n", paper->footer, "\n");
  for (guint i = 0; i < paper->links->len; i++) {
    g_string_append (out, i > 0 ? " · " : "\n");
    append_cell (out, g_ptr_array_index (paper->links, i));
    g_string_append (out, i == paper->links->len - 1 ? "\n" : "");
  }
  return g_string_free (out, FALSE);
}
