/* One colour and what becomes of it: whatever it is, each pair that pages use can be read. */
#include "base/palette.h"

#include <math.h>

static CvColour
colour (const char *text)
{
  CvColour parsed;
  g_assert_true (cv_colour_parse (&parsed, text));
  return parsed;
}

static void
test_parse (void)
{
  static const char *const bad[] = { "",     "#",   "#12345",  "#1234567", "123456", "#12345g",
                                     "#fff", "red", "#12345 ", "##12345",  "#+12345" };
  CvColour parsed;
  g_assert_true (cv_colour_parse (&parsed, "#0B6b69"));
  g_assert_cmpstr (parsed.text, ==, "#0b6b69");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (cv_colour_parse (&parsed, bad[i]));
  g_assert_false (cv_colour_parse (&parsed, NULL));
}

static void
test_split (void)
{
  CvColour parsed = colour ("#ff3300");
  double red, green, blue;
  cv_colour_split (&parsed, &red, &green, &blue);
  g_assert_cmpfloat (red, ==, 1);
  g_assert_cmpfloat (fabs (green - 0.2), <, 1e-9);
  g_assert_cmpfloat (blue, ==, 0);
}

/* Figures of WCAG's own examples. */
static void
test_contrast (void)
{
  const struct {
    const char *a, *b;
    double wanted;
  } pairs[] = {
    { "#000000", "#ffffff", 21 },  { "#777777", "#ffffff", 4.48 }, { "#767676", "#ffffff", 4.54 },
    { "#ff0000", "#ffffff", 4.0 }, { "#0000ff", "#ffffff", 8.59 }, { "#123456", "#123456", 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    CvColour a = colour (pairs[i].a), b = colour (pairs[i].b);
    g_assert_cmpfloat (fabs (cv_colour_contrast (&a, &b) - pairs[i].wanted), <, 0.01);
    g_assert_cmpfloat (cv_colour_contrast (&a, &b), ==, cv_colour_contrast (&b, &a));
  }
}

static void
assert_legible (const CvColour *text, const char *ground, const char *of)
{
  CvColour behind = colour (ground);
  double found = cv_colour_contrast (text, &behind);
  if (found < CV_PALETTE_LEAST_CONTRAST)
    g_error ("of %s: %s on %s has a contrast of %.2f", of, text->text, ground, found);
}

/* Grounds: those of css/tokens.css. */
static void
test_every_colour (void)
{
  static const char *const light[] = { "#ffffff", "#f7f5f2", "#eeebe6", "#e9e5df" };
  static const char *const dark[] = { "#171614", "#221f1c", "#1b1917", "#322e2a" };
  for (guint red = 0; red <= 255; red += 17)
    for (guint green = 0; green <= 255; green += 17)
      for (guint blue = 0; blue <= 255; blue += 17) {
        g_autofree char *text = g_strdup_printf ("#%02x%02x%02x", red, green, blue);
        CvColour accent = colour (text);
        CvPalette palette;
        cv_palette_make (&palette, &accent);
        for (gsize i = 0; i < G_N_ELEMENTS (light); i++)
          assert_legible (&palette.light.accent, light[i], text);
        for (gsize i = 0; i < G_N_ELEMENTS (dark); i++)
          assert_legible (&palette.dark.accent, dark[i], text);
        for (guint theme = 0; theme < 2; theme++) {
          const CvShades *shades = theme == 0 ? &palette.light : &palette.dark;
          assert_legible (&shades->accent, shades->soft.text, text);
          assert_legible (&shades->on_accent, shades->accent.text, text);
          assert_legible (&shades->on_accent, shades->hover.text, text);
        }
      }
}

/* What can be read is used as it is. */
static void
test_kept (void)
{
  CvColour accent = colour ("#0b6b69"), bright = colour ("#ffcc00");
  CvPalette palette;
  cv_palette_make (&palette, &accent);
  g_assert_cmpstr (palette.light.accent.text, ==, "#0b6b69");
  g_assert_cmpstr (palette.light.on_accent.text, ==, "#ffffff");
  cv_palette_make (&palette, &bright);
  g_assert_cmpstr (palette.dark.accent.text, ==, "#ffcc00");
  g_assert_cmpstr (palette.light.accent.text, !=, "#ffcc00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/parse", test_parse);
  g_test_add_func ("/palette/split", test_split);
  g_test_add_func ("/palette/contrast", test_contrast);
  g_test_add_func ("/palette/every-colour", test_every_colour);
  g_test_add_func ("/palette/kept", test_kept);
  return g_test_run ();
}
