/* See turn.h. */
#include "signalling/turn.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

void
cv_ice_clear (CvIce *self)
{
  g_clear_pointer (&self->urls, g_strfreev);
  g_clear_pointer (&self->username, g_free);
  g_clear_pointer (&self->credential, g_free);
}

static char *
with_host (const char *url, const char *host)
{
  GString *text = g_string_new (url);
  g_string_replace (text, "%h", host, 1);
  return g_string_free (text, FALSE);
}

static char *
sign (const char *secret, const char *username)
{
  guint8 mac[EVP_MAX_MD_SIZE];
  guint n = 0;
  HMAC (EVP_sha1 (), secret, (int) strlen (secret), (const guint8 *) username, strlen (username), mac, &n);
  return g_base64_encode (mac, n);
}

void
cv_turn_credentials (const CvTurn *self, const char *host, const char *person, gint64 now, CvIce *ice)
{
  g_autoptr (GPtrArray) urls = g_ptr_array_new ();
  *ice = (CvIce){ .relay_only = self->relay_only };
  for (char **server = self->servers; server != NULL && *server != NULL; server++)
    g_ptr_array_add (urls, with_host (*server, host));
  g_ptr_array_add (urls, NULL);
  gboolean any = urls->len > 1;
  ice->urls = (char **) g_ptr_array_free (g_steal_pointer (&urls), FALSE);
  if (!any || self->secret == NULL)
    return;

  gint64 expires = now / 1000 + self->lifetime;
  ice->username = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", expires, person);
  ice->credential = sign (self->secret, ice->username);
  ice->expires = expires * 1000;
}
