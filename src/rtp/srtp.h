/* SRTP and SRTCP (RFC 3711, RFC 7714): one object is one master key, so one direction of one transport.
 *
 * Main thread. Whatever fails leaves the window as it was; what a forged packet held is then garbage, not its plain text.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_SRTP_NONE,
  CV_SRTP_AES128_CM_SHA1_80,
  CV_SRTP_AEAD_AES_128_GCM,
  CV_SRTP_AEAD_AES_256_GCM,
} CvSrtpProfile;

/* how much longer a packet becomes at most: RTP 10 or 16, RTCP 4 more */
#define CV_SRTP_MAX_OVERHEAD 20
#define CV_SRTP_MAX_KEY 32
#define CV_SRTP_MAX_SALT 14
/* how many of the latest indices a window remembers; what is older is refused */
#define CV_SRTP_WINDOW 1024

typedef struct _CvSrtp CvSrtp;

/* Of master key and master salt, in bytes; 0 for CV_SRTP_NONE. */
gsize cv_srtp_key_length (CvSrtpProfile profile);
gsize cv_srtp_salt_length (CvSrtpProfile profile);

/* (transfer full); the keys are copied. Not for CV_SRTP_NONE. */
CvSrtp *cv_srtp_new (CvSrtpProfile profile, const guint8 *key, const guint8 *salt);
void cv_srtp_free (CvSrtp *self); /* wipes the keys */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSrtp, cv_srtp_free)

CvSrtpProfile cv_srtp_get_profile (const CvSrtp *self);

/* Which of the last CV_SRTP_WINDOW indices (ROC << 16 | SEQ) were used: replay protection of what comes, and "never
 * twice" of what goes. All zeros: nothing was. One for each SSRC under one key. */
typedef struct {
  guint64 top;
  guint64 bits[CV_SRTP_WINDOW / 64]; /* by index modulo CV_SRTP_WINDOW */
  gboolean started;
} CvSrtpWindow;

/* The index that `seq` most likely means (RFC 3711 §3.3.1). */
guint64 cv_srtp_window_guess (const CvSrtpWindow *window, guint16 seq);

/* Decrypts in place. `header_n`: length of the RTP header with its extensions (CvRtp.header_n). *n becomes the length
 * without the tag, *index the packet's extended index. FALSE: forged, replayed or too old. */
gboolean cv_srtp_unprotect_rtp (CvSrtp *self, CvSrtpWindow *window, guint8 *packet, gsize header_n, gsize *n,
                                guint64 *index);

/* `out` begins with the header, whose sequence number is the low 16 bits of `index`; the payload, which may already stand
 * behind it, is encrypted there; there is room for CV_SRTP_MAX_OVERHEAD behind it. Returns the packet's length, or 0 where
 * `sent` says that this index was used or is too old: no index ever leaves twice. */
gsize cv_srtp_protect_rtp (CvSrtp *self, CvSrtpWindow *sent, guint64 index, guint8 *out, gsize header_n,
                           const guint8 *payload, gsize payload_n);

/* In place; there is room for CV_SRTP_MAX_OVERHEAD behind n. The SRTCP index is counted inside. Returns the new length, or 0
 * where the key has been used up (2^31 packets) or n is shorter than an RTCP header with its SSRC. */
gsize cv_srtp_protect_rtcp (CvSrtp *self, guint8 *packet, gsize n);

/* In place. FALSE: forged, replayed, not encrypted, or of one SSRC too many. */
gboolean cv_srtp_unprotect_rtcp (CvSrtp *self, guint8 *packet, gsize *n);

G_END_DECLS
