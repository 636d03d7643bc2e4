/* A ring of rows: in their order, never more than it has places for, and from any row on. */
#include "daemon/ring.h"

static char *
write_after (const CvRing *ring, guint after, guint *n)
{
  GString *text = g_string_new (NULL);
  *n = cv_ring_write (ring, after, text);
  return g_string_free (text, FALSE);
}

static void
assert_rows (const CvRing *ring, guint after, guint rows, const char *wanted)
{
  guint n = 0;
  g_autofree char *text = write_after (ring, after, &n);
  g_assert_cmpstr (text, ==, wanted);
  g_assert_cmpuint (n, ==, rows);
}

static void
test_order (void)
{
  g_autoptr (CvRing) ring = cv_ring_new (3);
  g_assert_cmpuint (cv_ring_get_last (ring), ==, 0);
  assert_rows (ring, 0, 0, "");
  g_assert_cmpuint (cv_ring_add (ring, g_strdup ("a")), ==, 1);
  assert_rows (ring, 0, 1, "a");
  cv_ring_add (ring, g_strdup ("b"));
  cv_ring_add (ring, g_strdup ("c"));
  assert_rows (ring, 0, 3, "a,b,c");
  assert_rows (ring, 1, 2, "b,c");
  g_assert_cmpuint (cv_ring_add (ring, g_strdup ("d")), ==, 4);
  assert_rows (ring, 0, 3, "b,c,d");
  assert_rows (ring, 1, 3, "b,c,d");
  assert_rows (ring, 3, 1, "d");
  g_assert_cmpuint (cv_ring_get_last (ring), ==, 4);
}

static void
test_nothing_new (void)
{
  g_autoptr (CvRing) ring = cv_ring_new (1);
  cv_ring_add (ring, g_strdup ("a"));
  cv_ring_add (ring, g_strdup ("b"));
  assert_rows (ring, 0, 1, "b");
  for (guint i = 0; i < 3; i++)
    assert_rows (ring, ((const guint[]){ 2, 3, G_MAXUINT })[i], 0, "");
}

static void
test_bounded (void)
{
  g_autoptr (CvRing) ring = cv_ring_new (720);
  guint n = 0;
  for (guint i = 1; i <= 5000; i++)
    cv_ring_add (ring, g_strdup_printf ("%u", i));
  g_autofree char *text = write_after (ring, 0, &n);
  g_assert_cmpuint (n, ==, 720);
  g_assert_true (g_str_has_prefix (text, "4281,"));
  g_assert_true (g_str_has_suffix (text, ",5000"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ring/order", test_order);
  g_test_add_func ("/ring/nothing-new", test_nothing_new);
  g_test_add_func ("/ring/bounded", test_bounded);
  return g_test_run ();
}
