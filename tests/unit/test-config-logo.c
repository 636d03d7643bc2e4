/* What is taken for a logo: pictures of two kinds, by their bytes, as long as they are not too large. */
#include "daemon/config-logo.h"

#include <glib/gstdio.h>
#include <string.h>

#define SVG "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"
#define PNG(width, height) "\x89PNG\r\n\x1a\n\0\0\0\rIHDR" width height "\x08\x06\0\0\0"

static const char *
sniff (const char *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  return cv_config_logo_sniff (bytes);
}

static void
test_svg (void)
{
  static const char *const good[] = {
    SVG,
    "<svg>",
    " \n<svg\nwidth='1'>",
    "\xef\xbb\xbf" SVG,
    "<?xml version=\"1.0\"?>\n<!-- a > b -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\">\n" SVG,
    "<svg onload=\"alert(1)\"><script>alert(1)</script></svg>", /* nothing of it runs */
  };
  static const char *const bad[] = {
    "",
    "<html><svg/></html>",
    "<svgx/>",
    "svg",
    "<!-- <svg>",
    "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>",
    "<!DOCTYPE svg [<!ENTITY a \"b\"><svg >]><svg/>",
    "<?xml <svg>",
    "<svg>\xff</svg>",
    "GIF89a",
    "%PDF-1.4",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_cmpstr (sniff (good[i], strlen (good[i])), ==, "image/svg+xml");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    if (sniff (bad[i], strlen (bad[i])) != NULL)
      g_error ("taken: %s", bad[i]);
  g_assert_null (sniff ("<svg>\0</svg>", 12));
}

static void
test_png (void)
{
  const char good[] = PNG ("\0\0\x10\0", "\0\0\0\x01");
  const char *const bad[] = { PNG ("\0\0\x10\x01", "\0\0\0\x01"), PNG ("\0\0\0\x01", "\0\0\x10\x01"),
                              PNG ("\0\0\0\0", "\0\0\0\x01"), PNG ("\xff\xff\xff\xff", "\0\0\0\x01"),
                              "\x88PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\1\1\1\1\1" };
  g_assert_cmpstr (sniff (good, sizeof good - 1), ==, "image/png");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (sniff (bad[i], sizeof good - 1));
  for (gsize n = 0; n < 24; n++)
    g_assert_null (sniff (good, n));
}

static void
assert_refused (const char *path, const char *pattern)
{
  const char *type = NULL, *trouble = NULL;
  g_autoptr (GBytes) bytes = cv_config_logo_read (path, &type, &trouble);
  g_assert_null (bytes);
  if (!g_pattern_match_simple (pattern, trouble))
    g_error ("%s: %s", path, trouble);
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("conclave-logo-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "logo.png", NULL); /* its name does not count */
  g_autofree char *large = g_malloc0 (CV_LOGO_MAX_BYTES + 1);
  const char *type = NULL, *trouble = NULL;
  memset (large, ' ', CV_LOGO_MAX_BYTES + 1);
  memcpy (large, SVG, strlen (SVG));

  assert_refused (path, "a file of at most 256 KiB*");
  assert_refused (folder, "a file of at most 256 KiB*");
  g_assert_true (g_file_set_contents (path, large, CV_LOGO_MAX_BYTES + 1, NULL));
  assert_refused (path, "a file of at most 256 KiB*");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_refused (path, "a picture in SVG*");
  g_assert_true (g_file_set_contents (path, "<html>", -1, NULL));
  assert_refused (path, "a picture in SVG*");
  g_assert_true (g_file_set_contents (path, large, CV_LOGO_MAX_BYTES, NULL));
  g_autoptr (GBytes) bytes = cv_config_logo_read (path, &type, &trouble);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, CV_LOGO_MAX_BYTES);
  g_assert_cmpstr (type, ==, "image/svg+xml");
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-logo/svg", test_svg);
  g_test_add_func ("/config-logo/png", test_png);
  g_test_add_func ("/config-logo/file", test_file);
  return g_test_run ();
}
