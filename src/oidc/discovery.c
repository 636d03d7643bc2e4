/* See discovery.h. */
#include "oidc/discovery.h"

#include <string.h>

char *
cv_oidc_discovery_url (const char *issuer)
{
  gsize n = strlen (issuer);
  return g_strdup_printf ("%.*s/.well-known/openid-configuration", (int) (issuer[n - 1] == '/' ? n - 1 : n), issuer);
}

void
cv_oidc_discovery_free (CvOidcDiscovery *self)
{
  g_free (self->authorization);
  g_free (self->token);
  g_free (self->keys);
  g_free (self);
}

/* Returns: (transfer full), NULL with an error. */
static char *
read_url (JsonObject *object, const char *name, GError **error)
{
  const char *text = cv_oidc_document_text (object, name, CV_OIDC_MAX_URL);
  if (text != NULL && cv_oidc_is_url (text, FALSE))
    return g_strdup (text);
  g_set_error (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "%s is not an address that begins with https://", name);
  return NULL;
}

/* Without a list of ways it is the header, and so it is with both. */
static gboolean
wants_secret_in_body (JsonObject *object)
{
  static const char name[] = "token_endpoint_auth_methods_supported";
  return json_object_has_member (object, name) && !cv_oidc_document_has (object, name, "client_secret_basic");
}

CvOidcDiscovery *
cv_oidc_discovery_read (GBytes *bytes, const char *issuer, GError **error)
{
  g_autoptr (JsonObject) object = cv_oidc_document_parse (bytes, error);
  if (object == NULL)
    return NULL;
  /* by the letter: who could be another one's issuer could sign in as its people */
  if (g_strcmp0 (cv_oidc_document_text (object, "issuer", CV_OIDC_MAX_URL), issuer) != 0) {
    g_set_error (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "its issuer is not %s", issuer);
    return NULL;
  }
  g_autoptr (CvOidcDiscovery) self = g_new0 (CvOidcDiscovery, 1);
  self->authorization = read_url (object, "authorization_endpoint", error);
  self->token = self->authorization != NULL ? read_url (object, "token_endpoint", error) : NULL;
  self->keys = self->token != NULL ? read_url (object, "jwks_uri", error) : NULL;
  self->secret_in_body = wants_secret_in_body (object);
  self->says_issuer = cv_oidc_document_true (object, "authorization_response_iss_parameter_supported");
  return self->keys != NULL ? g_steal_pointer (&self) : NULL;
}
