/* Registers as one reads them. */
#include "summary/shared-row.h"

static void
test_values (void)
{
  CvSharedRow *row = cv_shared_row_new ("a", "{\"t\":[\"x\",1,\"p\"],\"n\":[5,1,\"p\"],\"b\":[true,1,\"p\"],\"l\":[[1],"
                                             "1,\"p\"],\"big\":[1e300,1,\"p\"],\"bare\":7,\"none\":[]}");
  g_autofree char *text = cv_shared_row_text (row, "t", 5, FALSE);
  g_autofree char *number = cv_shared_row_text (row, "n", 5, FALSE);
  g_assert_cmpstr (text, ==, "x");
  g_assert_cmpstr (number, ==, "");
  g_assert_cmpint (cv_shared_row_number (row, "n"), ==, 5);
  g_assert_cmpint (cv_shared_row_number (row, "t"), ==, 0);
  g_assert_cmpint (cv_shared_row_number (row, "big"), ==, 0);
  g_assert_true (cv_shared_row_flag (row, "b"));
  g_assert_false (cv_shared_row_flag (row, "n"));
  g_assert_nonnull (cv_shared_row_list (row, "l"));
  g_assert_null (cv_shared_row_list (row, "t"));
  g_assert_true (cv_shared_row_has (row, "t"));
  g_assert_false (cv_shared_row_has (row, "bare"));
  g_assert_false (cv_shared_row_has (row, "none"));
  g_assert_false (cv_shared_row_has (row, "x"));
  cv_shared_row_free (row);
}

static void
test_none (void)
{
  g_assert_null (cv_shared_row_new ("a", ""));
  g_assert_null (cv_shared_row_new ("a", "[]"));
  g_assert_null (cv_shared_row_new ("a", "{"));
  g_assert_null (cv_shared_row_new ("a", "{\"gone\":[true,9,\"p\"],\"text\":[\"x\",1,\"p\"]}"));
}

static void
test_clean (void)
{
  g_autofree char *lines = cv_shared_clean ("a\tb\r\nc\x01", 100, TRUE);
  g_autofree char *line = cv_shared_clean ("a\tb\r\nc", 100, FALSE);
  g_autofree char *turned = cv_shared_clean ("a\xe2\x80\xae"
                                             "b\xe2\x81\xa6"
                                             "c\xe2\x80\xa8"
                                             "d",
                                             100, TRUE);
  g_autofree char *cut = cv_shared_clean ("ääää", 3, FALSE);
  g_autofree char *invalid = cv_shared_clean ("a\xff", 3, FALSE);
  g_assert_cmpstr (lines, ==, "a\tb\nc ");
  g_assert_cmpstr (line, ==, "a b c");
  g_assert_cmpstr (turned, ==, "abc d");
  g_assert_cmpstr (cut, ==, "äää");
  g_assert_cmpstr (invalid, ==, "a\xef\xbf\xbd");
}

/* Keys as base-62 digits, byte by byte; ties by id. */
static void
test_order (void)
{
  static const char *const rows[][2] = { { "c", "b" }, { "b", "aV" }, { "a", "aV" }, { "d", "Z" } };
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_shared_row_free);
  g_autoptr (GString) order = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *state = g_strdup_printf ("{\"order\":[\"%s\",1,\"p\"],\"at\":[%u,1,\"p\"]}", rows[i][1], 9 - i);
    g_ptr_array_add (array, cv_shared_row_new (rows[i][0], state));
  }
  g_ptr_array_sort (array, cv_shared_row_compare_order);
  for (guint i = 0; i < array->len; i++)
    g_string_append (order, ((CvSharedRow *) g_ptr_array_index (array, i))->id);
  g_assert_cmpstr (order->str, ==, "dabc");
  g_ptr_array_sort (array, cv_shared_row_compare_at);
  g_assert_cmpstr (((CvSharedRow *) g_ptr_array_index (array, 0))->id, ==, "d");
  g_assert_cmpstr (((CvSharedRow *) g_ptr_array_index (array, 3))->id, ==, "c");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shared-row/values", test_values);
  g_test_add_func ("/shared-row/none", test_none);
  g_test_add_func ("/shared-row/clean", test_clean);
  g_test_add_func ("/shared-row/order", test_order);
  return g_test_run ();
}
