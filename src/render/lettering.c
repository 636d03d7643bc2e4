/* See lettering.h. */
#include "render/lettering.h"

#include <string.h>

/* the first of them that is there; what it lacks comes from any other */
#define FAMILIES "Noto Sans, DejaVu Sans, Sans"

PangoLayout *
cv_lettering_new (cairo_t *cairo, const char *text, double size, gboolean bold, double width)
{
  PangoLayout *layout = pango_cairo_create_layout (cairo);
  PangoFontDescription *font = pango_font_description_from_string (FAMILIES);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (int) (MAX (width, 1) * PANGO_SCALE));
  pango_layout_set_text (layout, text, -1);
  if (!pango_layout_is_ellipsized (
        layout)) /* else what is written from right to left stands at the right of all that room */
    pango_layout_set_width (layout, -1);
  return layout;
}

void
cv_lettering_warm_up (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 64, 32);
  cairo_t *cairo = cairo_create (surface);
  g_autoptr (PangoLayout) layout = cv_lettering_new (cairo, "Conclave", 13, FALSE, 64);
  pango_cairo_show_layout (cairo, layout);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}

/* The first character as a person counts them: with what is set upon it. */
static void
append_first (GString *out, const char *word)
{
  const char *end = g_utf8_next_char (word);
  while (*end != '\0' && g_unichar_ismark (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  g_autofree char *upper = g_utf8_strup (word, end - word);
  g_string_append (out, upper);
}

char *
cv_lettering_initials (const char *name)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) words = NULL;
  const char *first = NULL, *last = NULL;
  if (!g_utf8_validate (name, -1, NULL))
    return g_strdup ("");
  words = g_strsplit_set (name, " \t\n", 64);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0') {
      first = first != NULL ? first : words[i];
      last = words[i];
    }
  if (first != NULL)
    append_first (out, first);
  if (last != first)
    append_first (out, last);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
