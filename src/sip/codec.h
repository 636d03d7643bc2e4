/* What phones speak: samples of 16 kHz to payloads of RTP and back, 20 ms at a time. One object is both directions of one
 * call; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_CODEC_RATE 16000
#define CV_CODEC_FRAME 320 /* samples of 20 ms */
/* a payload that is written, and samples of one that is read (Opus: 120 ms) */
#define CV_CODEC_MAX_PAYLOAD 320
#define CV_CODEC_MAX_SAMPLES 1920

/* The preferred one first. */
typedef enum { CV_PHONE_OPUS, CV_PHONE_G722, CV_PHONE_PCMA, CV_PHONE_PCMU, CV_N_PHONE_CODECS } CvPhoneCodec;

/* "opus", "G722", "PCMA", "PCMU": as rtpmap has them. */
const char *cv_phone_codec_get_name (CvPhoneCodec codec);
/* As rtpmap says it: 48000, 8000, 8000 (RFC 3551 §4.5.2), 8000. */
guint cv_phone_codec_get_clock (CvPhoneCodec codec);

typedef struct _CvCoder CvCoder;

CvCoder *cv_coder_new (CvPhoneCodec codec);
void cv_coder_free (CvCoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCoder, cv_coder_free)

/* CV_CODEC_FRAME samples; returns the bytes written to `payload` (CV_CODEC_MAX_PAYLOAD). */
gsize cv_coder_encode (CvCoder *self, const gint16 *samples, guint8 *payload);
/* Up to CV_CODEC_MAX_SAMPLES; returns how many, 0 where the payload is none of this codec. */
gsize cv_coder_decode (CvCoder *self, const guint8 *payload, gsize n, gint16 *samples);
/* A frame that did not come: guessed from what came before. FALSE: that is silence by now. */
gboolean cv_coder_conceal (CvCoder *self, gint16 *samples);
/* Whether payloads of one coder can be sent to many (G.711), and then: `self` goes on where `other` is. */
gboolean cv_phone_codec_is_shared (CvPhoneCodec codec);
void cv_coder_follow (CvCoder *self, const CvCoder *other);

G_END_DECLS
