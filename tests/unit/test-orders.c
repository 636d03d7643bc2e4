/* The key of a room's orders: the vectors that the browsers test against too, and that each room has another. */
#include "ctl/orders.h"

#include "base/json.h"

#include <openssl/x509.h>
#include <string.h>

static void
decode (JsonObject *object, const char *name, guint8 *out, gsize n)
{
  g_assert_true (cv_base64url_decode (json_object_get_string_member (object, name), out, n));
}

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = cv_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return object;
}

static EVP_PKEY *
read_pair (JsonObject *vector)
{
  const char *text = json_object_get_string_member (vector, "pkcs8");
  gsize n = strlen (text) * 6 / 8;
  g_autofree guint8 *bytes = g_malloc (n);
  const guint8 *at = bytes;
  PKCS8_PRIV_KEY_INFO *info;
  EVP_PKEY *pair;

  g_assert_true (cv_base64url_decode (text, bytes, n));
  info = d2i_PKCS8_PRIV_KEY_INFO (NULL, &at, (long) n);
  g_assert_nonnull (info);
  pair = EVP_PKCS82PKEY (info);
  PKCS8_PRIV_KEY_INFO_free (info);
  g_assert_nonnull (pair);
  return pair;
}

static void
test_vectors (void)
{
  static const char *const MEMBERS[] = { "key", "mac", "sealed" };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *vectors;

  json_parser_load_from_file (parser, CV_TESTS_DIR "/vectors/link-1.json", &error);
  g_assert_no_error (error);
  vectors = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "orders");
  g_assert_cmpuint (json_array_get_length (vectors), >=, 2);
  for (guint i = 0; i < json_array_get_length (vectors); i++) {
    JsonObject *vector = json_array_get_object_element (vectors, i);
    JsonObject *expected = json_object_get_object_member (vector, "sealed");
    g_autoptr (JsonObject) found = NULL;
    g_autofree char *text = NULL;
    EVP_PKEY *pair = read_pair (vector);
    guint8 nonce[CV_ORDERS_NONCE_BYTES];
    CvLink link;

    g_strlcpy (link.room, json_object_get_string_member (vector, "room"), sizeof link.room);
    decode (vector, "secret", link.secret, sizeof link.secret);
    decode (vector, "host_secret", link.host_secret, sizeof link.host_secret);
    decode (vector, "nonce", nonce, sizeof nonce);
    text = cv_orders_seal (&link, pair, nonce);
    found = parse (text);
    for (gsize k = 0; k < G_N_ELEMENTS (MEMBERS); k++)
      g_assert_cmpstr (json_object_get_string_member (found, MEMBERS[k]), ==,
                       json_object_get_string_member (expected, MEMBERS[k]));
    EVP_PKEY_free (pair);
  }
}

static void
test_new (void)
{
  g_autoptr (JsonObject) first = NULL, second = NULL;
  g_autofree char *a = NULL, *b = NULL;
  CvLink link;

  cv_link_init (&link);
  a = cv_orders_new (&link);
  b = cv_orders_new (&link);
  g_assert_cmpuint (strlen (a), <=, 1024);
  first = parse (a);
  second = parse (b);
  g_assert_cmpuint (json_object_get_size (first), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (first, "key"), !=, json_object_get_string_member (second, "key"));
  g_assert_cmpint (strncmp (json_object_get_string_member (first, "sealed"),
                            json_object_get_string_member (second, "sealed"), CV_ORDERS_NONCE_BYTES),
                   !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orders/vectors", test_vectors);
  g_test_add_func ("/orders/new", test_new);
  return g_test_run ();
}
