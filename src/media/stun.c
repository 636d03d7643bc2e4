/* See stun.h.
 *
 * Requests are read in one walk over their attributes, which trusts no length. What a request must have for ICE it must have,
 * else it is silently none: an error response would answer whoever asks, and browsers do not make such requests.
 */
#include "media/stun.h"

#include <netinet/in.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "rtp/bytes.h"

#define COOKIE 0x2112a442u
#define FINGERPRINT_XOR 0x5354554eu
#define REQUEST 0x0001
#define SUCCESS 0x0101
#define ERROR_RESPONSE 0x0111
#define ROLE_CONFLICT 487

#define USERNAME 0x0006
#define INTEGRITY 0x0008
#define ERROR_CODE 0x0009
#define XOR_MAPPED_ADDRESS 0x0020
#define PRIORITY 0x0024
#define USE_CANDIDATE 0x0025
#define OPTIONAL 0x8000 /* from here on what is not known may be passed over */
#define FINGERPRINT 0x8028
#define CONTROLLED 0x8029

#define ATTRIBUTE_HEAD 4
#define HMAC_BYTES 20
#define INTEGRITY_BYTES (ATTRIBUTE_HEAD + HMAC_BYTES)
#define FINGERPRINT_BYTES (ATTRIBUTE_HEAD + 4)
#define MIN_UFRAG 4
#define MAX_UFRAG 256

gboolean
cv_stun_is (const guint8 *packet, gsize n)
{
  return n >= CV_STUN_HEADER && n <= CV_STUN_MAX_PACKET && packet[0] < 4 && n % 4 == 0 &&
         cv_read32 (packet + 4) == COOKIE && cv_read16 (packet + 2) == n - CV_STUN_HEADER;
}

/* CRC-32 of ITU V.42, four bits at a time. */
static guint32
hash (const guint8 *data, gsize n)
{
  static const guint32 table[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  guint32 crc = 0xffffffff;
  for (gsize i = 0; i < n; i++) {
    crc ^= data[i];
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

/* HMAC of what stands before MESSAGE-INTEGRITY, with a header that says that this is the last attribute. */
static gboolean
authenticate (const guint8 *packet, gsize integrity_at, const char *password, guint8 digest[HMAC_BYTES])
{
  guint8 copy[CV_STUN_MAX_PACKET];
  guint digest_n = 0;
  memcpy (copy, packet, integrity_at);
  cv_write16 (copy + 2, (guint16) (integrity_at + INTEGRITY_BYTES - CV_STUN_HEADER));
  return HMAC (EVP_sha1 (), password, (int) strlen (password), copy, integrity_at, digest, &digest_n) != NULL &&
         digest_n == HMAC_BYTES;
}

/* --- requests ---------------------------------------------------------------------------------------------------- */

/* An attribute before MESSAGE-INTEGRITY; the first of a type counts. */
static gboolean
read_attribute (CvStunRequest *self, guint16 type, const guint8 *value, gsize n)
{
  switch (type) {
  case USERNAME:
    if (n == 0 || n > CV_STUN_MAX_USERNAME)
      return FALSE;
    if (self->username == NULL) {
      self->username = (const char *) value;
      self->username_n = n;
    }
    return TRUE;
  case PRIORITY:
    if (n == 4 && self->priority == 0)
      self->priority = cv_read32 (value);
    return n == 4;
  case USE_CANDIDATE:
    self->use_candidate = TRUE;
    return n == 0;
  case CONTROLLED:
    self->controlled = TRUE;
    return n == 8;
  default:
    return type >= OPTIONAL;
  }
}

/* The last attribute, where it is there, and right. */
static gboolean
read_fingerprint (CvStunRequest *self, const guint8 *packet, gsize n, gsize at, gsize value_n)
{
  self->fingerprint_ok = value_n == 4 && at + FINGERPRINT_BYTES == n &&
                         cv_read32 (packet + at + ATTRIBUTE_HEAD) == (hash (packet, at) ^ FINGERPRINT_XOR);
  return self->fingerprint_ok;
}

gboolean
cv_stun_parse_request (CvStunRequest *self, const guint8 *packet, gsize n)
{
  memset (self, 0, sizeof *self);
  if (!cv_stun_is (packet, n) || cv_read16 (packet) != REQUEST)
    return FALSE;
  memcpy (self->transaction, packet + 8, sizeof self->transaction);
  for (gsize at = CV_STUN_HEADER; at < n;) { /* both are multiples of 4 */
    guint16 type = cv_read16 (packet + at);
    gsize value_n = cv_read16 (packet + at + 2), padded_n = (value_n + 3) & ~(gsize) 3;
    if (padded_n > n - at - ATTRIBUTE_HEAD)
      return FALSE;
    if (type == FINGERPRINT) {
      if (!read_fingerprint (self, packet, n, at, value_n))
        return FALSE;
    } else if (type == INTEGRITY && self->integrity_at == 0) {
      if (value_n != HMAC_BYTES)
        return FALSE;
      self->integrity_at = at;
    } else if (self->integrity_at == 0 && !read_attribute (self, type, packet + at + ATTRIBUTE_HEAD, value_n)) {
      return FALSE; /* RFC 8489 §14.5: what comes behind MESSAGE-INTEGRITY does not count */
    }
    at += ATTRIBUTE_HEAD + padded_n;
  }
  return self->username != NULL && self->integrity_at != 0;
}

gboolean
cv_stun_copy_ufrag (const CvStunRequest *self, char *out, gsize size)
{
  const char *colon = memchr (self->username, ':', self->username_n);
  gsize n = colon != NULL ? (gsize) (colon - self->username) : 0;
  if (n < MIN_UFRAG || n > MAX_UFRAG || n >= size)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (self->username[i]) && self->username[i] != '+' && self->username[i] != '/')
      return FALSE;
  memcpy (out, self->username, n);
  out[n] = '\0';
  return TRUE;
}

gboolean
cv_stun_verify (const CvStunRequest *self, const guint8 *packet, gsize n, const char *password)
{
  guint8 digest[HMAC_BYTES];
  if (self->integrity_at < CV_STUN_HEADER || self->integrity_at + INTEGRITY_BYTES > n || n > CV_STUN_MAX_PACKET)
    return FALSE;
  return authenticate (packet, self->integrity_at, password, digest) &&
         CRYPTO_memcmp (digest, packet + self->integrity_at + ATTRIBUTE_HEAD, HMAC_BYTES) == 0;
}

/* --- responses --------------------------------------------------------------------------------------------------- */

static guint8 *
write_head (guint8 *at, guint16 type, gsize n)
{
  cv_write16 (at, type);
  cv_write16 (at + 2, (guint16) n);
  return at + ATTRIBUTE_HEAD;
}

static void
write_header (guint8 *out, guint16 type, const CvStunRequest *request)
{
  cv_write16 (out, type);
  cv_write32 (out + 4, COOKIE);
  memcpy (out + 8, request->transaction, sizeof request->transaction);
}

/* `body_n` bytes of attributes stand behind the header. */
static gsize
finish (guint8 *out, gsize body_n, const char *password)
{
  gsize at = CV_STUN_HEADER + body_n, n = at + INTEGRITY_BYTES + FINGERPRINT_BYTES;
  if (!authenticate (out, at, password, write_head (out + at, INTEGRITY, HMAC_BYTES)))
    return 0;
  cv_write16 (out + 2, (guint16) (n - CV_STUN_HEADER));
  at += INTEGRITY_BYTES;
  cv_write32 (write_head (out + at, FINGERPRINT, 4), hash (out, at) ^ FINGERPRINT_XOR);
  return n;
}

/* RFC 8489 §14.2. Returns the value's length. */
static gsize
write_address (guint8 *value, const guint8 *header, guint8 family, const guint8 *address, gsize n, guint16 port)
{
  value[0] = 0;
  value[1] = family;
  cv_write16 (value + 2, port ^ (COOKIE >> 16));
  for (gsize i = 0; i < n; i++) /* cookie and transaction, as they stand in the header */
    value[4 + i] = address[i] ^ header[4 + i];
  return 4 + n;
}

gsize
cv_stun_write_response (guint8 *out, gsize size, const CvStunRequest *request, const struct sockaddr *from,
                        const char *password)
{
  guint8 *value = out + CV_STUN_HEADER + ATTRIBUTE_HEAD;
  gsize n;
  if (size < CV_STUN_MAX_RESPONSE)
    return 0;
  write_header (out, SUCCESS, request);
  if (from->sa_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *) from;
    n = write_address (value, out, 1, (const guint8 *) &v4->sin_addr, 4, ntohs (v4->sin_port));
  } else if (from->sa_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) from;
    gboolean mapped = IN6_IS_ADDR_V4MAPPED (&v6->sin6_addr);
    const guint8 *address = v6->sin6_addr.s6_addr;
    n = mapped ? write_address (value, out, 1, address + 12, 4, ntohs (v6->sin6_port))
               : write_address (value, out, 2, address, 16, ntohs (v6->sin6_port));
  } else {
    return 0;
  }
  write_head (out + CV_STUN_HEADER, XOR_MAPPED_ADDRESS, n);
  return finish (out, ATTRIBUTE_HEAD + n, password);
}

gsize
cv_stun_write_conflict (guint8 *out, gsize size, const CvStunRequest *request, const char *password)
{
  static const char reason[] = "Role Conflict"; /* 13 letters, padded to 16 */
  guint8 *value = out + CV_STUN_HEADER + ATTRIBUTE_HEAD;
  if (size < CV_STUN_MAX_RESPONSE)
    return 0;
  write_header (out, ERROR_RESPONSE, request);
  write_head (out + CV_STUN_HEADER, ERROR_CODE, 4 + strlen (reason));
  memset (value, 0, 20);
  value[2] = ROLE_CONFLICT / 100;
  value[3] = ROLE_CONFLICT % 100;
  memcpy (value + 4, reason, strlen (reason));
  return finish (out, ATTRIBUTE_HEAD + 20, password);
}
