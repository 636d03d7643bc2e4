/* Fuzz target of what a provider of OpenID Connect says (libFuzzer).
 *
 * The first byte says what the others are: 'd' what it says of itself, 'k' its keys, 't' a whole token, 's' claims, which are signed
 * here with the right key. What is taken keeps to all bounds, and is from and for whom it should be.
 */
#include "oidc/discovery.h"
#include "oidc/id-token.h"
#include "oidc/person.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000)
#define ISSUER "https://sso.example"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static const CvOidcExpected expected = { .issuer = ISSUER, .client = "conclave", .nonce = "nonce", .now = NOW };

/* Made once. */
static cjose_jwk_t *
get_key (void)
{
  static cjose_jwk_t *key = NULL;
  if (key == NULL)
    key = cjose_jwk_create_EC_random (CJOSE_JWK_EC_P_256, NULL);
  return key;
}

static const CvOidcKeys *
get_keys (void)
{
  static CvOidcKeys *keys = NULL;
  if (keys == NULL) {
    char *json = cjose_jwk_to_json (get_key (), false, NULL);
    g_autofree char *set = g_strdup_printf ("{\"keys\":[%s]}", json);
    g_autoptr (GBytes) bytes = g_bytes_new (set, strlen (set));
    keys = cv_oidc_keys_read (bytes, NULL);
    cjose_get_dealloc () (json);
  }
  return keys;
}

static void
look_at_discovery (GBytes *bytes)
{
  g_autoptr (CvOidcDiscovery) self = cv_oidc_discovery_read (bytes, ISSUER, NULL);
  if (self != NULL)
    g_assert_true (cv_oidc_is_url (self->authorization, FALSE) && cv_oidc_is_url (self->token, FALSE) &&
                   cv_oidc_is_url (self->keys, FALSE));
}

static void
look_at_keys (GBytes *bytes)
{
  g_autoptr (CvOidcKeys) keys = cv_oidc_keys_read (bytes, NULL);
  if (keys != NULL)
    g_assert_false (cv_oidc_keys_has (keys, NULL, CV_OIDC_ALGORITHM_NONE));
}

static void
look_at_person (JsonObject *claims)
{
  static const char *const groups[] = { "staff", NULL }, *const nobody[] = { NULL };
  const CvOidcRules rules[] = { { "preferred_username", "groups", nobody, nobody },
                                { "email", "groups", groups, groups } };
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
    g_autoptr (CvOidcPerson) person = cv_oidc_person_read (claims, &rules[i], NULL);
    if (person == NULL)
      continue;
    g_assert_true (g_utf8_validate (person->subject, -1, NULL) && *person->subject != '\0');
    g_assert_true (person->login == NULL ||
                   (*person->login != '\0' && g_utf8_strlen (person->login, -1) <= CV_OIDC_MAX_LOGIN));
    g_assert_true (person->name == NULL ||
                   (*person->name != '\0' && g_utf8_strlen (person->name, -1) <= CV_OIDC_MAX_NAME));
  }
}

static void
look_at_token (const char *token)
{
  g_auto (CvOidcHeader) header = { 0 };
  gboolean has_header = cv_oidc_header_read (token, &header);
  g_autoptr (JsonObject) claims = cv_oidc_token_read (token, get_keys (), &expected, NULL);
  if (claims == NULL)
    return;
  g_assert_true (has_header && header.algorithm == CV_OIDC_ALGORITHM_ES256);
  g_assert_cmpstr (cv_oidc_document_text (claims, "iss", CV_OIDC_MAX_URL), ==, ISSUER);
  g_assert_cmpstr (cv_oidc_document_text (claims, "nonce", CV_OIDC_MAX_TEXT), ==, "nonce");
  g_assert_true (cv_oidc_document_has (claims, "aud", "conclave"));
  look_at_person (claims);
}

static void
look_at_claims (const guint8 *data, gsize n)
{
  cjose_header_t *header = cjose_header_new (NULL);
  const char *token = NULL;
  cjose_header_set (header, CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, NULL);
  cjose_jws_t *jws = cjose_jws_sign (get_key (), header, data, n, NULL);
  if (jws != NULL && cjose_jws_export (jws, &token, NULL))
    look_at_token (token);
  if (jws != NULL)
    cjose_jws_release (jws);
  cjose_header_release (header);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n < 1)
    return 0;
  g_autoptr (GBytes) bytes = g_bytes_new (data + 1, n - 1);
  g_autofree char *text = g_strndup ((const char *) data + 1, n - 1);
  if (data[0] == 'd')
    look_at_discovery (bytes);
  else if (data[0] == 'k')
    look_at_keys (bytes);
  else if (data[0] == 's')
    look_at_claims (data + 1, n - 1);
  else
    look_at_token (text);
  return 0;
}
