/* See palette.h. */
#include "base/palette.h"

#include <math.h>
#include <string.h>

/* of css/tokens.css: what is behind text, the one that is nearest to it in brightness */
#define LIGHT_GROUND 0xe9e5df
#define DARK_GROUND 0x322e2a
#define DARK_SURFACE 0x221f1c
#define WHITE 0xffffff
#define BLACK 0x000000
/* text on buttons of the dark theme: nearly black, with something of the colour */
#define DEEP 0.88
/* how much of the surface is in what is softly coloured */
#define SOFT 0.86
#define SOFT_DARK 0.86
#define HOVER 0.2
#define STEPS 100

typedef guint32 Rgb;

static Rgb
read_hex (const CvColour *colour)
{
  return (Rgb) g_ascii_strtoull (colour->text + 1, NULL, 16);
}

static CvColour
write_hex (Rgb rgb)
{
  CvColour colour;
  g_snprintf (colour.text, sizeof colour.text, "#%06x", rgb & 0xffffff);
  return colour;
}

gboolean
cv_colour_parse (CvColour *self, const char *text)
{
  if (text == NULL || text[0] != '#' || strlen (text) != CV_COLOUR_LENGTH - 1)
    return FALSE;
  for (const char *c = text + 1; *c != '\0'; c++)
    if (!g_ascii_isxdigit (*c))
      return FALSE;
  *self = write_hex ((Rgb) g_ascii_strtoull (text + 1, NULL, 16));
  return TRUE;
}

/* One of the three, 0 … 1. */
static double
take (Rgb rgb, guint shift)
{
  return ((rgb >> shift) & 0xff) / 255.0;
}

void
cv_colour_split (const CvColour *self, double *red, double *green, double *blue)
{
  Rgb rgb = read_hex (self);
  *red = take (rgb, 16);
  *green = take (rgb, 8);
  *blue = take (rgb, 0);
}

/* The same, as light. */
static double
linear (Rgb rgb, guint shift)
{
  double share = take (rgb, shift);
  return share <= 0.04045 ? share / 12.92 : pow ((share + 0.055) / 1.055, 2.4);
}

static double
brightness (Rgb rgb)
{
  return 0.2126 * linear (rgb, 16) + 0.7152 * linear (rgb, 8) + 0.0722 * linear (rgb, 0);
}

static double
contrast (Rgb a, Rgb b)
{
  double one = brightness (a) + 0.05, other = brightness (b) + 0.05;
  return MAX (one, other) / MIN (one, other);
}

double
cv_colour_contrast (const CvColour *a, const CvColour *b)
{
  return contrast (read_hex (a), read_hex (b));
}

/* `share` of `b` in `a`. */
static Rgb
mix (Rgb a, Rgb b, double share)
{
  Rgb mixed = 0;
  for (int shift = 16; shift >= 0; shift -= 8) {
    double from = (a >> shift) & 0xff, to = (b >> shift) & 0xff;
    mixed |= (Rgb) lround (from + (to - from) * share) << shift;
  }
  return mixed;
}

static gboolean
is_legible (Rgb text, Rgb ground)
{
  return contrast (text, ground) >= CV_PALETTE_LEAST_CONTRAST;
}

/* As much of `end` as it takes for text on `ground`, and on what is softly coloured with it. */
static Rgb
find_legible (Rgb wanted, Rgb end, Rgb ground, Rgb surface, double soft)
{
  Rgb found = wanted;
  for (guint step = 0; step <= STEPS; step++) {
    found = mix (wanted, end, (double) step / STEPS);
    if (is_legible (found, ground) && is_legible (found, mix (found, surface, soft)))
      break;
  }
  return found;
}

void
cv_palette_make (CvPalette *self, const CvColour *accent)
{
  Rgb wanted = read_hex (accent);
  Rgb light = find_legible (wanted, BLACK, LIGHT_GROUND, WHITE, SOFT);
  Rgb dark = find_legible (wanted, WHITE, DARK_GROUND, DARK_SURFACE, SOFT_DARK);
  self->light = (CvShades){ .accent = write_hex (light),
                            .hover = write_hex (mix (light, BLACK, HOVER)),
                            .soft = write_hex (mix (light, WHITE, SOFT)),
                            .on_accent = write_hex (WHITE) };
  self->dark = (CvShades){ .accent = write_hex (dark),
                           .hover = write_hex (mix (dark, WHITE, HOVER)),
                           .soft = write_hex (mix (dark, DARK_SURFACE, SOFT_DARK)),
                           .on_accent = write_hex (mix (dark, BLACK, DEEP)) };
}
