/* See secret.h. */
#include "signalling/secret.h"

#include <string.h>

char *
cv_secret_draw (CvSecretHash *hash)
{
  guint8 secret[CV_SECRET_BYTES];
  cv_random_bytes (secret, sizeof secret);
  *hash = cv_secret_get_hash (secret);
  char *text = cv_base64url_encode (secret, sizeof secret);
  cv_wipe (secret, sizeof secret);
  return text;
}

CvSecretHash
cv_secret_get_hash (const guint8 secret[CV_SECRET_BYTES])
{
  CvSecretHash hash;
  cv_hash (secret, CV_SECRET_BYTES, hash.bytes);
  return hash;
}

guint
cv_secret_hash_hash (gconstpointer key)
{
  guint hash = 0;
  memcpy (&hash, ((const CvSecretHash *) key)->bytes, sizeof hash);
  return hash;
}

gboolean
cv_secret_hash_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (CvSecretHash)) == 0;
}
