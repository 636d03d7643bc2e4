/* See codec.h. G.711 is ours, G.722 is spandsp's, Opus libopus's. */
#include "sip/codec.h"

#include "sip/conceal.h"
#include "sip/g711.h"
#include "sip/halfband.h"

#include <opus/opus.h>
#include <spandsp.h>
#include <string.h>

#define G722_BPS 64000
#define OPUS_BPS 24000
#define OPUS_COMPLEXITY 3
#define NARROW_MAX (CV_CODEC_MAX_SAMPLES / 2)

struct _CvCoder {
  CvPhoneCodec codec;
  CvHalfbandUp up;
  CvHalfbandDown down;
  CvConceal conceal;
  g722_encode_state_t *g722_encoder;
  g722_decode_state_t *g722_decoder;
  OpusEncoder *opus_encoder;
  OpusDecoder *opus_decoder;
};

static const struct {
  const char *name;
  guint clock;
} codecs[CV_N_PHONE_CODECS] = {
  [CV_PHONE_OPUS] = { "opus", 48000 },
  [CV_PHONE_G722] = { "G722", 8000 },
  [CV_PHONE_PCMA] = { "PCMA", 8000 },
  [CV_PHONE_PCMU] = { "PCMU", 8000 },
};

const char *
cv_phone_codec_get_name (CvPhoneCodec codec)
{
  return codecs[codec].name;
}

guint
cv_phone_codec_get_clock (CvPhoneCodec codec)
{
  return codecs[codec].clock;
}

gboolean
cv_phone_codec_is_shared (CvPhoneCodec codec)
{
  return codec == CV_PHONE_PCMA || codec == CV_PHONE_PCMU;
}

static void
prepare_opus (CvCoder *self)
{
  int error = 0;
  self->opus_encoder = opus_encoder_create (CV_CODEC_RATE, 1, OPUS_APPLICATION_VOIP, &error);
  self->opus_decoder = opus_decoder_create (CV_CODEC_RATE, 1, &error);
  if (self->opus_encoder == NULL || self->opus_decoder == NULL)
    g_error ("no memory for Opus");
  opus_encoder_ctl (self->opus_encoder, OPUS_SET_BITRATE (OPUS_BPS));
  opus_encoder_ctl (self->opus_encoder, OPUS_SET_COMPLEXITY (OPUS_COMPLEXITY));
  opus_encoder_ctl (self->opus_encoder, OPUS_SET_INBAND_FEC (1));
  opus_encoder_ctl (self->opus_encoder, OPUS_SET_PACKET_LOSS_PERC (5));
}

CvCoder *
cv_coder_new (CvPhoneCodec codec)
{
  CvCoder *self = g_new0 (CvCoder, 1);
  self->codec = codec;
  if (codec == CV_PHONE_OPUS)
    prepare_opus (self);
  if (codec == CV_PHONE_G722) {
    self->g722_encoder = g722_encode_init (NULL, G722_BPS, 0);
    self->g722_decoder = g722_decode_init (NULL, G722_BPS, 0);
  }
  return self;
}

void
cv_coder_free (CvCoder *self)
{
  g_clear_pointer (&self->opus_encoder, opus_encoder_destroy);
  g_clear_pointer (&self->opus_decoder, opus_decoder_destroy);
  g_clear_pointer (&self->g722_encoder, g722_encode_free);
  g_clear_pointer (&self->g722_decoder, g722_decode_free);
  g_free (self);
}

static gsize
encode_g711 (CvCoder *self, const gint16 *samples, guint8 *payload)
{
  gint16 narrow[CV_CODEC_FRAME / 2];
  cv_halfband_down (&self->down, samples, CV_CODEC_FRAME / 2, narrow);
  for (guint i = 0; i < CV_CODEC_FRAME / 2; i++)
    payload[i] = self->codec == CV_PHONE_PCMU ? cv_g711_encode_ulaw (narrow[i]) : cv_g711_encode_alaw (narrow[i]);
  return CV_CODEC_FRAME / 2;
}

gsize
cv_coder_encode (CvCoder *self, const gint16 *samples, guint8 *payload)
{
  int n = 0;
  switch (self->codec) {
  case CV_PHONE_OPUS:
    n = opus_encode (self->opus_encoder, samples, CV_CODEC_FRAME, payload, CV_CODEC_MAX_PAYLOAD);
    return (gsize) MAX (n, 0);
  case CV_PHONE_G722:
    return (gsize) g722_encode (self->g722_encoder, payload, samples, CV_CODEC_FRAME);
  default:
    return encode_g711 (self, samples, payload);
  }
}

void
cv_coder_follow (CvCoder *self, const CvCoder *other)
{
  self->down = other->down;
}

static gsize
decode_g711 (CvCoder *self, const guint8 *payload, gsize n, gint16 *samples)
{
  gint16 narrow[NARROW_MAX];
  if (n > NARROW_MAX)
    return 0;
  for (gsize i = 0; i < n; i++)
    narrow[i] = self->codec == CV_PHONE_PCMU ? cv_g711_decode_ulaw (payload[i]) : cv_g711_decode_alaw (payload[i]);
  cv_halfband_up (&self->up, narrow, n, samples);
  return n * 2;
}

gsize
cv_coder_decode (CvCoder *self, const guint8 *payload, gsize n, gint16 *samples)
{
  gsize got = 0;
  if (n == 0)
    return 0;
  if (self->codec == CV_PHONE_OPUS) {
    int decoded = opus_decode (self->opus_decoder, payload, (opus_int32) n, samples, CV_CODEC_MAX_SAMPLES, 0);
    return (gsize) MAX (decoded, 0);
  }
  if (self->codec != CV_PHONE_G722)
    got = decode_g711 (self, payload, n, samples);
  else if (n <= CV_CODEC_MAX_SAMPLES / 2)
    got = (gsize) g722_decode (self->g722_decoder, samples, payload, (int) n);
  cv_conceal_heard (&self->conceal, samples, got);
  return got;
}

gboolean
cv_coder_conceal (CvCoder *self, gint16 *samples)
{
  if (self->codec == CV_PHONE_OPUS)
    return opus_decode (self->opus_decoder, NULL, 0, samples, CV_CODEC_FRAME, 0) == CV_CODEC_FRAME;
  return cv_conceal_guess (&self->conceal, samples);
}
