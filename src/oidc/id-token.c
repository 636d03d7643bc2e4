/* See id-token.h. */
#include "oidc/id-token.h"

#include "base/ids.h"
#include "base/json.h"

#include <string.h>

void
cv_oidc_header_clear (CvOidcHeader *self)
{
  g_clear_pointer (&self->kid, g_free);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, CV_OIDC_ERROR, CV_OIDC_ERROR_TOKEN, what);
  return FALSE;
}

/* ---- the header ---- */

/* Three parts, each of them base64url by the letter. */
static gboolean
is_compact (const char *text)
{
  gsize n = strnlen (text, CV_OIDC_MAX_TOKEN_BYTES + 1), length = 0;
  g_auto (GStrv) parts = n <= CV_OIDC_MAX_TOKEN_BYTES ? g_strsplit (text, ".", -1) : NULL;
  if (parts == NULL || g_strv_length (parts) != 3)
    return FALSE;
  for (char **part = parts; *part != NULL; part++) {
    g_autofree char *bytes = cv_oidc_decode (*part, strlen (*part), &length);
    if (bytes == NULL)
      return FALSE;
  }
  return TRUE;
}

/* Returns: (transfer full), or NULL. */
static JsonObject *
decode_header (const char *token)
{
  gsize n = 0;
  g_autofree char *bytes = cv_oidc_decode (token, strcspn (token, "."), &n);
  return bytes != NULL ? cv_json_parse_foreign (bytes, n, CV_OIDC_MAX_TOKEN_BYTES, NULL) : NULL;
}

/* Keys that a header names or brings along are never looked at: members that nobody reads here. */
gboolean
cv_oidc_header_read (const char *token, CvOidcHeader *header)
{
  *header = (CvOidcHeader){ 0 };
  g_autoptr (JsonObject) object = is_compact (token) ? decode_header (token) : NULL;
  if (object == NULL || json_object_has_member (object, "crit"))
    return FALSE;
  const char *kid = cv_oidc_document_text (object, "kid", CV_OIDC_MAX_TEXT);
  header->algorithm = cv_oidc_algorithm_from_name (cv_oidc_document_text (object, "alg", CV_OIDC_MAX_TEXT));
  if (header->algorithm == CV_OIDC_ALGORITHM_NONE || (kid == NULL && json_object_has_member (object, "kid")))
    return FALSE;
  header->kid = g_strdup (kid);
  return TRUE;
}

/* ---- the claims ---- */

/* One of several audiences is ours only where the token was made for us. */
static gboolean
is_for_us (JsonObject *claims, const char *client)
{
  JsonNode *audience = json_object_get_member (claims, "aud");
  gboolean several =
    audience != NULL && JSON_NODE_HOLDS_ARRAY (audience) && json_array_get_length (json_node_get_array (audience)) > 1;
  if (!cv_oidc_document_has (claims, "aud", client))
    return FALSE;
  if (!several && !json_object_has_member (claims, "azp"))
    return TRUE;
  return g_strcmp0 (cv_oidc_document_text (claims, "azp", CV_OIDC_MAX_TEXT), client) == 0;
}

static gboolean
is_timely (JsonObject *claims, double now, GError **error)
{
  double expires, issued, begins;
  if (!cv_oidc_document_number (claims, "exp", &expires) || now >= expires + CV_OIDC_CLOCK_SECONDS)
    return fail (error, "it has expired");
  if (!cv_oidc_document_number (claims, "iat", &issued) || issued > now + CV_OIDC_CLOCK_SECONDS)
    return fail (error, "it was issued in the future: one of the clocks is wrong");
  if (now - issued > CV_OIDC_MAX_AGE_SECONDS + CV_OIDC_CLOCK_SECONDS)
    return fail (error, "it was issued long ago");
  if (json_object_has_member (claims, "nbf") &&
      (!cv_oidc_document_number (claims, "nbf", &begins) || begins > now + CV_OIDC_CLOCK_SECONDS))
    return fail (error, "it is not good yet");
  return TRUE;
}

gboolean
cv_oidc_claims_check (JsonObject *claims, const CvOidcExpected *expected, GError **error)
{
  const char *nonce = cv_oidc_document_text (claims, "nonce", CV_OIDC_MAX_TEXT);
  if (g_strcmp0 (cv_oidc_document_text (claims, "iss", CV_OIDC_MAX_URL), expected->issuer) != 0)
    return fail (error, "it is from another issuer");
  if (!is_for_us (claims, expected->client))
    return fail (error, "it is for another client");
  if (cv_oidc_document_text (claims, "sub", CV_OIDC_MAX_TEXT) == NULL)
    return fail (error, "it has no subject");
  if (!is_timely (claims, (double) expected->now, error))
    return FALSE;
  if (nonce == NULL || strlen (nonce) != strlen (expected->nonce) ||
      !cv_bytes_equal ((const guint8 *) nonce, (const guint8 *) expected->nonce, strlen (nonce)))
    return fail (error, "it is for another sign-in");
  return TRUE;
}

/* Returns: (transfer full), NULL with an error. */
static JsonObject *
verify (const char *token, const CvOidcKeys *keys, const CvOidcHeader *header, GError **error)
{
  guint8 *claims = NULL;
  size_t n = 0;
  cjose_jws_t *jws = cjose_jws_import (token, strlen (token), NULL);
  gboolean good = jws != NULL && cv_oidc_keys_verify (keys, jws, header->kid, header->algorithm) &&
                  cjose_jws_get_plaintext (jws, &claims, &n, NULL);
  JsonObject *object = good ? cv_json_parse_foreign ((const char *) claims, n, CV_OIDC_MAX_TOKEN_BYTES, NULL) : NULL;
  if (jws != NULL)
    cjose_jws_release (jws);
  if (object == NULL)
    fail (error, good ? "its claims are no JSON object" : "its signature is not by a key of the provider");
  return object;
}

JsonObject *
cv_oidc_token_read (const char *token, const CvOidcKeys *keys, const CvOidcExpected *expected, GError **error)
{
  g_auto (CvOidcHeader) header = { 0 };
  if (!cv_oidc_header_read (token, &header)) {
    fail (error, "it is not signed with RS256, PS256 or ES256");
    return NULL;
  }
  g_autoptr (JsonObject) claims = verify (token, keys, &header, error);
  return claims != NULL && cv_oidc_claims_check (claims, expected, error) ? g_steal_pointer (&claims) : NULL;
}
