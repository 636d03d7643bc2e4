/* Orders: LINK-1.md §8.
 *
 * Owns nothing. Any thread. Makes the key that hosts of a room sign with, so that the server, which keeps it sealed, cannot;
 * signing and checking is for browsers. As in base/ids.c, cryptography that fails ends the program.
 */
#include "ctl/orders.h"

#include "base/json.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>
#include <string.h>

#define PURPOSE "conclave-link-1 orders"
#define AUTH "conclave-link-1 auth"
#define POINT_BYTES 65
#define TAG_BYTES 16
#define MAX_PRIVATE_BYTES 256

/* T("orders") ‖ lp(ROOM) ‖ lp(point): whose key it is. */
typedef struct {
  guint8 bytes[sizeof PURPOSE + 2 + CV_ID_LETTERS + 2 + POINT_BYTES];
  gsize n;
} Named;

static void
append (Named *self, const void *data, gsize n)
{
  guint8 length[] = { n >> 8, n & 0xff };

  memcpy (self->bytes + self->n, length, sizeof length);
  memcpy (self->bytes + self->n + sizeof length, data, n);
  self->n += sizeof length + n;
}

static void
name_key (Named *self, const CvLink *link, const guint8 point[POINT_BYTES])
{
  memcpy (self->bytes, PURPOSE, sizeof PURPOSE);
  self->n = sizeof PURPOSE;
  append (self, link->room, strlen (link->room));
  append (self, point, POINT_BYTES);
}

static void
export_point (EVP_PKEY *pair, guint8 point[POINT_BYTES])
{
  gsize n = 0;

  if (!EVP_PKEY_set_utf8_string_param (pair, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") ||
      !EVP_PKEY_get_octet_string_param (pair, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_BYTES, &n) || n != POINT_BYTES)
    g_error ("the public key of a pair cannot be read");
}

/* PKCS#8, which browsers take. Returns how many bytes. */
static int
export_private (EVP_PKEY *pair, guint8 out[MAX_PRIVATE_BYTES])
{
  PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8 (pair);
  int n = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO (info, NULL) : 0;

  if (n <= 0 || n > MAX_PRIVATE_BYTES || i2d_PKCS8_PRIV_KEY_INFO (info, &out) != n)
    g_error ("the private key of a pair cannot be read");
  PKCS8_PRIV_KEY_INFO_free (info);
  return n;
}

/* AES-256-GCM; `out` has room for TAG_BYTES more than `plain`. */
static void
encrypt (const guint8 key[CV_HASH_BYTES], const guint8 nonce[CV_ORDERS_NONCE_BYTES], const Named *aad,
         const guint8 *plain, int n, guint8 *out)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int done = 0;

  if (context == NULL || !EVP_EncryptInit_ex (context, EVP_aes_256_gcm (), NULL, key, nonce) ||
      !EVP_EncryptUpdate (context, NULL, &done, aad->bytes, (int) aad->n) ||
      !EVP_EncryptUpdate (context, out, &done, plain, n) || done != n ||
      !EVP_EncryptFinal_ex (context, out + n, &done) ||
      !EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + n))
    g_error ("AES-256-GCM is not available");
  EVP_CIPHER_CTX_free (context);
}

/* nonce ‖ ciphertext ‖ tag, base64url. */
static char *
seal_private (const CvLink *link, const guint8 *salt, EVP_PKEY *pair, const guint8 nonce[CV_ORDERS_NONCE_BYTES],
              const Named *named)
{
  guint8 key[CV_HASH_BYTES], plain[MAX_PRIVATE_BYTES];
  guint8 sealed[CV_ORDERS_NONCE_BYTES + MAX_PRIVATE_BYTES + TAG_BYTES];
  int n = export_private (pair, plain);

  cv_hkdf (link->host_secret, sizeof link->host_secret, salt, CV_HASH_BYTES, (const guint8 *) PURPOSE, sizeof PURPOSE,
           key, sizeof key);
  memcpy (sealed, nonce, CV_ORDERS_NONCE_BYTES);
  encrypt (key, nonce, named, plain, n, sealed + CV_ORDERS_NONCE_BYTES);
  cv_wipe (key, sizeof key);
  cv_wipe (plain, sizeof plain);
  return cv_base64url_encode (sealed, CV_ORDERS_NONCE_BYTES + n + TAG_BYTES);
}

/* By kAuth, which the server does not know: whoever has the link knows that somebody with the link made the key. */
static char *
authenticate (const CvLink *link, const guint8 *salt, const Named *named)
{
  guint8 key[CV_HASH_BYTES], mac[CV_HASH_BYTES];

  cv_hkdf (link->secret, sizeof link->secret, salt, CV_HASH_BYTES, (const guint8 *) AUTH, sizeof AUTH, key, sizeof key);
  if (HMAC (EVP_sha256 (), key, sizeof key, named->bytes, named->n, mac, NULL) == NULL)
    g_error ("HMAC-SHA-256 is not available");
  cv_wipe (key, sizeof key);
  return cv_base64url_encode (mac, sizeof mac);
}

char *
cv_orders_seal (const CvLink *link, EVP_PKEY *pair, const guint8 nonce[CV_ORDERS_NONCE_BYTES])
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *key = NULL, *mac = NULL, *sealed = NULL;
  g_auto (CvLinkKeys) keys = { 0 };
  guint8 point[POINT_BYTES];
  Named named;

  cv_link_derive (link, &keys);
  export_point (pair, point);
  name_key (&named, link, point);
  key = cv_base64url_encode (point, sizeof point);
  mac = authenticate (link, keys.salt, &named);
  sealed = seal_private (link, keys.salt, pair, nonce, &named);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "key", key);
  cv_json_add_text (builder, "mac", mac);
  cv_json_add_text (builder, "sealed", sealed);
  json_builder_end_object (builder);
  return cv_json_builder_to_text (builder, NULL);
}

char *
cv_orders_new (const CvLink *link)
{
  guint8 nonce[CV_ORDERS_NONCE_BYTES];
  EVP_PKEY *pair = EVP_EC_gen ("P-256");
  char *orders;

  if (pair == NULL)
    g_error ("P-256 is not available");
  cv_random_bytes (nonce, sizeof nonce);
  orders = cv_orders_seal (link, pair, nonce);
  EVP_PKEY_free (pair);
  return orders;
}
