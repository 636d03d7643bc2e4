/* Links: PROTOCOL.md §2.
 *
 * Owns nothing. Any thread. S and H exist only in a CvLink and in the URLs that its owner prints; both are overwritten
 * when they go. Knows no server: the verifiers are for whoever asks.
 */
#include "base/link.h"

#include <string.h>

#define PROTOCOL "conclave-link-1 "
#define MAX_TAG 32

/* T(s): the protocol's name, `s`, and a NUL. Returns the length. */
static gsize
write_tag (guint8 out[MAX_TAG], const char *s)
{
  return (gsize) g_snprintf ((char *) out, MAX_TAG, PROTOCOL "%s", s) + 1;
}

static void
derive_key (const guint8 secret[CV_LINK_SECRET_BYTES], const guint8 salt[CV_HASH_BYTES], const char *use,
            guint8 key[CV_HASH_BYTES], guint8 verifier[CV_HASH_BYTES])
{
  guint8 tag[MAX_TAG];
  gsize n = write_tag (tag, use);

  cv_hkdf (secret, CV_LINK_SECRET_BYTES, salt, CV_HASH_BYTES, tag, n, key, CV_HASH_BYTES);
  cv_hash (key, CV_HASH_BYTES, verifier);
}

void
cv_link_init (CvLink *self)
{
  g_autofree char *room = cv_id_new ("");

  g_strlcpy (self->room, room, sizeof self->room);
  cv_random_bytes (self->secret, sizeof self->secret);
  cv_random_bytes (self->host_secret, sizeof self->host_secret);
}

void
cv_link_derive (const CvLink *self, CvLinkKeys *keys)
{
  guint8 text[MAX_TAG + 2 + CV_ID_LETTERS];
  gsize n = write_tag (text, "room");
  gsize letters = strlen (self->room);

  /* lp(ROOM): the length in 16 bits, big-endian */
  text[n++] = 0;
  text[n++] = letters;
  memcpy (text + n, self->room, letters);
  cv_hash (text, n + letters, keys->salt);
  derive_key (self->secret, keys->salt, "join", keys->join_key, keys->join_verifier);
  derive_key (self->host_secret, keys->salt, "host", keys->host_key, keys->host_verifier);
}

char *
cv_link_join_url (const CvLink *self, const char *server)
{
  char *secret = cv_base64url_encode (self->secret, sizeof self->secret);
  char *url = g_strconcat (server, "/r/", self->room, "#", secret, NULL);

  cv_link_free_url (secret);
  return url;
}

char *
cv_link_host_url (const CvLink *self, const char *server)
{
  char *join_url = cv_link_join_url (self, server);
  char *secret = cv_base64url_encode (self->host_secret, sizeof self->host_secret);
  char *url = g_strconcat (join_url, ".", secret, NULL);

  cv_link_free_url (secret);
  cv_link_free_url (join_url);
  return url;
}

void
cv_link_free_url (char *url)
{
  if (url != NULL)
    cv_wipe (url, strlen (url));
  g_free (url);
}

void
cv_link_clear (CvLink *self)
{
  cv_wipe (self, sizeof *self);
}

void
cv_link_keys_clear (CvLinkKeys *self)
{
  cv_wipe (self, sizeof *self);
}
