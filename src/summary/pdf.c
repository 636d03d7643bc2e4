/* See pdf.h. */
#include "summary/pdf.h"

#include "summary/sheet.h"

#include <cairo-pdf.h>
#include <string.h>

#define WIDTH (CV_SHEET_RIGHT - CV_SHEET_LEFT)
/* between columns, and above and below what is in a row */
#define GAP 12.0
#define PAD 4.5
/* of a column that is as narrow as its cells */
#define MAX_NARROW 110.0
/* lines of a cell; what is longer stands elsewhere in full */
#define MAX_CELL_LINES 40
#define MAX_COLUMNS 12
#define TIME_WIDTH 40.0
#define BAR_HEIGHT 7.0

static const CvLettering BODY = { .size = 9.5 };
static const CvLettering SMALL = { .size = 8, .ink = CV_INK_SOFT };
static const CvLettering STRONG = { .size = 9.5, .bold = TRUE };
static const CvLettering LABEL = { .size = 7.5, .bold = TRUE };
static const CvLettering CELL = { .size = 9 };
static const CvLettering CODE = { .size = 6.8, .code = TRUE };

typedef struct {
  const CvPaper *paper;
  CvSheet *sheet;
  int section; /* the last bookmark */
} Writer;

static void
flow (Writer *self, const char *text, const CvLettering *lettering, double x, CvInk ink)
{
  if (text == NULL || *text == '\0')
    return;
  g_autoptr (PangoLayout) layout = cv_sheet_lay_out (self->sheet, text, lettering, CV_SHEET_RIGHT - x);
  cv_sheet_flow (self->sheet, layout, x, ink, CV_INK_TEXT, CV_INK_TEXT);
}

/* ---- the head ---- */

static void
write_head (Writer *self)
{
  const CvLettering kind = { .size = 8.5, .bold = TRUE }, title = { .size = 22, .bold = TRUE },
                    subtitle = { .size = 10.5 };

  cv_sheet_mark (self->sheet, CAIRO_PDF_OUTLINE_ROOT, self->paper->title);
  flow (self, self->paper->kind, &kind, CV_SHEET_LEFT, CV_INK_ACCENT);
  cv_sheet_space (self->sheet, 4);
  flow (self, self->paper->title, &title, CV_SHEET_LEFT, CV_INK_TEXT);
  cv_sheet_space (self->sheet, 3);
  flow (self, self->paper->subtitle, &subtitle, CV_SHEET_LEFT, CV_INK_SOFT);
}

static void
write_facts (Writer *self, const CvPaperBlock *block)
{
  double x = CV_SHEET_LEFT, y = cv_sheet_get_y (self->sheet) + 12;

  for (guint i = 0; i + 1 < block->cells->len; i += 2) {
    const CvPaperCell *label = g_ptr_array_index (block->cells, i), *value = g_ptr_array_index (block->cells, i + 1);
    g_autoptr (PangoLayout) above = cv_sheet_lay_out (self->sheet, label->text, &SMALL, WIDTH);
    g_autoptr (PangoLayout) below = cv_sheet_lay_out (self->sheet, value->text, &STRONG, WIDTH);

    cv_sheet_put (self->sheet, above, x, y, CV_INK_SOFT, NULL);
    cv_sheet_put (self->sheet, below, x, y + 12, CV_INK_TEXT, NULL);
    x += MAX (cv_sheet_get_natural_width (above), cv_sheet_get_natural_width (below)) + 32;
  }
  cv_sheet_advance (self->sheet, 46);
  cv_sheet_fill (self->sheet, CV_SHEET_LEFT, cv_sheet_get_y (self->sheet), WIDTH, 1.4, 0, CV_INK_ACCENT);
  cv_sheet_space (self->sheet, 6);
}

/* ---- texts ---- */

static void
write_section (Writer *self, const char *text)
{
  const CvLettering lettering = { .size = 14, .bold = TRUE };

  /* with the beginning of what it is about */
  cv_sheet_need (self->sheet, 112);
  cv_sheet_space (self->sheet, 20);
  self->section = cv_sheet_mark (self->sheet, CAIRO_PDF_OUTLINE_ROOT, text);
  flow (self, text, &lettering, CV_SHEET_LEFT, CV_INK_TEXT);
  cv_sheet_space (self->sheet, 6);
}

static void
write_heading (Writer *self, const char *text)
{
  const CvLettering lettering = { .size = 10.5, .bold = TRUE };

  cv_sheet_need (self->sheet, 68);
  cv_sheet_space (self->sheet, 8);
  cv_sheet_mark (self->sheet, self->section, text);
  flow (self, text, &lettering, CV_SHEET_LEFT, CV_INK_TEXT);
  cv_sheet_space (self->sheet, 3);
}

static void
write_paragraph (Writer *self, const CvPaperBlock *block)
{
  gboolean note = block->type == CV_PAPER_NOTE;

  flow (self, block->text, note ? &SMALL : &BODY, CV_SHEET_LEFT, note ? CV_INK_SOFT : CV_INK_TEXT);
  cv_sheet_space (self->sheet, note ? 4 : 6);
}

static void
write_in_box (Writer *self, const char *text, const CvLettering *lettering, CvInk ink, CvInk behind, CvInk edge)
{
  double x = CV_SHEET_LEFT + 12;

  if (text == NULL || *text == '\0')
    return;
  g_autoptr (PangoLayout) layout = cv_sheet_lay_out (self->sheet, text, lettering, CV_SHEET_RIGHT - x - 12);
  cv_sheet_flow (self->sheet, layout, x, ink, behind, edge);
}

static void
write_box (Writer *self, const CvPaperBlock *block)
{
  CvInk behind = block->type == CV_PAPER_ACTION ? CV_INK_PALE_AMBER : CV_INK_PALE_ACCENT;
  CvInk edge = block->type == CV_PAPER_ACTION ? CV_INK_AMBER : CV_INK_ACCENT;
  double x = CV_SHEET_LEFT + 12;

  cv_sheet_need (self->sheet, 62);
  cv_sheet_space (self->sheet, 2);
  cv_sheet_strip (self->sheet, x, 6, behind, edge);
  cv_sheet_advance (self->sheet, 6);
  write_in_box (self, block->label, &LABEL, edge, behind, edge);
  write_in_box (self, block->text, &BODY, CV_INK_TEXT, behind, edge);
  write_in_box (self, block->note, &SMALL, CV_INK_SOFT, behind, edge);
  cv_sheet_strip (self->sheet, x, 6, behind, edge);
  cv_sheet_advance (self->sheet, 6);
  cv_sheet_space (self->sheet, 7);
}

/* ---- tables ---- */

static const CvLettering *
get_cell_lettering (const CvPaperColumn *column)
{
  return column->code ? &CODE : &CELL;
}

/* As wide as the widest of its cells. */
static double
measure_column (Writer *self, const CvPaperBlock *block, guint column)
{
  guint n = block->columns->len;
  const CvPaperColumn *about = g_ptr_array_index (block->columns, column);
  g_autoptr (PangoLayout) title = cv_sheet_lay_out (self->sheet, about->title, &LABEL, MAX_NARROW);
  double width = cv_sheet_get_natural_width (title);

  for (guint i = column; i < block->cells->len; i += n) {
    const CvPaperCell *cell = g_ptr_array_index (block->cells, i);
    g_autoptr (PangoLayout) layout = cv_sheet_lay_out (self->sheet, cell->text, get_cell_lettering (about), MAX_NARROW);

    width = MAX (width, cv_sheet_get_natural_width (layout));
  }
  return width + 1;
}

static void
measure_columns (Writer *self, const CvPaperBlock *block, double *widths)
{
  guint n = MIN (block->columns->len, MAX_COLUMNS), weights = 0;
  double left = WIDTH - GAP * (n - 1);

  for (guint i = 0; i < n; i++) {
    const CvPaperColumn *column = g_ptr_array_index (block->columns, i);

    weights += column->weight;
    widths[i] = column->weight == 0 ? measure_column (self, block, i) : 0;
    left -= widths[i];
  }
  for (guint i = 0; i < n; i++) {
    const CvPaperColumn *column = g_ptr_array_index (block->columns, i);

    if (column->weight > 0)
      widths[i] = MAX (left, 24.0 * weights) * column->weight / weights;
  }
}

static void
put_cell (Writer *self, PangoLayout *layout, const CvPaperColumn *column, double x, double width, CvInk ink,
          const char *link)
{
  /* what is written from right to left would begin at the other side of its column */
  gboolean turned = pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL;

  if (column->right != turned)
    pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  cv_sheet_put (self->sheet, layout, x, cv_sheet_get_y (self->sheet) + PAD, ink, link);
}

static void
write_table_head (Writer *self, const CvPaperBlock *block, const double *widths)
{
  double x = CV_SHEET_LEFT, height = 0;

  for (guint i = 0; i < block->columns->len; i++) {
    const CvPaperColumn *column = g_ptr_array_index (block->columns, i);
    g_autoptr (PangoLayout) layout = cv_sheet_lay_out (self->sheet, column->title, &LABEL, widths[i]);

    height = MAX (height, cv_sheet_get_height (layout));
    put_cell (self, layout, column, x, widths[i], CV_INK_SOFT, NULL);
    x += widths[i] + GAP;
  }
  cv_sheet_advance (self->sheet, height + PAD + 2);
  cv_sheet_fill (self->sheet, CV_SHEET_LEFT, cv_sheet_get_y (self->sheet), WIDTH, 0.8, 0, CV_INK_LINE);
}

static void
write_row (Writer *self, const CvPaperBlock *block, guint first, const double *widths)
{
  PangoLayout *layouts[MAX_COLUMNS];
  guint n = block->columns->len;
  double x = CV_SHEET_LEFT, height = 0;

  for (guint i = 0; i < n; i++) {
    const CvPaperCell *cell = g_ptr_array_index (block->cells, first + i);

    layouts[i] =
      cv_sheet_lay_out (self->sheet, cell->text, get_cell_lettering (g_ptr_array_index (block->columns, i)), widths[i]);
    pango_layout_set_height (layouts[i], -MAX_CELL_LINES);
    pango_layout_set_ellipsize (layouts[i], PANGO_ELLIPSIZE_END);
    height = MAX (height, cv_sheet_get_height (layouts[i]));
  }
  if (cv_sheet_need (self->sheet, height + 2 * PAD))
    write_table_head (self, block, widths);
  for (guint i = 0; i < n; i++) {
    const CvPaperColumn *column = g_ptr_array_index (block->columns, i);
    const CvPaperCell *cell = g_ptr_array_index (block->cells, first + i);

    put_cell (self, layouts[i], column, x, widths[i], column->code ? CV_INK_SOFT : CV_INK_TEXT, cell->link);
    g_object_unref (layouts[i]);
    x += widths[i] + GAP;
  }
  cv_sheet_advance (self->sheet, height + 2 * PAD);
  cv_sheet_fill (self->sheet, CV_SHEET_LEFT, cv_sheet_get_y (self->sheet), WIDTH, 0.4, 0, CV_INK_FAINT);
}

static void
write_table (Writer *self, const CvPaperBlock *block)
{
  double widths[MAX_COLUMNS] = { 0 };
  guint n = block->columns->len;

  g_return_if_fail (n > 0 && n <= MAX_COLUMNS);
  measure_columns (self, block, widths);
  cv_sheet_need (self->sheet, 48);
  write_table_head (self, block, widths);
  for (guint i = 0; i + n <= block->cells->len && !cv_sheet_is_full (self->sheet); i += n)
    write_row (self, block, i, widths);
  cv_sheet_space (self->sheet, 6);
}

/* ---- polls and chat ---- */

static void
write_bar (Writer *self, const CvPaperBlock *block)
{
  double label_width = WIDTH * 0.36, x = CV_SHEET_LEFT + label_width + GAP, width = WIDTH - label_width - GAP - 40;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, block->number);
  g_autoptr (PangoLayout) label = cv_sheet_lay_out (self->sheet, block->label, &BODY, label_width);
  g_autoptr (PangoLayout) count = cv_sheet_lay_out (self->sheet, number, &STRONG, 36);
  double height = cv_sheet_get_height (label), y;

  cv_sheet_need (self->sheet, height + 4);
  y = cv_sheet_get_y (self->sheet);
  pango_layout_set_alignment (count, PANGO_ALIGN_RIGHT);
  cv_sheet_put (self->sheet, label, CV_SHEET_LEFT, y, CV_INK_TEXT, NULL);
  cv_sheet_fill (self->sheet, x, y + 3, width, BAR_HEIGHT, BAR_HEIGHT / 2, CV_INK_FAINT);
  if (block->part > 0)
    cv_sheet_fill (self->sheet, x, y + 3, MAX (width * block->part, BAR_HEIGHT), BAR_HEIGHT, BAR_HEIGHT / 2,
                   CV_INK_ACCENT);
  cv_sheet_put (self->sheet, count, CV_SHEET_RIGHT - 36, y, CV_INK_TEXT, NULL);
  cv_sheet_advance (self->sheet, height + 4);
}

static void
write_message (Writer *self, const CvPaperBlock *block)
{
  double x = CV_SHEET_LEFT + TIME_WIDTH;
  g_autoptr (PangoLayout) time = cv_sheet_lay_out (self->sheet, block->label, &SMALL, TIME_WIDTH);

  cv_sheet_need (self->sheet, block->quote != NULL ? 70 : 56);
  cv_sheet_put (self->sheet, time, CV_SHEET_LEFT, cv_sheet_get_y (self->sheet) + 1.2, CV_INK_SOFT, NULL);
  flow (self, block->name, &STRONG, x, CV_INK_TEXT);
  if (block->quote != NULL) {
    g_autoptr (PangoLayout) quote = cv_sheet_lay_out (self->sheet, block->quote, &SMALL, CV_SHEET_RIGHT - x - 12);

    cv_sheet_fill (self->sheet, x, cv_sheet_get_y (self->sheet) + 1, 1.6, 11, 0, CV_INK_LINE);
    pango_layout_set_height (quote, -1);
    pango_layout_set_ellipsize (quote, PANGO_ELLIPSIZE_END);
    cv_sheet_flow (self->sheet, quote, x + 8, CV_INK_SOFT, CV_INK_TEXT, CV_INK_TEXT);
  }
  flow (self, block->text, &BODY, x, CV_INK_TEXT);
  flow (self, block->note, &SMALL, x, CV_INK_SOFT);
  cv_sheet_space (self->sheet, 6);
}

static void
write_block (Writer *self, const CvPaperBlock *block)
{
  switch (block->type) {
  case CV_PAPER_FACTS:
    write_facts (self, block);
    break;
  case CV_PAPER_SECTION:
    write_section (self, block->text);
    break;
  case CV_PAPER_HEADING:
    write_heading (self, block->text);
    break;
  case CV_PAPER_PARAGRAPH:
  case CV_PAPER_NOTE:
    write_paragraph (self, block);
    break;
  case CV_PAPER_DECISION:
  case CV_PAPER_ACTION:
    write_box (self, block);
    break;
  case CV_PAPER_TABLE:
    write_table (self, block);
    break;
  case CV_PAPER_BAR:
    write_bar (self, block);
    break;
  case CV_PAPER_MESSAGE:
  default:
    write_message (self, block);
  }
}

/* With where they lead, for who reads this on paper. */
static void
write_links (Writer *self)
{
  cv_sheet_space (self->sheet, self->paper->links->len > 0 ? 22 : 0);
  for (guint i = 0; i < self->paper->links->len; i++) {
    const CvPaperCell *cell = g_ptr_array_index (self->paper->links, i);
    const char *where = cell->link + (g_str_has_prefix (cell->link, "mailto:") ? strlen ("mailto:") : 0);
    g_autofree char *text = g_strconcat (cell->text, ": ", where, NULL);
    g_autoptr (PangoLayout) layout = cv_sheet_lay_out (self->sheet, text, &SMALL, WIDTH);
    double height = cv_sheet_get_height (layout);

    cv_sheet_need (self->sheet, height);
    cv_sheet_put (self->sheet, layout, CV_SHEET_LEFT, cv_sheet_get_y (self->sheet), CV_INK_SOFT, cell->link);
    cv_sheet_advance (self->sheet, height + 3);
  }
}

/* `pages` goes in and comes out. */
static GBytes *
write_once (const CvPaper *paper, guint *pages)
{
  g_autoptr (CvSheet) sheet = cv_sheet_new (paper->title, paper->footer, paper->page, *pages);
  Writer self = { .paper = paper, .sheet = sheet };

  cv_sheet_set_accent (sheet, &paper->accent, &paper->soft);
  write_head (&self);
  for (guint i = 0; i < paper->blocks->len && !cv_sheet_is_full (sheet); i++)
    write_block (&self, g_ptr_array_index (paper->blocks, i));
  write_links (&self);
  return cv_sheet_finish (sheet, pages);
}

GBytes *
cv_pdf_write (const CvPaper *paper)
{
  guint pages = 0;
  g_autoptr (GBytes) counted = write_once (paper, &pages);

  return counted != NULL ? write_once (paper, &pages) : NULL;
}
