/* See payload.h. */
#include "media/payload.h"

#include "rtp/bytes.h"
#include "media/h264.h"

#include <string.h>

/* ---- VP8, RFC 7741 ---- */

enum { VP8_X = 0x80, VP8_S = 0x10, VP8_PID = 0x07 };
enum { VP8_I = 0x80, VP8_L = 0x40, VP8_T = 0x20, VP8_K = 0x10 };
#define VP8_KEYFRAME_HEADER 10

/* The descriptor's length, or 0 where it is cut short. */
static gsize
read_vp8_descriptor (CvPayload *self, const guint8 *payload, gsize n)
{
  guint8 more = 0;
  gsize at = 1;
  if ((payload[0] & VP8_X) == 0)
    return at;
  if (n < 2)
    return 0;
  more = payload[at++];
  if (more & VP8_I) {
    if (at >= n)
      return 0;
    self->picture_id_at = (guint) at;
    self->picture_id_long = payload[at] >> 7;
    at += self->picture_id_long ? 2 : 1;
  }
  if (more & VP8_L)
    self->tl0_at = (guint) at++;
  if (more & (VP8_T | VP8_K)) {
    if (at >= n)
      return 0;
    if (more & VP8_T) {
      self->temporal = payload[at] >> 6;
      self->temporal_switch = (payload[at] >> 5) & 1;
    }
    if (more & VP8_K)
      self->key_index_at = (guint) at;
    at++;
  }
  return at <= n ? at : 0;
}

static void
inspect_vp8 (CvPayload *self, const guint8 *payload, gsize n)
{
  gsize at = read_vp8_descriptor (self, payload, n);
  if (at == 0) {
    memset (self, 0, sizeof *self);
    return;
  }
  self->descriptor_n = (guint) at;
  if ((payload[0] & VP8_S) == 0 || (payload[0] & VP8_PID) != 0 || at == n)
    return;
  self->frame_start = TRUE;
  /* RFC 6386 §9.1 */
  const guint8 *frame = payload + at;
  if ((frame[0] & 1) != 0 || n - at < VP8_KEYFRAME_HEADER || cv_read24 (frame + 3) != 0x9d012a)
    return;
  self->keyframe = TRUE;
  self->width = (guint) (frame[7] << 8 | frame[6]) & 0x3fff;
  self->height = (guint) (frame[9] << 8 | frame[8]) & 0x3fff;
}

guint16
cv_vp8_get_picture_id (const CvPayload *self, const guint8 *payload)
{
  if (self->picture_id_at == 0)
    return 0;
  const guint8 *at = payload + self->picture_id_at;
  return self->picture_id_long ? cv_read16 (at) & 0x7fff : *at & 0x7f;
}

void
cv_vp8_set_picture_id (const CvPayload *self, guint8 *payload, guint16 id)
{
  if (self->picture_id_at == 0)
    return;
  if (self->picture_id_long)
    cv_write16 (payload + self->picture_id_at, id | 0x8000);
  else
    payload[self->picture_id_at] = id & 0x7f;
}

guint8
cv_vp8_get_tl0 (const CvPayload *self, const guint8 *payload)
{
  return self->tl0_at != 0 ? payload[self->tl0_at] : 0;
}

void
cv_vp8_set_tl0 (const CvPayload *self, guint8 *payload, guint8 index)
{
  if (self->tl0_at != 0)
    payload[self->tl0_at] = index;
}

guint8
cv_vp8_get_key_index (const CvPayload *self, const guint8 *payload)
{
  return self->key_index_at != 0 ? payload[self->key_index_at] & 0x1f : 0;
}

void
cv_vp8_set_key_index (const CvPayload *self, guint8 *payload, guint8 index)
{
  if (self->key_index_at != 0)
    payload[self->key_index_at] = (guint8) ((payload[self->key_index_at] & 0xe0) | (index & 0x1f));
}

/* ---- VP9, RFC 9628 ---- */

enum { VP9_I = 0x80, VP9_P = 0x40, VP9_L = 0x20, VP9_F = 0x10, VP9_B = 0x08, VP9_V = 0x02 };
#define VP9_MAX_REFERENCES 3

/* A position that runs over the end stays there, and `short_of` remembers it. */
typedef struct {
  const guint8 *data;
  gsize n, at;
  gboolean short_of;
} Cursor;

static guint8
take_byte (Cursor *c)
{
  if (c->at >= c->n) {
    c->short_of = TRUE;
    return 0;
  }
  return c->data[c->at++];
}

static guint16
take_two (Cursor *c)
{
  guint16 high = take_byte (c);
  return (guint16) (high << 8 | take_byte (c));
}

/* The largest of the spatial layers that the scalability structure names. */
static void
read_vp9_structure (CvPayload *self, Cursor *c)
{
  guint8 head = take_byte (c);
  guint layers = (head >> 5) + 1u;
  for (guint i = 0; i < layers && (head & 0x10) != 0; i++) {
    self->width = take_two (c);
    self->height = take_two (c);
  }
  guint pictures = (head & 0x08) != 0 ? take_byte (c) : 0;
  for (guint i = 0; i < pictures; i++) {
    guint references = (take_byte (c) >> 2) & 3;
    for (guint k = 0; k < references; k++)
      take_byte (c);
  }
}

/* Of a keyframe of profile 0: marker, sync code, colours, size (VP9 bitstream §6.2). */
static void
read_vp9_size (CvPayload *self, const guint8 *frame, gsize n)
{
  if (n < 9 || (frame[0] & 0xfc) != 0x80 || cv_read24 (frame + 1) != 0x498342 || frame[4] >> 5 == 7)
    return;
  guint64 bits = (guint64) cv_read32 (frame + 4) << 8 | frame[8]; /* 4 bits of colours, 2 × 16 of size */
  self->width = (guint) (bits >> 20 & 0xffff) + 1;
  self->height = (guint) (bits >> 4 & 0xffff) + 1;
}

static void
inspect_vp9 (CvPayload *self, const guint8 *payload, gsize n)
{
  Cursor c = { payload, n, 0, FALSE };
  guint8 flags = take_byte (&c);
  guint spatial = 0;

  if ((flags & VP9_I) != 0 && (take_byte (&c) & 0x80) != 0)
    take_byte (&c);
  if (flags & VP9_L) {
    guint8 layer = take_byte (&c);
    self->temporal = layer >> 5;
    self->temporal_switch = (layer >> 4) & 1;
    spatial = (layer >> 1) & 7;
    if ((flags & VP9_F) == 0)
      take_byte (&c); /* TL0PICIDX */
  }
  gboolean another = (flags & VP9_F) != 0 && (flags & VP9_P) != 0;
  for (guint i = 0; another && i < VP9_MAX_REFERENCES; i++)
    another = take_byte (&c) & 1;
  if (flags & VP9_V)
    read_vp9_structure (self, &c);
  if (c.short_of || another || c.at == n) {
    memset (self, 0, sizeof *self);
    return;
  }
  self->descriptor_n = (guint) c.at;
  self->layer_start = (flags & VP9_B) != 0;
  self->frame_start = self->layer_start && spatial == 0;
  self->keyframe = self->frame_start && (flags & VP9_P) == 0;
  if (self->keyframe && self->width == 0)
    read_vp9_size (self, payload + c.at, n - c.at);
  if (!self->keyframe)
    self->width = self->height = 0;
}

/* ---- H.264, RFC 6184 ---- */

enum { NAL_SLICE = 1, NAL_IDR = 5, NAL_SPS = 7, NAL_DELIMITER = 9, NAL_STAP_A = 24, NAL_FU_A = 28 };

/* `n` bytes of a NAL unit of that type, from behind its header. */
static void
inspect_nal (CvPayload *self, guint8 type, const guint8 *body, gsize n)
{
  /* first_mb_in_slice is 0: a single bit that is set */
  gboolean first = n > 0 && (body[0] & 0x80) != 0;
  if (type == NAL_SPS || (type == NAL_IDR && first))
    self->keyframe = TRUE;
  if (type == NAL_SPS || type == NAL_DELIMITER || ((type == NAL_IDR || type == NAL_SLICE) && first))
    self->frame_start = TRUE;
  if (type == NAL_SPS)
    cv_h264_read_size (body, n, &self->width, &self->height);
}

static void
inspect_h264 (CvPayload *self, const guint8 *payload, gsize n)
{
  guint8 type = payload[0] & 0x1f;
  if (type == NAL_FU_A) {
    if (n > 2 && (payload[1] & 0x80) != 0)
      inspect_nal (self, payload[1] & 0x1f, payload + 2, n - 2);
    return;
  }
  if (type != NAL_STAP_A) {
    inspect_nal (self, type, payload + 1, n - 1);
    return;
  }
  for (gsize at = 1; at + 3 <= n;) {
    gsize size = cv_read16 (payload + at);
    at += 2;
    if (size == 0 || size > n - at)
      return;
    inspect_nal (self, payload[at] & 0x1f, payload + at + 1, size - 1);
    at += size;
  }
}

void
cv_payload_inspect (CvPayload *self, CvCodec codec, const guint8 *payload, gsize n)
{
  memset (self, 0, sizeof *self);
  if (n == 0)
    return;
  if (codec == CV_CODEC_VP8)
    inspect_vp8 (self, payload, n);
  else if (codec == CV_CODEC_VP9)
    inspect_vp9 (self, payload, n);
  else if (codec == CV_CODEC_H264)
    inspect_h264 (self, payload, n);
  else
    self->frame_start = self->keyframe = TRUE;
}
