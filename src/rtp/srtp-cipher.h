/* What SRTP does to one packet once the index is known: session keys, IVs, encryption and tag (RFC 3711 §4, RFC 7714 §8 and
 * §9). Main thread. Knows neither windows nor master keys' origin; only srtp.c uses it.
 */
#pragma once

#include "rtp/srtp.h"

G_BEGIN_DECLS

#define CV_SRTP_AUTH_KEY 20
#define CV_SRTP_MAX_TAG 16

typedef enum { CV_SRTP_RTP, CV_SRTP_RTCP } CvSrtpProtocol;

/* Session keys, derived from a master key. */
typedef struct {
  guint8 key[CV_SRTP_MAX_KEY];
  guint8 auth[CV_SRTP_AUTH_KEY]; /* AES128_CM_SHA1_80 only */
  guint8 salt[CV_SRTP_MAX_SALT];
} CvSrtpSession;

gsize cv_srtp_tag_length (CvSrtpProfile profile);

/* RFC 3711 §4.3, RFC 7714 §11. The caller wipes `session`. */
void cv_srtp_derive (CvSrtpProfile profile, CvSrtpProtocol protocol, const guint8 *key, const guint8 *salt,
                     CvSrtpSession *session);

typedef struct _CvSrtpCipher CvSrtpCipher;

/* (transfer full) */
CvSrtpCipher *cv_srtp_cipher_new (CvSrtpProfile profile, CvSrtpProtocol protocol, const CvSrtpSession *session);
void cv_srtp_cipher_free (CvSrtpCipher *self); /* wipes the keys */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSrtpCipher, cv_srtp_cipher_free)

/* `packet` begins with head_n bytes that stay readable (12 or more for RTP, 8 for RTCP). Puts the encrypted `plain`, which
 * may be packet + head_n, behind them and the tag at `tag`. `index`: 48 bits for RTP, 31 for RTCP. No allocation. */
gboolean cv_srtp_cipher_seal (CvSrtpCipher *self, guint64 index, guint8 *packet, gsize head_n, const guint8 *plain,
                              gsize n, guint8 *tag);

/* Decrypts the n bytes behind the head in place. FALSE: the tag is another; those bytes are garbage then. */
gboolean cv_srtp_cipher_open (CvSrtpCipher *self, guint64 index, guint8 *packet, gsize head_n, gsize n,
                              const guint8 *tag);

G_END_DECLS
