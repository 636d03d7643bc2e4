/* A provider's keys: which are kept, and for which signatures each is good. */
#include "oidc/key-set.h"

#include <string.h>

/* The public part of a new key, as a member of a set that has `more` besides. Returns: (transfer full). */
static char *
print_key (cjose_jwk_t *jwk, const char *more)
{
  char *json = cjose_jwk_to_json (jwk, false, NULL);
  char *text = g_strdup_printf ("{%s,%s", more, json + 1);
  cjose_get_dealloc () (json);
  return text;
}

static CvOidcKeys *
read_set (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return cv_oidc_keys_read (bytes, NULL);
}

static CvOidcKeys *
read_one (cjose_jwk_t *jwk, const char *more)
{
  g_autofree char *key = print_key (jwk, more);
  g_autofree char *text = g_strdup_printf ("{\"keys\":[%s]}", key);
  return read_set (text);
}

static void
test_algorithms (void)
{
  static const char *const bad[] = { "none", "HS256", "RS384", "ES384", "rs256", "", "RS256 ", "EdDSA", NULL };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (cv_oidc_algorithm_from_name (bad[i]), ==, CV_OIDC_ALGORITHM_NONE);
  g_assert_cmpint (cv_oidc_algorithm_from_name ("RS256"), ==, CV_OIDC_ALGORITHM_RS256);
  g_assert_cmpint (cv_oidc_algorithm_from_name ("PS256"), ==, CV_OIDC_ALGORITHM_PS256);
  g_assert_cmpint (cv_oidc_algorithm_from_name ("ES256"), ==, CV_OIDC_ALGORITHM_ES256);
}

static void
test_rsa (void)
{
  cjose_jwk_t *rsa = cjose_jwk_create_RSA_random (2048, NULL, 0, NULL);
  g_autoptr (CvOidcKeys) any = read_one (rsa, "\"kid\":\"a\"");
  g_autoptr (CvOidcKeys) one = read_one (rsa, "\"kid\":\"a\",\"alg\":\"PS256\",\"use\":\"sig\"");
  g_autoptr (CvOidcKeys) sealing = read_one (rsa, "\"kid\":\"a\",\"use\":\"enc\"");
  g_assert_true (cv_oidc_keys_has (any, "a", CV_OIDC_ALGORITHM_RS256));
  g_assert_true (cv_oidc_keys_has (any, NULL, CV_OIDC_ALGORITHM_PS256));
  g_assert_false (cv_oidc_keys_has (any, "b", CV_OIDC_ALGORITHM_RS256));
  g_assert_false (cv_oidc_keys_has (any, "a", CV_OIDC_ALGORITHM_ES256));
  g_assert_false (cv_oidc_keys_has (any, "a", CV_OIDC_ALGORITHM_NONE));
  g_assert_true (cv_oidc_keys_has (one, "a", CV_OIDC_ALGORITHM_PS256));
  g_assert_false (cv_oidc_keys_has (one, "a", CV_OIDC_ALGORITHM_RS256));
  g_assert_false (cv_oidc_keys_has (sealing, "a", CV_OIDC_ALGORITHM_RS256));
  cjose_jwk_release (rsa);
}

static void
test_weak (void)
{
  cjose_jwk_t *rsa = cjose_jwk_create_RSA_random (1024, NULL, 0, NULL);
  cjose_jwk_t *p256 = cjose_jwk_create_EC_random (CJOSE_JWK_EC_P_256, NULL),
              *p384 = cjose_jwk_create_EC_random (CJOSE_JWK_EC_P_384, NULL);
  g_autoptr (CvOidcKeys) weak = read_one (rsa, "\"kid\":\"a\"");
  g_autoptr (CvOidcKeys) good = read_one (p256, "\"kid\":\"a\"");
  g_autoptr (CvOidcKeys) other = read_one (p384, "\"kid\":\"a\"");
  g_assert_false (cv_oidc_keys_has (weak, "a", CV_OIDC_ALGORITHM_RS256));
  g_assert_true (cv_oidc_keys_has (good, "a", CV_OIDC_ALGORITHM_ES256));
  g_assert_false (cv_oidc_keys_has (good, "a", CV_OIDC_ALGORITHM_RS256));
  g_assert_false (cv_oidc_keys_has (other, "a", CV_OIDC_ALGORITHM_ES256));
  cjose_jwk_release (rsa);
  cjose_jwk_release (p256);
  cjose_jwk_release (p384);
}

/* A point of one curve is none of another. */
static void
test_curve (void)
{
  cjose_jwk_t *p256 = cjose_jwk_create_EC_random (CJOSE_JWK_EC_P_256, NULL);
  g_autofree char *key = print_key (p256, "\"kid\":\"a\"");
  g_auto (GStrv) parts = g_strsplit (key, "P-256", 2);
  g_autofree char *other = g_strjoinv ("secp256k1", parts), *text = g_strdup_printf ("{\"keys\":[%s]}", other);
  g_autoptr (CvOidcKeys) keys = read_set (text);
  g_assert_false (cv_oidc_keys_has (keys, "a", CV_OIDC_ALGORITHM_ES256));
  cjose_jwk_release (p256);
}

static void
test_strange (void)
{
  static const char *const bad[] = { "", "{}", "{\"keys\":1}", "{\"keys\":{}}" };
  g_autoptr (CvOidcKeys) none = read_set (
    "{\"keys\":[1,{},[],null,{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"RSA\"},{"
    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"f83OJ3D2xF1Bg8vub=tLe1gHMzV76e8Tus9uPHvRVEU\"}]}");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (read_set (bad[i]));
  for (CvOidcAlgorithm i = CV_OIDC_ALGORITHM_NONE; i <= CV_OIDC_ALGORITHM_ES256; i++)
    g_assert_false (cv_oidc_keys_has (none, NULL, i));
}

static void
test_many (void)
{
  cjose_jwk_t *p256 = cjose_jwk_create_EC_random (CJOSE_JWK_EC_P_256, NULL);
  g_autoptr (GString) text = g_string_new ("{\"keys\":[");
  for (guint i = 0; i <= CV_OIDC_MAX_KEYS; i++) {
    g_autofree char *kid = g_strdup_printf ("\"kid\":\"%u\"", i);
    g_autofree char *key = print_key (p256, kid);
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", key);
  }
  g_string_append (text, "]}");
  g_autoptr (CvOidcKeys) keys = read_set (text->str);
  g_autofree char *last = g_strdup_printf ("%d", CV_OIDC_MAX_KEYS - 1),
                  *beyond = g_strdup_printf ("%d", CV_OIDC_MAX_KEYS);
  g_assert_true (cv_oidc_keys_has (keys, last, CV_OIDC_ALGORITHM_ES256));
  g_assert_false (cv_oidc_keys_has (keys, beyond, CV_OIDC_ALGORITHM_ES256));
  cjose_jwk_release (p256);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-set/algorithms", test_algorithms);
  g_test_add_func ("/key-set/rsa", test_rsa);
  g_test_add_func ("/key-set/weak", test_weak);
  g_test_add_func ("/key-set/curve", test_curve);
  g_test_add_func ("/key-set/strange", test_strange);
  g_test_add_func ("/key-set/many", test_many);
  return g_test_run ();
}
