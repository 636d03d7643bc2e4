/* See sheet.h. */
#include "summary/sheet.h"

#include <cairo-pdf.h>
#include <string.h>

#define MAX_BYTES (64 * 1024 * 1024)
#define FOOT_Y (CV_SHEET_HEIGHT - 44.0)
#define FOOT_SIZE 7.5
/* the first of them that is there; what it lacks comes from any other */
#define FAMILIES "Inter, Noto Sans, Liberation Sans, DejaVu Sans, Sans"
#define CODE_FAMILIES "DejaVu Sans Mono, Liberation Mono, Monospace"
#define SPACING 1.3
/* of lines that may be on two pages, beside what Pango puts between them */
#define LEADING 1.12

/* as css/tokens.css has them in its light theme; lines are a little darker, being thinner */
static const CvColour INKS[CV_N_INKS] = {
  [CV_INK_TEXT] = { "#211e1a" },        [CV_INK_SOFT] = { "#5c564e" },       [CV_INK_ACCENT] = { "#0b6b69" },
  [CV_INK_AMBER] = { "#7a4b00" },       [CV_INK_LINE] = { "#cfc8bd" },       [CV_INK_FAINT] = { "#eae6e0" },
  [CV_INK_PALE_ACCENT] = { "#dcefed" }, [CV_INK_PALE_AMBER] = { "#fdf0d5" },
};

struct _CvSheet {
  PangoFontMap *fonts;
  PangoContext *context;
  cairo_surface_t *surface;
  cairo_t *cairo;
  GByteArray *bytes;
  gboolean too_long;
  const char *title, *foot, *page_text;
  guint page, pages;
  double y;
  CvColour inks[CV_N_INKS];
};

static cairo_status_t
on_cairo_write (void *closure, const unsigned char *data, unsigned int length)
{
  CvSheet *self = closure;

  if (self->bytes->len + (gsize) length > MAX_BYTES)
    self->too_long = TRUE;
  /* the first run is made to count pages */
  if (!self->too_long && self->pages > 0)
    g_byte_array_append (self->bytes, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* For paper, not for pixels. */
static void
make_exact (PangoContext *context)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, FALSE);
  cairo_font_options_destroy (options);
}

CvSheet *
cv_sheet_new (const char *title, const char *foot, const char *page, guint pages)
{
  CvSheet *self = g_new0 (CvSheet, 1);

  self->title = title;
  self->foot = foot;
  self->page_text = page;
  self->page = 1;
  self->pages = pages;
  self->y = CV_SHEET_TOP;
  memcpy (self->inks, INKS, sizeof INKS);
  self->bytes = g_byte_array_new ();
  self->fonts = pango_cairo_font_map_new ();
  pango_cairo_font_map_set_resolution (PANGO_CAIRO_FONT_MAP (self->fonts), 72);
  self->context = pango_font_map_create_context (self->fonts);
  make_exact (self->context);
  self->surface = cairo_pdf_surface_create_for_stream (on_cairo_write, self, CV_SHEET_WIDTH, CV_SHEET_HEIGHT);
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_CREATOR, "Conclave");
  self->cairo = cairo_create (self->surface);
  return self;
}

void
cv_sheet_free (CvSheet *self)
{
  cairo_destroy (self->cairo);
  cairo_surface_destroy (self->surface);
  g_object_unref (self->context);
  g_object_unref (self->fonts);
  g_byte_array_unref (self->bytes);
  g_free (self);
}

void
cv_sheet_set_accent (CvSheet *self, const CvColour *accent, const CvColour *pale)
{
  self->inks[CV_INK_ACCENT] = *accent;
  self->inks[CV_INK_PALE_ACCENT] = *pale;
}

static void
set_ink (CvSheet *self, CvInk ink)
{
  double red, green, blue;

  cv_colour_split (&self->inks[ink], &red, &green, &blue);
  cairo_set_source_rgb (self->cairo, red, green, blue);
}

/* ---- pages ---- */

static char *
fill_page_text (CvSheet *self)
{
  GString *text = g_string_new (self->page_text);
  g_autofree char *n = g_strdup_printf ("%u", self->page);
  g_autofree char *all = g_strdup_printf ("%u", MAX (self->pages, self->page));

  g_string_replace (text, "{n}", n, 1);
  g_string_replace (text, "{all}", all, 1);
  return g_string_free (text, FALSE);
}

static void
end_page (CvSheet *self)
{
  const CvLettering small = { .size = FOOT_SIZE };
  g_autofree char *page = fill_page_text (self);
  g_autofree char *foot = g_strconcat (self->title, " · ", self->foot, NULL);
  g_autoptr (PangoLayout) right = cv_sheet_lay_out (self, page, &small, CV_SHEET_RIGHT - CV_SHEET_LEFT);
  double width = cv_sheet_get_natural_width (right);
  g_autoptr (PangoLayout) left = cv_sheet_lay_out (self, foot, &small, CV_SHEET_RIGHT - CV_SHEET_LEFT - width - 20);

  pango_layout_set_single_paragraph_mode (left, TRUE);
  pango_layout_set_height (left, -1);
  pango_layout_set_ellipsize (left, PANGO_ELLIPSIZE_END);
  cv_sheet_fill (self, CV_SHEET_LEFT, FOOT_Y - 8, CV_SHEET_RIGHT - CV_SHEET_LEFT, 0.5, 0, CV_INK_LINE);
  cv_sheet_put (self, left, CV_SHEET_LEFT, FOOT_Y, CV_INK_SOFT, NULL);
  cv_sheet_put (self, right, CV_SHEET_RIGHT - width, FOOT_Y, CV_INK_SOFT, NULL);
  cairo_show_page (self->cairo);
}

GBytes *
cv_sheet_finish (CvSheet *self, guint *pages)
{
  end_page (self);
  *pages = self->page;
  cairo_surface_finish (self->surface);
  if (self->too_long || cairo_surface_status (self->surface) != CAIRO_STATUS_SUCCESS)
    return NULL;
  return g_byte_array_free_to_bytes (g_byte_array_ref (self->bytes));
}

gboolean
cv_sheet_is_full (CvSheet *self)
{
  return self->page >= CV_SHEET_MAX_PAGES;
}

gboolean
cv_sheet_need (CvSheet *self, double points)
{
  if (self->y + points <= CV_SHEET_BOTTOM || self->y <= CV_SHEET_TOP || cv_sheet_is_full (self))
    return FALSE;
  end_page (self);
  self->page++;
  self->y = CV_SHEET_TOP;
  return TRUE;
}

double
cv_sheet_get_y (CvSheet *self)
{
  return self->y;
}

void
cv_sheet_advance (CvSheet *self, double points)
{
  self->y += points;
}

void
cv_sheet_space (CvSheet *self, double points)
{
  if (self->y > CV_SHEET_TOP)
    self->y += points;
}

int
cv_sheet_mark (CvSheet *self, int parent, const char *name)
{
  g_autofree char *where = g_strdup_printf ("page=%u pos=[0 %d]", self->page, (int) (self->y - 20));

  return cairo_pdf_surface_add_outline (self->surface, parent, name, where, CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

/* ---- texts ---- */

/* Addresses and checksums are split where they have to be, and nothing is put in. */
static void
forbid_hyphens (PangoLayout *layout)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

PangoLayout *
cv_sheet_lay_out (CvSheet *self, const char *text, const CvLettering *lettering, double width)
{
  PangoLayout *layout = pango_layout_new (self->context);
  PangoFontDescription *font = pango_font_description_from_string (lettering->code ? CODE_FAMILIES : FAMILIES);

  pango_font_description_set_absolute_size (font, lettering->size * PANGO_SCALE);
  pango_font_description_set_weight (font, lettering->bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_line_spacing (layout, SPACING);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  forbid_hyphens (layout);
  pango_layout_set_width (layout, (int) (MAX (width, 8) * PANGO_SCALE));
  pango_layout_set_text (layout, text != NULL ? text : "", -1);
  return layout;
}

double
cv_sheet_get_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

double
cv_sheet_get_natural_width (PangoLayout *layout)
{
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  return (double) logical.width / PANGO_SCALE;
}

/* Nothing that could end the attribute that it stands in. */
static gboolean
begin_link (CvSheet *self, const char *link)
{
  if (link == NULL || strpbrk (link, "'\\ ") != NULL)
    return FALSE;
  g_autofree char *attributes = g_strdup_printf ("uri='%s'", link);
  cairo_tag_begin (self->cairo, CAIRO_TAG_LINK, attributes);
  return TRUE;
}

void
cv_sheet_put (CvSheet *self, PangoLayout *layout, double x, double y, CvInk ink, const char *link)
{
  gboolean linked = begin_link (self, link);

  set_ink (self, linked ? CV_INK_ACCENT : ink);
  cairo_move_to (self->cairo, x, y);
  pango_cairo_show_layout (self->cairo, layout);
  if (linked)
    cairo_tag_end (self->cairo, CAIRO_TAG_LINK);
}

/* How many lines have to stand on one page with the `nth` of `all`: no page ends with the first one of a text, or begins with its last. */
static int
get_together (int nth, int all)
{
  if (nth == 0)
    return all <= 3 ? all : 2;
  return all - nth == 2 ? 2 : 1;
}

void
cv_sheet_flow (CvSheet *self, PangoLayout *layout, double x, CvInk ink, CvInk behind, CvInk edge)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  int all = pango_layout_get_line_count (layout), nth = 0;

  do {
    PangoRectangle logical;
    int baseline = pango_layout_iter_get_baseline (iter), top, bottom;

    pango_layout_iter_get_line_extents (iter, NULL, &logical);
    pango_layout_iter_get_line_yrange (iter, &top, &bottom);
    double height = (double) (bottom - top) / PANGO_SCALE * LEADING;
    cv_sheet_need (self, height * get_together (nth++, all));
    if (cv_sheet_is_full (self) && self->y + height > CV_SHEET_BOTTOM)
      break;
    cv_sheet_strip (self, x, height, behind, edge);
    set_ink (self, ink);
    cairo_move_to (self->cairo, x + (double) logical.x / PANGO_SCALE,
                   self->y + (double) (baseline - top) / PANGO_SCALE);
    pango_cairo_show_layout_line (self->cairo, pango_layout_iter_get_line_readonly (iter));
    self->y += height;
  } while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

/* ---- shapes ---- */

void
cv_sheet_strip (CvSheet *self, double x, double height, CvInk behind, CvInk edge)
{
  if (edge == CV_INK_TEXT)
    return;
  /* a little more, so that no seam shows between two of them */
  cv_sheet_fill (self, x - 12, self->y, CV_SHEET_RIGHT - x + 12, height + 0.4, 0, behind);
  cv_sheet_fill (self, x - 12, self->y, 2.2, height + 0.4, 0, edge);
}

void
cv_sheet_fill (CvSheet *self, double x, double y, double width, double height, double radius, CvInk ink)
{
  radius = MIN (radius, MIN (width, height) / 2);
  set_ink (self, ink);
  if (radius <= 0) {
    cairo_rectangle (self->cairo, x, y, width, height);
  } else {
    cairo_new_sub_path (self->cairo);
    cairo_arc (self->cairo, x + width - radius, y + radius, radius, -G_PI_2, 0);
    cairo_arc (self->cairo, x + width - radius, y + height - radius, radius, 0, G_PI_2);
    cairo_arc (self->cairo, x + radius, y + height - radius, radius, G_PI_2, G_PI);
    cairo_arc (self->cairo, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
    cairo_close_path (self->cairo);
  }
  cairo_fill (self->cairo);
}
