/* Initials as the web client has them; lines that are too long. */
#include "render/lettering.h"

static void
test_initials (void)
{
  static const char *const names[][2] = {
    { "Anna Kovács", "AK" }, { "anna", "A" },       { "  Jean  Luc  Picard ", "JP" }, { "", "" },
    { "   ", "" },           { "李 小龙", "李小" }, { "e\xcc\x81mile", "E\xcc\x81" }, { "\xff", "" }
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *letters = cv_lettering_initials (names[i][0]);
    g_assert_cmpstr (letters, ==, names[i][1]);
  }
}

static void
test_ellipsis (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 8, 8);
  cairo_t *cairo = cairo_create (surface);
  int width = 0;
  cv_lettering_warm_up ();
  {
    g_autoptr (PangoLayout) fits = cv_lettering_new (cairo, "<b>Ann</b> & Co", 16, FALSE, 400);
    g_autoptr (PangoLayout) cut =
      cv_lettering_new (cairo, "Bartholomew the very long name\nof two lines", 16, TRUE, 90);
    g_assert_false (pango_layout_is_ellipsized (fits));
    g_assert_cmpstr (pango_layout_get_text (fits), ==, "<b>Ann</b> & Co");
    g_assert_true (pango_layout_is_ellipsized (cut));
    pango_layout_get_pixel_size (cut, &width, NULL);
    g_assert_cmpint (width, <=, 91);
    g_assert_cmpint (pango_layout_get_line_count (cut), ==, 1);
  }
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lettering/initials", test_initials);
  g_test_add_func ("/lettering/ellipsis", test_ellipsis);
  return g_test_run ();
}
