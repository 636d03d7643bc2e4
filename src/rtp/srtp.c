/* See srtp.h.
 *
 * Owns the session keys of RTP and RTCP, the SRTCP index of what goes and the SRTCP windows of what comes. Must not know
 * where keys come from, nor what packets mean beyond their SSRC and sequence number.
 */
#include "rtp/srtp.h"

#include <openssl/crypto.h>
#include <string.h>

#include "rtp/bytes.h"
#include "rtp/srtp-cipher.h"

#define RTP_HEAD 12
#define RTCP_HEAD 8
#define RTCP_ENCRYPTED 0x80000000u
/* RFC 3711 §9.2: so many packets under one key */
#define MAX_RTP_INDEX ((G_GUINT64_CONSTANT (1) << 48) - 1)
#define MAX_RTCP_INDEX 0x7fffffffu
/* of an UDP datagram; what is longer is a mistake of ours */
#define MAX_PAYLOAD 65535
/* SSRCs that may send RTCP under one key: a person's sources with their layers and repairs need fewer than 20 */
#define MAX_RTCP_SENDERS 64
#define RTCP_WINDOW 64

typedef struct {
  guint32 ssrc;
  guint32 top;
  guint64 bits; /* bit n: top - n was seen */
} RtcpWindow;

struct _CvSrtp {
  CvSrtpProfile profile;
  gsize tag_n;
  CvSrtpCipher *rtp;
  CvSrtpCipher *rtcp;
  guint32 rtcp_index; /* of the last that went */
  guint n_senders;
  RtcpWindow senders[MAX_RTCP_SENDERS];
};

static CvSrtpCipher *
new_cipher (CvSrtpProfile profile, CvSrtpProtocol protocol, const guint8 *key, const guint8 *salt)
{
  CvSrtpSession session;
  cv_srtp_derive (profile, protocol, key, salt, &session);
  CvSrtpCipher *cipher = cv_srtp_cipher_new (profile, protocol, &session);
  OPENSSL_cleanse (&session, sizeof session);
  return cipher;
}

CvSrtp *
cv_srtp_new (CvSrtpProfile profile, const guint8 *key, const guint8 *salt)
{
  g_return_val_if_fail (profile > CV_SRTP_NONE && profile <= CV_SRTP_AEAD_AES_256_GCM, NULL);
  g_return_val_if_fail (key != NULL && salt != NULL, NULL);

  CvSrtp *self = g_new0 (CvSrtp, 1);
  self->profile = profile;
  self->tag_n = cv_srtp_tag_length (profile);
  self->rtp = new_cipher (profile, CV_SRTP_RTP, key, salt);
  self->rtcp = new_cipher (profile, CV_SRTP_RTCP, key, salt);
  return self;
}

void
cv_srtp_free (CvSrtp *self)
{
  if (self == NULL)
    return;
  cv_srtp_cipher_free (self->rtp);
  cv_srtp_cipher_free (self->rtcp);
  g_free (self);
}

CvSrtpProfile
cv_srtp_get_profile (const CvSrtp *self)
{
  return self->profile;
}

guint64
cv_srtp_window_guess (const CvSrtpWindow *window, guint16 seq)
{
  guint64 roc = window->top >> 16;
  gint distance = (gint) seq - (gint) (window->top & 0xffff);
  if (!window->started)
    return seq;
  if (distance > 32768 && roc > 0) /* none before the first: then it can only be this one */
    roc--;
  else if (distance < -32768)
    roc++;
  return roc << 16 | seq;
}

static gboolean
window_takes (const CvSrtpWindow *window, guint64 index)
{
  if (index > MAX_RTP_INDEX)
    return FALSE;
  if (!window->started || index > window->top)
    return TRUE;
  if (window->top - index >= CV_SRTP_WINDOW)
    return FALSE;
  return (window->bits[index % CV_SRTP_WINDOW / 64] >> (index % 64) & 1) == 0;
}

static void
window_add (CvSrtpWindow *window, guint64 index)
{
  if (!window->started || (index > window->top && index - window->top >= CV_SRTP_WINDOW)) {
    memset (window->bits, 0, sizeof window->bits);
  } else {
    for (guint64 i = window->top + 1; i <= index; i++)
      window->bits[i % CV_SRTP_WINDOW / 64] &= ~(G_GUINT64_CONSTANT (1) << (i % 64));
  }
  if (!window->started || index > window->top)
    window->top = index;
  window->started = TRUE;
  window->bits[index % CV_SRTP_WINDOW / 64] |= G_GUINT64_CONSTANT (1) << (index % 64);
}

gboolean
cv_srtp_unprotect_rtp (CvSrtp *self, CvSrtpWindow *window, guint8 *packet, gsize header_n, gsize *n, guint64 *index)
{
  if (header_n < RTP_HEAD || *n < header_n + self->tag_n || *n > MAX_PAYLOAD)
    return FALSE;
  gsize payload_n = *n - header_n - self->tag_n;
  guint64 guess = cv_srtp_window_guess (window, cv_read16 (packet + 2));
  if (!window_takes (window, guess) ||
      !cv_srtp_cipher_open (self->rtp, guess, packet, header_n, payload_n, packet + header_n + payload_n))
    return FALSE;
  window_add (window, guess);
  *index = guess;
  *n = header_n + payload_n;
  return TRUE;
}

gsize
cv_srtp_protect_rtp (CvSrtp *self, CvSrtpWindow *sent, guint64 index, guint8 *out, gsize header_n,
                     const guint8 *payload, gsize payload_n)
{
  if (header_n < RTP_HEAD || header_n + payload_n > MAX_PAYLOAD || cv_read16 (out + 2) != (index & 0xffff) ||
      !window_takes (sent, index))
    return 0;
  window_add (sent, index); /* before it is used, so that no error can let it be used again */
  gsize end = header_n + payload_n;
  if (!cv_srtp_cipher_seal (self->rtp, index, out, header_n, payload, payload_n, out + end))
    return 0;
  return end + self->tag_n;
}

/* RTCP ends with the index before the tag, but behind it in AEAD (RFC 7714 §9.1). */
static gboolean
index_is_last (const CvSrtp *self)
{
  return self->profile != CV_SRTP_AES128_CM_SHA1_80;
}

gsize
cv_srtp_protect_rtcp (CvSrtp *self, guint8 *packet, gsize n)
{
  if (n < RTCP_HEAD || n > MAX_PAYLOAD || self->rtcp_index >= MAX_RTCP_INDEX)
    return 0;
  guint32 index = ++self->rtcp_index;
  guint8 *tag = packet + n + (index_is_last (self) ? 0 : 4);
  if (!cv_srtp_cipher_seal (self->rtcp, index, packet, RTCP_HEAD, packet + RTCP_HEAD, n - RTCP_HEAD, tag))
    return 0;
  cv_write32 (packet + n + (index_is_last (self) ? self->tag_n : 0), index | RTCP_ENCRYPTED);
  return n + self->tag_n + 4;
}

static RtcpWindow *
find_sender (CvSrtp *self, guint32 ssrc)
{
  for (guint i = 0; i < self->n_senders; i++)
    if (self->senders[i].ssrc == ssrc)
      return &self->senders[i];
  return NULL;
}

static gboolean
rtcp_takes (const RtcpWindow *window, guint32 index)
{
  if (index > window->top)
    return TRUE;
  return window->top - index < RTCP_WINDOW && (window->bits >> (window->top - index) & 1) == 0;
}

static void
rtcp_add (RtcpWindow *window, guint32 index)
{
  if (index > window->top) {
    guint32 step = index - window->top;
    window->bits = step < RTCP_WINDOW ? window->bits << step : 0;
    window->top = index;
  }
  window->bits |= G_GUINT64_CONSTANT (1) << (window->top - index);
}

gboolean
cv_srtp_unprotect_rtcp (CvSrtp *self, guint8 *packet, gsize *n)
{
  if (*n < RTCP_HEAD + self->tag_n + 4 || *n > MAX_PAYLOAD)
    return FALSE;
  gsize plain_n = *n - self->tag_n - 4;
  const guint8 *tag = packet + plain_n + (index_is_last (self) ? 0 : 4);
  guint32 last = cv_read32 (packet + plain_n + (index_is_last (self) ? self->tag_n : 0));
  guint32 ssrc = cv_read32 (packet + 4), index = last & MAX_RTCP_INDEX;
  RtcpWindow *window = find_sender (self, ssrc);
  if ((last & RTCP_ENCRYPTED) == 0 || (window == NULL && self->n_senders == MAX_RTCP_SENDERS) ||
      (window != NULL && !rtcp_takes (window, index)) ||
      !cv_srtp_cipher_open (self->rtcp, index, packet, RTCP_HEAD, plain_n - RTCP_HEAD, tag))
    return FALSE;
  if (window == NULL) {
    window = &self->senders[self->n_senders++];
    *window = (RtcpWindow){ .ssrc = ssrc, .top = index };
  }
  rtcp_add (window, index);
  *n = plain_n;
  return TRUE;
}
