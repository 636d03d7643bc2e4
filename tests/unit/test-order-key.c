/* There is always room between two keys; the vectors, which the web client is held against as well. */
#include "model/order-key.h"
#include "lib/operations.h"

#include <string.h>

static const char *
get_end (JsonArray *vector, guint index)
{
  return json_array_get_null_element (vector, index) ? NULL : json_array_get_string_element (vector, index);
}

static void
test_vectors (void)
{
  g_autoptr (JsonObject) vectors = operations_load_vectors ();
  JsonArray *keys = json_object_get_array_member (vectors, "keys");
  for (guint i = 0; i < json_array_get_length (keys); i++) {
    JsonArray *vector = json_array_get_array_element (keys, i);
    g_autofree char *key = cv_order_key_between (get_end (vector, 0), get_end (vector, 1));
    g_assert_cmpstr (key, ==, json_array_get_string_element (vector, 2));
    g_assert_true (cv_order_key_is_valid (key));
  }
}

static void
test_anywhere (void)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  for (guint n = 0; n < 2000; n++) {
    guint at = (guint) g_test_rand_int_range (0, (gint32) keys->len + 1);
    const char *low = at > 0 ? g_ptr_array_index (keys, at - 1) : NULL;
    const char *high = at < keys->len ? g_ptr_array_index (keys, at) : NULL;
    char *key = cv_order_key_between (low, high);
    g_assert_true (cv_order_key_is_valid (key));
    g_assert_true (low == NULL || strcmp (low, key) < 0);
    g_assert_true (high == NULL || strcmp (key, high) < 0);
    g_ptr_array_insert (keys, (gint) at, key);
  }
}

static void
test_is_valid (void)
{
  const char *const bad[] = { "", "0", "V0", "a b", "\303\251" };
  g_autofree char *longest = g_strnfill (CV_MODEL_MAX_KEY_CHARACTERS, 'V');
  g_autofree char *longer = g_strnfill (CV_MODEL_MAX_KEY_CHARACTERS + 1, 'V');
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (cv_order_key_is_valid (bad[i]));
  g_assert_true (cv_order_key_is_valid (longest));
  g_assert_false (cv_order_key_is_valid (longer));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order-key/vectors", test_vectors);
  g_test_add_func ("/order-key/anywhere", test_anywhere);
  g_test_add_func ("/order-key/is-valid", test_is_valid);
  return g_test_run ();
}
