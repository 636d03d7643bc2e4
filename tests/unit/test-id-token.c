/* ID tokens: headers that are taken, claims that fit, and one whole token there and back. */
#include "oidc/id-token.h"

#include "base/ids.h"
#include "base/json.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000)
#define GOOD                                                                                                           \
  "{\"iss\":\"https://"                                                                                                \
  "sso.example\",\"aud\":\"c\",\"sub\":\"1\",\"nonce\":\"no\",\"iat\":1700000000,\"exp\":1700000300}"

static const CvOidcExpected expected = { .issuer = "https://sso.example", .client = "c", .nonce = "no", .now = NOW };

static char *
make_token (const char *header)
{
  g_autofree char *part = cv_base64url_encode ((const guint8 *) header, strlen (header));
  return g_strconcat (part, ".e30.AAAA", NULL);
}

static gboolean
takes_header (const char *text, CvOidcAlgorithm algorithm, const char *kid)
{
  g_autofree char *token = make_token (text);
  g_auto (CvOidcHeader) header = { 0 };
  return cv_oidc_header_read (token, &header) && header.algorithm == algorithm && g_strcmp0 (header.kid, kid) == 0;
}

static void
test_header (void)
{
  static const char *const bad[] = { "{\"alg\":\"none\"}",
                                     "{\"alg\":\"HS256\"}",
                                     "{}",
                                     "[]",
                                     "",
                                     "{\"alg\":\"RS256\",\"crit\":[]}",
                                     "{\"alg\":[\"RS256\"]}",
                                     "{\"alg\":\"RS256\",\"kid\":1}",
                                     "{\"alg\":\"RS256\",\"kid\":\"\"}",
                                     "{\"alg\":\"RS256\",\"alg\":\"RS256\"}" };
  static const char *const no_token[] = { "",
                                          ".",
                                          "..",
                                          "a.b",
                                          "a.b.c.d",
                                          "eyJhbGciOiJSUzI1NiJ9.e30",
                                          "eyJhbGciOiJSUzI1NiJ9.e30.AAAA.AAAA",
                                          "eyJhbGciOiJSUzI1NiJ9.e30.=",
                                          "eyJhbGciOiJSUzI1NiJ9.e30.A\n" };
  g_auto (CvOidcHeader) header = { 0 };
  g_assert_true (takes_header ("{\"alg\":\"RS256\",\"kid\":\"k\",\"jku\":\"https://evil.example\",\"jwk\":{}}",
                               CV_OIDC_ALGORITHM_RS256, "k"));
  g_assert_true (takes_header ("{\"alg\":\"PS256\"}", CV_OIDC_ALGORITHM_PS256, NULL));
  g_assert_true (takes_header ("{\"alg\":\"ES256\"}", CV_OIDC_ALGORITHM_ES256, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *token = make_token (bad[i]);
    g_assert_false (cv_oidc_header_read (token, &header));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (no_token); i++)
    g_assert_false (cv_oidc_header_read (no_token[i], &header));
  g_autofree char *filled = g_strnfill (CV_OIDC_MAX_TOKEN_BYTES, 'A'),
                  *large = g_strconcat ("eyJhbGciOiJSUzI1NiJ9.e30.", filled, NULL);
  g_assert_false (cv_oidc_header_read (large, &header));
  large[CV_OIDC_MAX_TOKEN_BYTES] = '\0';
  g_assert_true (cv_oidc_header_read (large, &header));
}

/* GOOD with one member in the place of another; NULL: without it. */
static gboolean
takes (const char *member, const char *value)
{
  g_autoptr (JsonObject) claims = cv_json_parse (GOOD, strlen (GOOD), NULL);
  g_autofree char *text = g_strdup_printf ("{\"v\":%s}", value != NULL ? value : "1");
  g_autoptr (JsonObject) holder = cv_json_parse (text, strlen (text), NULL);
  g_autoptr (GError) error = NULL;
  if (value == NULL)
    json_object_remove_member (claims, member);
  else
    json_object_set_member (claims, member, json_object_dup_member (holder, "v"));
  gboolean taken = cv_oidc_claims_check (claims, &expected, &error);
  g_assert_true (taken || g_error_matches (error, CV_OIDC_ERROR, CV_OIDC_ERROR_TOKEN));
  return taken;
}

static void
test_claims (void)
{
  static const struct {
    const char *member, *good, *bad;
  } pairs[] = {
    { "iss", "\"https://sso.example\"", "\"https://sso.example/\"" },
    { "iss", "\"https://sso.example\"", "[\"https://sso.example\"]" },
    { "aud", "[\"c\"]", "[\"d\"]" },
    { "aud", "\"c\"", "[\"c\",\"d\"]" },
    { "aud", "\"c\"", "{\"c\":\"c\"}" },
    { "azp", "\"c\"", "\"d\"" },
    { "azp", "\"c\"", "1" },
    { "sub", "\"x\"", "\"\"" },
    { "sub", "\"x\"", "1" },
    { "nonce", "\"no\"", "\"on\"" },
    { "nonce", "\"no\"", "\"n\"" },
    { "nonce", "\"no\"", "\"noo\"" },
    { "nonce", "\"no\"", "1" },
    { "exp", "1699999941", "1699999940" },
    { "exp", "1700000000.5", "\"1700000300\"" },
    { "iat", "1700000060", "1700000061" },
    { "iat", "1699999340", "1699999339" },
    { "iat", "1700000000", "\"1700000000\"" },
    { "nbf", "1700000060", "1700000061" },
    { "nbf", "0", "\"0\"" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_assert_true (takes (pairs[i].member, pairs[i].good));
    g_assert_false (takes (pairs[i].member, pairs[i].bad));
  }
  for (const char *const *name = (const char *const[]){ "iss", "aud", "sub", "nonce", "iat", "exp", NULL };
       *name != NULL; name++)
    g_assert_false (takes (*name, NULL));
}

/* Returns: (transfer full). */
static char *
sign (cjose_jwk_t *jwk, const char *algorithm, const char *claims)
{
  cjose_header_t *header = cjose_header_new (NULL);
  const char *compact = NULL;
  g_assert_true (cjose_header_set (header, CJOSE_HDR_ALG, algorithm, NULL));
  cjose_jws_t *jws = cjose_jws_sign (jwk, header, (const guint8 *) claims, strlen (claims), NULL);
  g_assert_true (cjose_jws_export (jws, &compact, NULL));
  char *text = g_strdup (compact);
  cjose_jws_release (jws);
  cjose_header_release (header);
  return text;
}

static void
test_whole (void)
{
  cjose_jwk_t *mine = cjose_jwk_create_RSA_random (2048, NULL, 0, NULL),
              *other = cjose_jwk_create_RSA_random (2048, NULL, 0, NULL);
  char *json = cjose_jwk_to_json (mine, false, NULL);
  g_autofree char *set = g_strdup_printf ("{\"keys\":[%s]}", json);
  g_autoptr (GBytes) bytes = g_bytes_new (set, strlen (set));
  g_autoptr (CvOidcKeys) keys = cv_oidc_keys_read (bytes, NULL);
  g_autofree char *good = sign (mine, "RS256", GOOD), *pss = sign (mine, "PS256", GOOD),
                  *forged = sign (other, "RS256", GOOD);
  g_autofree char *no_object = sign (mine, "RS256", "[]"), *larger = sign (mine, "RS384", GOOD);
  g_autoptr (JsonObject) claims = cv_oidc_token_read (good, keys, &expected, NULL);
  g_autoptr (JsonObject) padded = cv_oidc_token_read (pss, keys, &expected, NULL);
  g_assert_cmpstr (cv_oidc_document_text (claims, "sub", 9), ==, "1");
  g_assert_nonnull (padded);
  for (const char *const *bad = (const char *const[]){ forged, no_object, larger, "", NULL }; *bad != NULL; bad++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (cv_oidc_token_read (*bad, keys, &expected, &error));
    g_assert_error (error, CV_OIDC_ERROR, CV_OIDC_ERROR_TOKEN);
  }
  cjose_get_dealloc () (json);
  cjose_jwk_release (mine);
  cjose_jwk_release (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id-token/header", test_header);
  g_test_add_func ("/id-token/claims", test_claims);
  g_test_add_func ("/id-token/whole", test_whole);
  return g_test_run ();
}
