/* See person.h. */
#include "oidc/person.h"

#include <string.h>

#define EMAIL "email"

void
cv_oidc_person_free (CvOidcPerson *self)
{
  g_free (self->subject);
  g_free (self->login);
  g_free (self->name);
  g_free (self);
}

/* An address is somebody's once the provider has seen to that: else people could write anything. */
static const char *
get_email (JsonObject *claims)
{
  return cv_oidc_document_true (claims, "email_verified") ? cv_oidc_document_text (claims, EMAIL, CV_OIDC_MAX_TEXT)
                                                          : NULL;
}

static gboolean
is_in_group (JsonObject *claims, const CvOidcRules *rules)
{
  for (const char *const *group = rules->groups; *group != NULL; group++)
    if (cv_oidc_document_has (claims, rules->groups_claim, *group))
      return TRUE;
  return *rules->groups == NULL;
}

static gboolean
is_of_domain (JsonObject *claims, const CvOidcRules *rules)
{
  const char *email = get_email (claims);
  const char *at = email != NULL ? strrchr (email, '@') : NULL;
  for (const char *const *domain = rules->domains; at != NULL && *domain != NULL; domain++)
    if (g_ascii_strcasecmp (at + 1, *domain) == 0)
      return TRUE;
  return *rules->domains == NULL;
}

/* NFC without spaces around it. Returns: (transfer full), or NULL. */
static char *
clean (const char *text, gsize max)
{
  g_autofree char *normal = text != NULL ? g_utf8_normalize (text, -1, G_NORMALIZE_NFC) : NULL;
  if (normal == NULL || *g_strstrip (normal) == '\0' || g_utf8_strlen (normal, -1) > (glong) max)
    return NULL;
  return g_steal_pointer (&normal);
}

CvOidcPerson *
cv_oidc_person_read (JsonObject *claims, const CvOidcRules *rules, GError **error)
{
  gboolean by_email = g_str_equal (rules->login_claim, EMAIL);
  if (!is_in_group (claims, rules) || !is_of_domain (claims, rules)) {
    g_set_error_literal (error, CV_OIDC_ERROR, CV_OIDC_ERROR_NOT_ALLOWED, "not of a group or domain that may");
    return NULL;
  }
  CvOidcPerson *self = g_new0 (CvOidcPerson, 1);
  self->subject = g_strdup (cv_oidc_document_text (claims, "sub", CV_OIDC_MAX_TEXT));
  self->login =
    clean (by_email ? get_email (claims) : cv_oidc_document_text (claims, rules->login_claim, CV_OIDC_MAX_TEXT),
           CV_OIDC_MAX_LOGIN);
  self->name = clean (cv_oidc_document_text (claims, "name", CV_OIDC_MAX_TEXT), CV_OIDC_MAX_NAME);
  return self;
}
