/* See frames.h. */
#include "signalling/frames.h"

#define FIN 0x80
#define MASKED 0x80
#define OPCODE 0x0f
#define OPCODE_CONTROL 0x08
#define OPCODE_CONTINUATION 0x00
#define OPCODE_PING 0x09

void
cv_frames_init (CvFrames *self, gsize max_bytes, guint max_fragments)
{
  *self = (CvFrames){ .max_bytes = max_bytes, .max_fragments = max_fragments };
}

/* How long the header is, as far as its first two bytes tell. */
static guint
header_length (const CvFrames *self)
{
  if (self->have < 2)
    return 2;
  guint length = self->header[1] & 0x7f;
  guint extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  return 2 + extended + (self->header[1] & MASKED ? 4 : 0);
}

static guint64
payload_length (const CvFrames *self)
{
  guint length = self->header[1] & 0x7f;
  if (length < 126)
    return length;
  guint64 value = 0;
  for (guint i = 0; i < (length == 126 ? 2 : 8); i++)
    value = value << 8 | self->header[2 + i];
  return value;
}

static gboolean
begin_frame (CvFrames *self)
{
  guint8 opcode = self->header[0] & OPCODE;
  self->payload = payload_length (self);
  self->have = 0;
  if (opcode == OPCODE_PING)
    self->pongs += 2 + self->payload;
  if (opcode & OPCODE_CONTROL)
    return self->payload <= 125 && ++self->control <= CV_FRAMES_MAX_CONTROL;

  if (opcode != OPCODE_CONTINUATION)
    self->message = self->fragments = 0;
  if (self->payload > self->max_bytes - self->message || ++self->fragments > self->max_fragments)
    return FALSE;
  self->message += self->payload;
  if (self->header[0] & FIN)
    self->control = 0;
  return TRUE;
}

gboolean
cv_frames_feed (CvFrames *self, const guint8 *data, gsize n)
{
  while (n > 0) {
    if (self->payload > 0) {
      gsize step = MIN (self->payload, n);
      self->payload -= step;
      data += step;
      n -= step;
      continue;
    }
    self->header[self->have++] = *data++;
    n--;
    if (self->have >= 2 && self->have == header_length (self) && !begin_frame (self))
      return FALSE;
  }
  return TRUE;
}
