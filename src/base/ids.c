/* Ids, random values, hashes and their text forms.
 *
 * Owns nothing. Any thread. Cryptography is OpenSSL's; that it fails (out of memory, a broken provider) ends the program,
 * since no caller could go on safely.
 */
#include "base/ids.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <string.h>
#include <sys/random.h>

#define LETTERS "abcdefghijkmnpqrstuvwxyz23456789"
#define DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

G_STATIC_ASSERT (sizeof LETTERS - 1 == 32);
G_STATIC_ASSERT (sizeof DIGITS - 1 == 64);

gboolean
cv_id_is_letter (char c)
{
  return c != '\0' && strchr (LETTERS, c) != NULL;
}

char *
cv_id_new (const char *prefix)
{
  guint8 random[CV_ID_LETTERS];
  char letters[CV_ID_LETTERS + 1] = { 0 };

  g_return_val_if_fail (prefix != NULL, NULL);

  cv_random_bytes (random, sizeof random);
  for (guint i = 0; i < CV_ID_LETTERS; i++)
    letters[i] = LETTERS[random[i] & 31];
  return g_strconcat (prefix, letters, NULL);
}

gboolean
cv_id_is_valid (const char *id, const char *prefix)
{
  g_return_val_if_fail (prefix != NULL, FALSE);

  if (id == NULL || !g_str_has_prefix (id, prefix))
    return FALSE;
  id += strlen (prefix);
  for (guint i = 0; i < CV_ID_LETTERS; i++)
    if (!cv_id_is_letter (id[i]))
      return FALSE;
  return id[CV_ID_LETTERS] == '\0';
}

void
cv_random_bytes (guint8 *out, gsize n)
{
  while (n > 0) {
    gssize got = getrandom (out, n, 0);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      g_error ("getrandom: %s", g_strerror (errno));
    out += got;
    n -= got;
  }
}

void
cv_wipe (gpointer data, gsize n)
{
  OPENSSL_cleanse (data, n);
}

void
cv_secret_replace (char **self, const char *to)
{
  if (*self != NULL)
    cv_wipe (*self, strlen (*self));
  g_free (*self);
  *self = g_strdup (to);
}

void
cv_hash (const guint8 *data, gsize n, guint8 out[CV_HASH_BYTES])
{
  if (!EVP_Digest (data, n, out, NULL, EVP_sha256 (), NULL))
    g_error ("SHA-256 is not available");
}

void
cv_hkdf (const guint8 *key, gsize key_n, const guint8 *salt, gsize salt_n, const guint8 *info, gsize info_n,
         guint8 *out, gsize n)
{
  char digest[] = "SHA256";
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, digest, 0),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, (void *) key, key_n),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, (void *) salt, salt_n),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, (void *) info, info_n),
    OSSL_PARAM_construct_end (),
  };
  EVP_KDF *kdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
  EVP_KDF_CTX *context = kdf != NULL ? EVP_KDF_CTX_new (kdf) : NULL;

  if (context == NULL || EVP_KDF_derive (context, out, n, params) <= 0)
    g_error ("HKDF-SHA-256 is not available");
  EVP_KDF_CTX_free (context);
  EVP_KDF_free (kdf);
}

gboolean
cv_bytes_equal (const guint8 *a, const guint8 *b, gsize n)
{
  return CRYPTO_memcmp (a, b, n) == 0;
}

gboolean
cv_base64url_is_digit (char c)
{
  return c != '\0' && strchr (DIGITS, c) != NULL;
}

char *
cv_base64url_encode (const guint8 *data, gsize n)
{
  GString *text = g_string_sized_new (n / 3 * 4 + 4);

  for (gsize i = 0; i < n; i += 3) {
    gsize left = MIN (n - i, 3);
    guint32 bits = (guint32) data[i] << 16;

    if (left > 1)
      bits |= (guint32) data[i + 1] << 8;
    if (left > 2)
      bits |= data[i + 2];
    for (gsize k = 0; k <= left; k++)
      g_string_append_c (text, DIGITS[bits >> (18 - 6 * k) & 63]);
  }
  return g_string_free (text, FALSE);
}

gboolean
cv_base64url_decode (const char *text, guint8 *out, gsize n)
{
  guint32 bits = 0;
  guint have = 0;
  gsize done = 0;

  if (text == NULL || strlen (text) != (n * 8 + 5) / 6)
    return FALSE;
  for (; *text != '\0'; text++) {
    const char *digit = strchr (DIGITS, *text);

    if (digit == NULL)
      return FALSE;
    bits = bits << 6 | (guint32) (digit - DIGITS);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out[done++] = bits >> have & 0xff;
    }
  }
  return (bits & ((1u << have) - 1)) == 0;
}

char *
cv_hex_encode (const guint8 *data, gsize n)
{
  GString *text = g_string_sized_new (n * 2 + 1);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}
