/* Sizes out of sequence parameter sets: of encoders, and made up for what those do not write. */
#include "media/h264.h"

#include <string.h>

static gboolean
read_hex (const char *hex, gsize n, guint *width, guint *height)
{
  g_autofree guint8 *set = g_malloc (n);
  for (gsize i = 0; i < n; i++)
    set[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return cv_h264_read_size (set, n, width, height);
}

static void
test_sizes (void)
{
  static const struct {
    const char *set;
    guint width, height;
  } cases[] = {
    { "42c01e8c8d405017fcb00f08846a", 640, 360 }, /* OpenH264 */
    { "42c00d8c8d40a8cb113403c2211a80", 322, 182 },
    { "7a001fbcd9405005ba1000000300c000002ae0f1831960", 1280, 720 }, /* 4:2:2 */
    { "4d0028d0e42260320a03c0227ed0", 1920, 1080 },                  /* fields, a cycle of order counts, cropped */
    { "f4001f91b08e92492492492007ffffffffffffffffa014016f2169", 1273, 719 }, /* 4:4:4, scaling lists, cropped */
    { "420000da0040002019", 4096, 4096 },
    { "420000030205a0280be4", 640, 368 }, /* a byte that keeps a start code away */
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize n = strlen (cases[i].set) / 2;
    guint width = 0, height = 0;
    g_assert_true (read_hex (cases[i].set, n, &width, &height));
    g_assert_cmpuint (width, ==, cases[i].width);
    g_assert_cmpuint (height, ==, cases[i].height);
  }
}

static void
test_unreadable (void)
{
  static const char *const sets[] = {
    "420000da00100499",                     /* wider than 16384 */
    "420000da7ca5d0",                       /* nothing is left of it */
    "420000d30080ffffffffffffffffffffffff", /* a cycle that is too long */
    "42000000000000000000000000000000",     /* a number without an end */
    "7a001f",
    "",
  };
  guint width = 1, height = 2;
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    g_assert_false (read_hex (sets[i], strlen (sets[i]) / 2, &width, &height));
  for (gsize n = 0; n < 10; n++)
    g_assert_false (read_hex ("4d0028d0e42260320a03c0227ed0", n, &width, &height));
  g_assert_cmpuint (width, ==, 1);
  g_assert_cmpuint (height, ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/h264/sizes", test_sizes);
  g_test_add_func ("/h264/unreadable", test_unreadable);
  return g_test_run ();
}
