/* See portrait.h. */
#include "render/portrait.h"

#include "render/lettering.h"

#include <math.h>

#define TILE 0x292622
#define TEXT 0xf3f0eb
#define SOFT 0xb8b1a7
#define SPEAKING 0x63c7c1
#define SCRIM 0x14120f
#define SCRIM_ALPHA 0.74
#define MUTED 0xff9f95
static const guint32 tints[] = { 0x1f4f4d, 0x5e3f1f, 0x413d6b, 0x623232, 0x3c4f23, 0x274763 };

typedef struct {
  cairo_t *cairo;
  double width, height;
  double unit; /* 1 at a tile 360 pixels high; all sizes follow it */
} Easel;

static void
set_colour (cairo_t *cairo, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cairo, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0, (colour & 0xff) / 255.0,
                         alpha);
}

static void
add_rounded (cairo_t *cairo, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cairo);
  cairo_arc (cairo, x + width - radius, y + radius, radius, -G_PI / 2, 0);
  cairo_arc (cairo, x + width - radius, y + height - radius, radius, 0, G_PI / 2);
  cairo_arc (cairo, x + radius, y + height - radius, radius, G_PI / 2, G_PI);
  cairo_arc (cairo, x + radius, y + radius, radius, G_PI, 3 * G_PI / 2);
  cairo_close_path (cairo);
}

static double
get_radius (const Easel *easel)
{
  return CLAMP (12 * easel->unit, 4, 16);
}

/* What is outside of the rounded tile is stage. */
static void
draw_corners (const Easel *easel)
{
  cairo_save (easel->cairo);
  cairo_rectangle (easel->cairo, 0, 0, easel->width, easel->height);
  add_rounded (easel->cairo, 0, 0, easel->width, easel->height, get_radius (easel));
  cairo_set_fill_rule (easel->cairo, CAIRO_FILL_RULE_EVEN_ODD);
  set_colour (easel->cairo, CV_PORTRAIT_STAGE, 1);
  cairo_fill (easel->cairo);
  cairo_restore (easel->cairo);
}

static void
draw_ring (const Easel *easel)
{
  double line = CLAMP (3 * easel->unit, 2, 4);
  add_rounded (easel->cairo, line / 2, line / 2, easel->width - line, easel->height - line,
               get_radius (easel) - line / 2);
  cairo_set_line_width (easel->cairo, line);
  set_colour (easel->cairo, SPEAKING, 1);
  cairo_stroke (easel->cairo);
}

/* A microphone, crossed out, in a square of `size` with its corner there. */
static void
draw_muted (cairo_t *cairo, double x, double y, double size)
{
  cairo_save (cairo);
  cairo_translate (cairo, x, y);
  cairo_scale (cairo, size / 16, size / 16);
  set_colour (cairo, MUTED, 1);
  cairo_set_line_width (cairo, 1.5);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  add_rounded (cairo, 5.6, 1, 4.8, 8.4, 2.4);
  cairo_fill (cairo);
  cairo_new_sub_path (cairo);
  cairo_arc (cairo, 8, 7.6, 4.4, 0, G_PI);
  cairo_move_to (cairo, 8, 12);
  cairo_line_to (cairo, 8, 15);
  cairo_stroke (cairo);
  set_colour (cairo, SCRIM, 1);
  cairo_set_line_width (cairo, 3.6);
  cairo_move_to (cairo, 2.2, 1.6);
  cairo_line_to (cairo, 13.8, 14.2);
  cairo_stroke (cairo);
  set_colour (cairo, MUTED, 1);
  cairo_set_line_width (cairo, 1.5);
  cairo_move_to (cairo, 2.2, 1.6);
  cairo_line_to (cairo, 13.8, 14.2);
  cairo_stroke (cairo);
  cairo_restore (cairo);
}

/* A screen on its foot. */
static void
draw_screen (cairo_t *cairo, double x, double y, double size)
{
  cairo_save (cairo);
  cairo_translate (cairo, x, y);
  cairo_scale (cairo, size / 16, size / 16);
  set_colour (cairo, TEXT, 1);
  cairo_set_line_width (cairo, 1.5);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  add_rounded (cairo, 1.5, 2, 13, 9, 1.5);
  cairo_move_to (cairo, 5, 14);
  cairo_line_to (cairo, 11, 14);
  cairo_stroke (cairo);
  cairo_restore (cairo);
}

static void
draw_name (const Easel *easel, const CvPortrait *portrait)
{
  double size = CLAMP (17 * easel->unit, 11, 20), pad = round (size * 0.55), gap = round (size * 0.45);
  double margin = CLAMP (round (10 * easel->unit), 5, 12), icon = portrait->muted || portrait->screen ? size + gap : 0;
  double room = easel->width - 2 * margin - 2 * pad - icon;
  int width, height;
  if (room < 2 * size || *portrait->name == '\0')
    return;
  g_autoptr (PangoLayout) layout = cv_lettering_new (easel->cairo, portrait->name, size, FALSE, room);
  pango_layout_get_pixel_size (layout, &width, &height);
  double box = round (size * 1.7), top = easel->height - margin - box;
  add_rounded (easel->cairo, margin, top, width + icon + 2 * pad, box, CLAMP (8 * easel->unit, 4, 8));
  set_colour (easel->cairo, SCRIM, SCRIM_ALPHA);
  cairo_fill (easel->cairo);
  if (portrait->screen)
    draw_screen (easel->cairo, margin + pad, top + (box - size) / 2, size);
  else if (portrait->muted)
    draw_muted (easel->cairo, margin + pad, top + (box - size) / 2, size);
  set_colour (easel->cairo, TEXT, 1);
  cairo_move_to (easel->cairo, margin + pad + icon, top + round ((box - height) / 2));
  pango_cairo_show_layout (easel->cairo, layout);
}

static guint32
get_tint (const char *id)
{
  guint sum = 0;
  for (; *id != '\0'; id++)
    sum = (sum * 31 + (guint8) *id) % 997;
  return tints[sum % G_N_ELEMENTS (tints)];
}

/* `colour` behind it; 0: none. */
static void
draw_letters (const Easel *easel, const char *letters, guint32 colour)
{
  double radius = MIN (easel->width, easel->height) * 0.22;
  int width, height;
  if (colour != 0) {
    cairo_new_sub_path (easel->cairo);
    cairo_arc (easel->cairo, easel->width / 2, easel->height / 2, radius, 0, 2 * G_PI);
    set_colour (easel->cairo, colour, 1);
    cairo_fill (easel->cairo);
  }
  g_autoptr (PangoLayout) layout =
    cv_lettering_new (easel->cairo, letters, radius * 0.8, TRUE, colour != 0 ? radius * 1.9 : easel->width);
  pango_layout_get_pixel_size (layout, &width, &height);
  set_colour (easel->cairo, TEXT, 1);
  cairo_move_to (easel->cairo, (easel->width - width) / 2, (easel->height - height) / 2);
  pango_cairo_show_layout (easel->cairo, layout);
}

static void
draw_empty (const Easel *easel, const CvPortrait *portrait)
{
  g_autofree char *letters =
    portrait->more > 0 ? g_strdup_printf ("+%u", portrait->more) : cv_lettering_initials (portrait->name);
  cairo_rectangle (easel->cairo, 0, 0, easel->width, easel->height);
  set_colour (easel->cairo, TILE, 1);
  cairo_fill (easel->cairo);
  draw_letters (easel, letters, portrait->more > 0 ? 0 : get_tint (portrait->id));
}

CvOverlay *
cv_portrait_draw (const CvPortrait *portrait, guint width, guint height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) width, (int) height);
  Easel easel = { cairo_create (surface), width, height, MIN (height / 360.0, width / 640.0 * 1.25) };
  if (!portrait->pictured)
    draw_empty (&easel, portrait);
  if (portrait->more == 0)
    draw_name (&easel, portrait);
  draw_corners (&easel);
  if (portrait->speaking)
    draw_ring (&easel);
  cairo_destroy (easel.cairo);
  cairo_surface_flush (surface);
  CvOverlay *overlay = cv_overlay_new (cairo_image_surface_get_data (surface),
                                       (guint) cairo_image_surface_get_stride (surface), width, height);
  cairo_surface_destroy (surface);
  return overlay;
}

CvOverlay *
cv_portrait_notice (const char *text, guint width, guint height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) width, (int) height);
  cairo_t *cairo = cairo_create (surface);
  double size = CLAMP (height / 24.0, 12, 32);
  int text_width, text_height;
  set_colour (cairo, CV_PORTRAIT_STAGE, 1);
  cairo_paint (cairo);
  g_autoptr (PangoLayout) layout = cv_lettering_new (cairo, text, size, FALSE, width * 0.9);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  set_colour (cairo, SOFT, 1);
  cairo_move_to (cairo, (width - text_width) / 2.0, (height - text_height) / 2.0);
  pango_cairo_show_layout (cairo, layout);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  CvOverlay *overlay = cv_overlay_new (cairo_image_surface_get_data (surface),
                                       (guint) cairo_image_surface_get_stride (surface), width, height);
  cairo_surface_destroy (surface);
  return overlay;
}
