/* See paper.h. */
#include "summary/paper.h"

/* --accent and --accent-soft of css/tokens.css, in the light theme */
#define ACCENT                                                                                                         \
  {                                                                                                                    \
    "#0b6b69"                                                                                                          \
  }
#define ACCENT_SOFT                                                                                                    \
  {                                                                                                                    \
    "#dcefed"                                                                                                          \
  }

static void
cell_free (gpointer data)
{
  CvPaperCell *self = data;

  g_free (self->text);
  g_free (self->link);
  g_free (self);
}

static void
column_free (gpointer data)
{
  CvPaperColumn *self = data;

  g_free (self->title);
  g_free (self);
}

static void
block_free (gpointer data)
{
  CvPaperBlock *self = data;

  g_free (self->label);
  g_free (self->text);
  g_free (self->name);
  g_free (self->quote);
  g_free (self->note);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

CvPaper *
cv_paper_new (void)
{
  CvPaper *self = g_new0 (CvPaper, 1);

  self->accent = (CvColour) ACCENT;
  self->soft = (CvColour) ACCENT_SOFT;
  self->blocks = g_ptr_array_new_with_free_func (block_free);
  self->links = g_ptr_array_new_with_free_func (cell_free);
  return self;
}

void
cv_paper_free (CvPaper *self)
{
  g_free (self->title);
  g_free (self->kind);
  g_free (self->subtitle);
  g_free (self->footer);
  g_free (self->page);
  g_free (self->language);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

CvPaperBlock *
cv_paper_add (CvPaper *self, CvPaperType type, const char *text)
{
  CvPaperBlock *block = g_new0 (CvPaperBlock, 1);

  block->type = type;
  block->text = g_strdup (text);
  block->columns = g_ptr_array_new_with_free_func (column_free);
  block->cells = g_ptr_array_new_with_free_func (cell_free);
  g_ptr_array_add (self->blocks, block);
  return block;
}

void
cv_paper_add_column (CvPaperBlock *self, const char *title, guint weight, gboolean right)
{
  CvPaperColumn *column = g_new0 (CvPaperColumn, 1);

  *column = (CvPaperColumn){ .title = g_strdup (title), .weight = weight, .right = right };
  g_ptr_array_add (self->columns, column);
}

static void
add_cell (GPtrArray *cells, const char *text, const char *link)
{
  CvPaperCell *cell = g_new (CvPaperCell, 1);

  *cell = (CvPaperCell){ g_strdup (text), g_strdup (link) };
  g_ptr_array_add (cells, cell);
}

void
cv_paper_add_cell (CvPaperBlock *self, const char *text, const char *link)
{
  add_cell (self->cells, text, link);
}

void
cv_paper_add_link (CvPaper *self, const char *text, const char *link)
{
  add_cell (self->links, text, link);
}
