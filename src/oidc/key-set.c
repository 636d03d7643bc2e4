/* See key-set.h. */
#include "oidc/key-set.h"

#include "base/json.h"

#include <string.h>

typedef struct {
  cjose_jwk_t *jwk;
  char *kid;       /* or NULL */
  char *algorithm; /* the only one that it is for, or NULL */
  gboolean rsa;
} Key;

struct _CvOidcKeys {
  GPtrArray *all; /* of Key */
};

static const char *const ALGORITHMS[] = {
  [CV_OIDC_ALGORITHM_RS256] = "RS256",
  [CV_OIDC_ALGORITHM_PS256] = "PS256",
  [CV_OIDC_ALGORITHM_ES256] = "ES256",
};

CvOidcAlgorithm
cv_oidc_algorithm_from_name (const char *name)
{
  for (gsize i = CV_OIDC_ALGORITHM_RS256; i < G_N_ELEMENTS (ALGORITHMS); i++)
    if (g_strcmp0 (name, ALGORITHMS[i]) == 0)
      return (CvOidcAlgorithm) i;
  return CV_OIDC_ALGORITHM_NONE;
}

static void
key_free (gpointer data)
{
  Key *self = data;
  cjose_jwk_release (self->jwk);
  g_free (self->kid);
  g_free (self->algorithm);
  g_free (self);
}

void
cv_oidc_keys_free (CvOidcKeys *self)
{
  g_ptr_array_unref (self->all);
  g_free (self);
}

/* ---- reading ---- */

static gboolean
is_p256 (JsonObject *object, const char *kind)
{
  return g_strcmp0 (kind, "EC") == 0 &&
         g_strcmp0 (cv_oidc_document_text (object, "crv", CV_OIDC_MAX_TEXT), "P-256") == 0;
}

static gboolean
is_number (const char *text)
{
  gsize n = 0;
  g_autofree char *bytes = text != NULL ? cv_oidc_decode (text, strlen (text), &n) : NULL;
  return bytes != NULL && n > 0;
}

/* Only the public part, made anew: nothing else of what came gets to the library. Returns: (transfer full), or NULL. */
static cjose_jwk_t *
import (JsonObject *object, gboolean rsa)
{
  static const char *const numbers[][2] = { { "x", "y" }, { "n", "e" } };
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "kty", rsa ? "RSA" : "EC");
  if (!rsa)
    cv_json_add_text (builder, "crv", "P-256");
  for (gsize i = 0; i < G_N_ELEMENTS (numbers[0]); i++) {
    const char *text = cv_oidc_document_text (object, numbers[rsa][i], CV_OIDC_MAX_URL);
    if (!is_number (text))
      return NULL;
    cv_json_add_text (builder, numbers[rsa][i], text);
  }
  json_builder_end_object (builder);
  gsize n = 0;
  g_autofree char *text = cv_json_builder_to_text (builder, &n);
  cjose_jwk_t *jwk = cjose_jwk_import (text, n, NULL);
  if (jwk == NULL || !rsa || cjose_jwk_get_keysize (jwk, NULL) >= CV_OIDC_MIN_RSA_BITS)
    return jwk;
  cjose_jwk_release (jwk);
  return NULL;
}

static void
add_key (CvOidcKeys *self, JsonObject *object)
{
  const char *kind = cv_oidc_document_text (object, "kty", CV_OIDC_MAX_TEXT);
  const char *use = cv_oidc_document_text (object, "use", CV_OIDC_MAX_TEXT);
  gboolean rsa = g_strcmp0 (kind, "RSA") == 0;
  if ((!rsa && !is_p256 (object, kind)) || (use != NULL && !g_str_equal (use, "sig")))
    return;
  cjose_jwk_t *jwk = import (object, rsa);
  if (jwk == NULL)
    return;
  Key *key = g_new0 (Key, 1);
  key->jwk = jwk;
  key->rsa = rsa;
  key->kid = g_strdup (cv_oidc_document_text (object, "kid", CV_OIDC_MAX_TEXT));
  key->algorithm = g_strdup (cv_oidc_document_text (object, "alg", CV_OIDC_MAX_TEXT));
  g_ptr_array_add (self->all, key);
}

CvOidcKeys *
cv_oidc_keys_read (GBytes *bytes, GError **error)
{
  g_autoptr (JsonObject) object = cv_oidc_document_parse (bytes, error);
  JsonNode *node = object != NULL ? json_object_get_member (object, "keys") : NULL;
  if (object == NULL)
    return NULL;
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node)) {
    g_set_error_literal (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "it has no list of keys");
    return NULL;
  }
  CvOidcKeys *self = g_new0 (CvOidcKeys, 1);
  JsonArray *array = json_node_get_array (node);
  self->all = g_ptr_array_new_with_free_func (key_free);
  for (guint i = 0; i < json_array_get_length (array) && self->all->len < CV_OIDC_MAX_KEYS; i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (JSON_NODE_HOLDS_OBJECT (element))
      add_key (self, json_node_get_object (element));
  }
  return self;
}

/* ---- using them ---- */

static gboolean
fits (const Key *key, const char *kid, CvOidcAlgorithm algorithm)
{
  return algorithm != CV_OIDC_ALGORITHM_NONE && key->rsa == (algorithm != CV_OIDC_ALGORITHM_ES256) &&
         (kid == NULL || g_strcmp0 (key->kid, kid) == 0) &&
         (key->algorithm == NULL || g_str_equal (key->algorithm, ALGORITHMS[algorithm]));
}

gboolean
cv_oidc_keys_has (const CvOidcKeys *self, const char *kid, CvOidcAlgorithm algorithm)
{
  for (guint i = 0; i < self->all->len; i++)
    if (fits (g_ptr_array_index (self->all, i), kid, algorithm))
      return TRUE;
  return FALSE;
}

gboolean
cv_oidc_keys_verify (const CvOidcKeys *self, cjose_jws_t *jws, const char *kid, CvOidcAlgorithm algorithm)
{
  for (guint i = 0; i < self->all->len; i++) {
    const Key *key = g_ptr_array_index (self->all, i);
    if (fits (key, kid, algorithm) && cjose_jws_verify (jws, key->jwk, NULL))
      return TRUE;
  }
  return FALSE;
}
