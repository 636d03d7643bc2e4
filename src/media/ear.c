/* See ear.h. */
#include "media/ear.h"

#include "rtp/playout.h"

#include <opus/opus.h>

#define RATE 16000
#define MAX_SAMPLES (CV_PLAYOUT_FRAMES * CV_MIX_PHONE_FRAME) /* of a packet: 120 ms */
/* packets in a row that are guessed; after more it begins anew */
#define MAX_GAP 5

struct _CvEar {
  OpusDecoder *decoder;
  CvPlayout playout;
  gboolean started;
  guint64 next; /* index */
  int duration; /* samples of the last packet */
};

CvEar *
cv_ear_new (void)
{
  CvEar *self = g_new0 (CvEar, 1);
  int error = 0;
  self->decoder = opus_decoder_create (RATE, 1, &error);
  if (self->decoder == NULL)
    g_error ("no memory for Opus");
  self->duration = CV_MIX_PHONE_FRAME;
  cv_playout_init (&self->playout, CV_MIX_PHONE_FRAME);
  return self;
}

void
cv_ear_free (CvEar *self)
{
  opus_decoder_destroy (self->decoder);
  g_free (self);
}

static void
decode (CvEar *self, const guint8 *payload, gsize n, int samples, gboolean copy)
{
  gint16 decoded[MAX_SAMPLES];
  int got = opus_decode (self->decoder, payload, (opus_int32) n, decoded, samples, copy);
  if (got <= 0)
    return;
  cv_playout_push (&self->playout, decoded, (gsize) got);
  if (payload != NULL && !copy)
    self->duration = got;
}

static void
fill_gap (CvEar *self, guint64 gap, const guint8 *payload, gsize n)
{
  if (gap > MAX_GAP)
    return;
  for (; gap > 1; gap--)
    decode (self, NULL, 0, self->duration, FALSE);
  if (gap == 1)
    decode (self, payload, n, self->duration, TRUE);
}

void
cv_ear_put (CvEar *self, const CvPacket *packet)
{
  const guint8 *payload = packet->data + packet->header_n;
  gsize n = packet->n - packet->header_n;
  gsize padding = (packet->data[0] & 0x20) != 0 && n > 0 ? packet->data[packet->n - 1] : 0;
  if (padding >= n)
    return;
  n -= padding;
  if (self->started && packet->index < self->next && self->next - packet->index < 1000)
    return;
  if (self->started && packet->index > self->next)
    fill_gap (self, packet->index - self->next, payload, n);
  decode (self, payload, n, MAX_SAMPLES, FALSE);
  self->started = TRUE;
  self->next = packet->index + 1;
}

gboolean
cv_ear_take (CvEar *self, gint16 frame[CV_MIX_PHONE_FRAME])
{
  return cv_playout_take (&self->playout, frame);
}
