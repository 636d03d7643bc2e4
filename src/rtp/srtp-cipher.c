/* See srtp-cipher.h.
 *
 * Contexts are set up once; a packet only sets the IV. HMAC-SHA1 starts from the two SHA-1 states that its key leads to:
 * SHA1_Update is deprecated, but EVP's digests and MACs allocate on every copy or init, and take 70 to 140 of 690 ns longer.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "rtp/srtp-cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "rtp/bytes.h"

#define BLOCK 16
#define SHA1_BLOCK 64
#define GCM_IV 12
#define GCM_TAG 16
#define CM_TAG 10
/* SSRC and 48-bit index stand at the same place in both IVs, counted from the salt's end */
#define CM_IV_SSRC 4
#define GCM_IV_SSRC 2
/* RFC 3711 §3.4: the flag "encrypted" before the index */
#define RTCP_ENCRYPTED 0x80000000u

struct _CvSrtpCipher {
  CvSrtpProtocol protocol;
  gboolean aead;
  EVP_CIPHER_CTX *context;
  SHA_CTX inner, outer;
  guint8 salt[BLOCK]; /* zeros behind it */
};

typedef struct {
  gsize key, salt, tag;
  const EVP_CIPHER *(*cipher) (void);
  const EVP_CIPHER *(*derivation) (void);
} Profile;

static const Profile profiles[] = {
  [CV_SRTP_NONE] = { 0 },
  [CV_SRTP_AES128_CM_SHA1_80] = { 16, 14, CM_TAG, EVP_aes_128_ctr, EVP_aes_128_ctr },
  [CV_SRTP_AEAD_AES_128_GCM] = { 16, 12, GCM_TAG, EVP_aes_128_gcm, EVP_aes_128_ctr },
  [CV_SRTP_AEAD_AES_256_GCM] = { 32, 12, GCM_TAG, EVP_aes_256_gcm, EVP_aes_256_ctr },
};

gsize
cv_srtp_key_length (CvSrtpProfile profile)
{
  return profiles[profile].key;
}

gsize
cv_srtp_salt_length (CvSrtpProfile profile)
{
  return profiles[profile].salt;
}

gsize
cv_srtp_tag_length (CvSrtpProfile profile)
{
  return profiles[profile].tag;
}

static EVP_CIPHER_CTX *
new_context (const EVP_CIPHER *cipher, const guint8 *key)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  if (context == NULL || EVP_EncryptInit_ex (context, cipher, NULL, key, NULL) != 1)
    g_error ("AES is not available");
  return context;
}

/* Counter mode both ways. */
static gboolean
run_counter (EVP_CIPHER_CTX *context, const guint8 iv[BLOCK], const guint8 *in, guint8 *out, gsize n)
{
  int done;
  return EVP_EncryptInit_ex (context, NULL, NULL, NULL, iv) == 1 &&
         EVP_EncryptUpdate (context, out, &done, in, (int) n) == 1;
}

static void
derive (EVP_CIPHER_CTX *context, const guint8 iv[BLOCK], guint8 label, guint8 *out, gsize n)
{
  static const guint8 zeros[CV_SRTP_MAX_KEY];
  guint8 labelled[BLOCK];
  memcpy (labelled, iv, BLOCK);
  labelled[7] ^= label;
  if (!run_counter (context, labelled, zeros, out, n))
    g_error ("AES is not available");
}

void
cv_srtp_derive (CvSrtpProfile profile, CvSrtpProtocol protocol, const guint8 *key, const guint8 *salt,
                CvSrtpSession *session)
{
  const Profile *p = &profiles[profile];
  guint8 label = protocol == CV_SRTP_RTP ? 0 : 3;
  guint8 iv[BLOCK] = { 0 };
  EVP_CIPHER_CTX *context = new_context (p->derivation (), key);
  memcpy (iv, salt, p->salt);
  memset (session, 0, sizeof *session);
  derive (context, iv, label, session->key, p->key);
  derive (context, iv, label + 1, session->auth, sizeof session->auth);
  derive (context, iv, label + 2, session->salt, p->salt);
  EVP_CIPHER_CTX_free (context);
  OPENSSL_cleanse (iv, sizeof iv);
}

static void
init_hash (SHA_CTX *hash, const guint8 key[CV_SRTP_AUTH_KEY], guint8 pad)
{
  guint8 block[SHA1_BLOCK];
  for (gsize i = 0; i < SHA1_BLOCK; i++)
    block[i] = pad ^ (i < CV_SRTP_AUTH_KEY ? key[i] : 0);
  SHA1_Init (hash);
  SHA1_Update (hash, block, sizeof block);
  OPENSSL_cleanse (block, sizeof block);
}

CvSrtpCipher *
cv_srtp_cipher_new (CvSrtpProfile profile, CvSrtpProtocol protocol, const CvSrtpSession *session)
{
  const Profile *p = &profiles[profile];
  CvSrtpCipher *self = OPENSSL_zalloc (sizeof *self);
  if (self == NULL)
    g_error ("out of memory");
  self->protocol = protocol;
  self->aead = p->tag == GCM_TAG;
  self->context = new_context (p->cipher (), session->key);
  memcpy (self->salt, session->salt, p->salt);
  init_hash (&self->inner, session->auth, 0x36);
  init_hash (&self->outer, session->auth, 0x5c);
  return self;
}

void
cv_srtp_cipher_free (CvSrtpCipher *self)
{
  if (self == NULL)
    return;
  EVP_CIPHER_CTX_free (self->context);
  OPENSSL_clear_free (self, sizeof *self);
}

/* The IV: salt XOR (SSRC, index). */
static void
make_iv (const CvSrtpCipher *self, guint64 index, const guint8 *packet, guint8 iv[BLOCK])
{
  const guint8 *ssrc = packet + (self->protocol == CV_SRTP_RTP ? 8 : 4);
  guint8 *at = iv + (self->aead ? GCM_IV_SSRC : CM_IV_SSRC);
  memcpy (iv, self->salt, BLOCK);
  for (guint i = 0; i < 4; i++)
    at[i] ^= ssrc[i];
  for (guint i = 0; i < 6; i++)
    at[4 + i] ^= (guint8) (index >> (40 - 8 * i));
}

/* What is authenticated without standing before the tag in the packet: RTP's rollover counter, RTCP's last word. */
static void
write_trailer (const CvSrtpCipher *self, guint64 index, guint8 trailer[4])
{
  cv_write32 (trailer, self->protocol == CV_SRTP_RTP ? (guint32) (index >> 16) : (guint32) index | RTCP_ENCRYPTED);
}

static void
authenticate (const CvSrtpCipher *self, guint64 index, const guint8 *packet, gsize n, guint8 digest[SHA_DIGEST_LENGTH])
{
  guint8 trailer[4];
  SHA_CTX hash = self->inner;
  write_trailer (self, index, trailer);
  SHA1_Update (&hash, packet, n);
  SHA1_Update (&hash, trailer, sizeof trailer);
  SHA1_Final (digest, &hash);
  hash = self->outer;
  SHA1_Update (&hash, digest, SHA_DIGEST_LENGTH);
  SHA1_Final (digest, &hash);
}

/* RFC 7714 §9: RTP's rollover counter stands in the IV alone, RTCP's last word is associated data. */
static gboolean
add_associated (CvSrtpCipher *self, guint64 index, const guint8 *packet, gsize head_n)
{
  guint8 trailer[4];
  int done;
  if (EVP_CipherUpdate (self->context, NULL, &done, packet, (int) head_n) != 1)
    return FALSE;
  if (self->protocol == CV_SRTP_RTP)
    return TRUE;
  write_trailer (self, index, trailer);
  return EVP_CipherUpdate (self->context, NULL, &done, trailer, sizeof trailer) == 1;
}

gboolean
cv_srtp_cipher_seal (CvSrtpCipher *self, guint64 index, guint8 *packet, gsize head_n, const guint8 *plain, gsize n,
                     guint8 *tag)
{
  guint8 iv[BLOCK];
  int done;
  make_iv (self, index, packet, iv);
  if (self->aead)
    return EVP_EncryptInit_ex (self->context, NULL, NULL, NULL, iv) == 1 &&
           add_associated (self, index, packet, head_n) &&
           EVP_EncryptUpdate (self->context, packet + head_n, &done, plain, (int) n) == 1 &&
           EVP_EncryptFinal_ex (self->context, packet + head_n + n, &done) == 1 &&
           EVP_CIPHER_CTX_ctrl (self->context, EVP_CTRL_AEAD_GET_TAG, GCM_TAG, tag) == 1;

  guint8 digest[SHA_DIGEST_LENGTH];
  if (!run_counter (self->context, iv, plain, packet + head_n, n))
    return FALSE;
  authenticate (self, index, packet, head_n + n, digest);
  memcpy (tag, digest, CM_TAG);
  return TRUE;
}

gboolean
cv_srtp_cipher_open (CvSrtpCipher *self, guint64 index, guint8 *packet, gsize head_n, gsize n, const guint8 *tag)
{
  guint8 iv[BLOCK], last[BLOCK];
  int done;
  make_iv (self, index, packet, iv);
  if (self->aead)
    return EVP_DecryptInit_ex (self->context, NULL, NULL, NULL, iv) == 1 &&
           EVP_CIPHER_CTX_ctrl (self->context, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, (void *) tag) == 1 &&
           add_associated (self, index, packet, head_n) &&
           EVP_DecryptUpdate (self->context, packet + head_n, &done, packet + head_n, (int) n) == 1 &&
           EVP_DecryptFinal_ex (self->context, last, &done) == 1;

  guint8 digest[SHA_DIGEST_LENGTH];
  authenticate (self, index, packet, head_n + n, digest);
  return CRYPTO_memcmp (digest, tag, CM_TAG) == 0 &&
         run_counter (self->context, iv, packet + head_n, packet + head_n, n);
}
