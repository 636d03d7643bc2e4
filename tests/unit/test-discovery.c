/* What a provider says of itself: taken, and refused. */
#include "oidc/discovery.h"

#include <string.h>

#define ISSUER "https://sso.example/x"
#define WHERE                                                                                                          \
  "\"authorization_endpoint\":\"https://sso.example/a\",\"token_endpoint\":\"https://sso.example/t\",\"jwks_uri\":"    \
  "\"https://sso.example/k\""
#define SELF(more) "{\"issuer\":\"" ISSUER "\"," WHERE more "}"

static CvOidcDiscovery *
read_document (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return cv_oidc_discovery_read (bytes, ISSUER, NULL);
}

static void
test_good (void)
{
  g_autoptr (CvOidcDiscovery) self = read_document (SELF (""));
  g_autoptr (CvOidcDiscovery) other =
    read_document (SELF (",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"],"
                         "\"authorization_response_iss_parameter_supported\":true"));
  g_autoptr (CvOidcDiscovery) both = read_document (
    SELF (",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"client_secret_basic\"]"));
  g_assert_cmpstr (self->authorization, ==, "https://sso.example/a");
  g_assert_cmpstr (self->token, ==, "https://sso.example/t");
  g_assert_cmpstr (self->keys, ==, "https://sso.example/k");
  g_assert_false (self->secret_in_body || self->says_issuer || both->secret_in_body);
  g_assert_true (other->secret_in_body && other->says_issuer);
}

static void
test_bad (void)
{
  static const char *const bad[] = { "", "{}", "{" WHERE "}", "{\"issuer\":\"" ISSUER "/\"," WHERE "}",
                                     "{\"issuer\":\"" ISSUER "\"}" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (read_document (bad[i]));
  for (const char *const *name = (const char *const[]){ "/a\"", "/t\"", "/k\"", NULL }; *name != NULL; name++) {
    g_auto (GStrv) parts = g_strsplit (SELF (""), *name, 2);
    g_autofree char *text = g_strjoinv ("#\"", parts);
    g_assert_null (read_document (text));
  }
}

static void
test_url (void)
{
  g_autofree char *plain = cv_oidc_discovery_url ("https://sso.example"),
                  *slash = cv_oidc_discovery_url ("https://sso.example/x/");
  g_assert_cmpstr (plain, ==, "https://sso.example/.well-known/openid-configuration");
  g_assert_cmpstr (slash, ==, "https://sso.example/x/.well-known/openid-configuration");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/discovery/good", test_good);
  g_test_add_func ("/discovery/bad", test_bad);
  g_test_add_func ("/discovery/url", test_url);
  return g_test_run ();
}
