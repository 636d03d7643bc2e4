/* Reading what a provider says: types, lengths, addresses. */
#include "oidc/document.h"

#include <string.h>

static JsonObject *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return cv_oidc_document_parse (bytes, NULL);
}

static void
test_text (void)
{
  g_autoptr (JsonObject) object =
    parse ("{\"a\":\"äb\",\"n\":1,\"e\":\"\",\"c\":\"x\\ny\",\"b\":\"x\\u202ey\",\"l\":[\"ä\",1],\"o\":{}}");
  static const char *const none[] = { "n", "e", "c", "b", "l", "o", "missing" };
  g_assert_cmpstr (cv_oidc_document_text (object, "a", 2), ==, "äb");
  g_assert_null (cv_oidc_document_text (object, "a", 1));
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (cv_oidc_document_text (object, none[i], 100));
  g_assert_true (cv_oidc_document_has (object, "a", "äb"));
  g_assert_true (cv_oidc_document_has (object, "l", "ä"));
  g_assert_false (cv_oidc_document_has (object, "l", "b"));
  g_assert_false (cv_oidc_document_has (object, "o", "b"));
  g_assert_false (cv_oidc_document_has (object, "missing", "b"));
}

static void
test_values (void)
{
  g_autoptr (JsonObject) object = parse ("{\"i\":17,\"d\":1.5,\"t\":true,\"f\":false,\"s\":\"true\",\"z\":null}");
  double value = 0;
  g_assert_true (cv_oidc_document_number (object, "i", &value) && value == 17);
  g_assert_true (cv_oidc_document_number (object, "d", &value) && value == 1.5);
  g_assert_false (cv_oidc_document_number (object, "s", &value));
  g_assert_false (cv_oidc_document_number (object, "t", &value));
  g_assert_false (cv_oidc_document_number (object, "z", &value));
  g_assert_true (cv_oidc_document_true (object, "t"));
  for (const char *name = "fsidzm"; *name != '\0'; name++)
    g_assert_false (cv_oidc_document_true (object, (const char[]){ *name, '\0' }));
}

static void
test_urls (void)
{
  static const char *const good[] = { "https://a.example/x?y", "http://localhost:1/", "http://127.0.0.2",
                                      "http://[::1]:8/x" };
  static const char *const bad[] = { "http://a.example",
                                     "https://u@a.example",
                                     "https://u:p@a.example",
                                     "https://a.example/#x",
                                     "javascript:alert(1)",
                                     "file:///etc",
                                     "",
                                     "a",
                                     "https://",
                                     "http://localhost.example" };
  g_autofree char *filled = g_strnfill (CV_OIDC_MAX_URL, 'x'), *longest = g_strconcat ("https://a/", filled, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (cv_oidc_is_url (good[i], FALSE));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (cv_oidc_is_url (bad[i], FALSE));
  g_assert_false (cv_oidc_is_url (longest, FALSE));
  longest[CV_OIDC_MAX_URL] = '\0';
  g_assert_true (cv_oidc_is_url (longest, FALSE));
  g_assert_true (cv_oidc_is_url ("https://a.example/x", TRUE));
  g_assert_false (cv_oidc_is_url ("https://a.example/x?y", TRUE));
}

static void
test_bounds (void)
{
  g_autoptr (GString) many = g_string_new ("{");
  for (guint i = 0; i < 200; i++)
    g_string_append_printf (many, "%s\"m%u\":[1,2]", i > 0 ? "," : "", i);
  g_string_append_c (many, '}');
  g_autoptr (JsonObject) object = parse (many->str);
  g_assert_cmpuint (json_object_get_size (object), ==, 200);
  g_string_truncate (many, 0);
  g_string_append (many, "{}");
  while (many->len <= CV_OIDC_MAX_BYTES)
    g_string_append_c (many, ' ');
  g_assert_null (parse (many->str));
  g_assert_null (parse (""));
  g_assert_null (parse ("[]"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/text", test_text);
  g_test_add_func ("/document/values", test_values);
  g_test_add_func ("/document/urls", test_urls);
  g_test_add_func ("/document/bounds", test_bounds);
  return g_test_run ();
}
