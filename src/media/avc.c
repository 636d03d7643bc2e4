/* See avc.h. */
#include "media/avc.h"

#include "rtp/bytes.h"

#include <string.h>

enum { NAL_IDR = 5, NAL_SPS = 7, NAL_PPS = 8, NAL_STAP_A = 24, NAL_FU_A = 28 };
#define LENGTH 4 /* bytes before each NAL unit */
#define FU_START 0x80
#define FU_END 0x40
#define HIGH_PROFILE 100

void
cv_avc_begin (CvAvc *self)
{
  self->has_sps = self->has_pps = self->has_idr = self->opened = FALSE;
}

static void
remember (guint8 *set, gsize *set_n, const guint8 *nal, gsize n)
{
  if (n > CV_AVC_MAX_SET)
    return;
  memcpy (set, nal, n);
  *set_n = n;
}

static void
note (CvAvc *self, const guint8 *nal, gsize n)
{
  guint8 type = nal[0] & 0x1f;
  if (type == NAL_IDR)
    self->has_idr = TRUE;
  if (type == NAL_SPS) {
    self->has_sps = TRUE;
    remember (self->sps, &self->sps_n, nal, n);
  } else if (type == NAL_PPS) {
    self->has_pps = TRUE;
    remember (self->pps, &self->pps_n, nal, n);
  }
}

static void
append_length (GByteArray *frame, gsize n)
{
  guint8 length[LENGTH];
  cv_write32 (length, (guint32) n);
  g_byte_array_append (frame, length, LENGTH);
}

static void
append (CvAvc *self, GByteArray *frame, const guint8 *nal, gsize n)
{
  note (self, nal, n);
  append_length (frame, n);
  g_byte_array_append (frame, nal, (guint) n);
}

static gboolean
add_aggregate (CvAvc *self, GByteArray *frame, const guint8 *payload, gsize n)
{
  for (gsize at = 1; at < n;) {
    if (n - at < 2)
      return FALSE;
    gsize size = cv_read16 (payload + at);
    at += 2;
    if (size == 0 || size > n - at)
      return FALSE;
    append (self, frame, payload + at, size);
    at += size;
  }
  return TRUE;
}

static gboolean
add_fragment (CvAvc *self, GByteArray *frame, const guint8 *payload, gsize n)
{
  if (n < 3)
    return FALSE;
  guint8 flags = payload[1];
  guint8 header = (guint8) ((payload[0] & 0xe0) | (flags & 0x1f));
  if ((flags & FU_START) != 0) {
    if (self->opened)
      return FALSE;
    self->opened = TRUE;
    self->open = frame->len;
    append_length (frame, 0);
    g_byte_array_append (frame, &header, 1);
  }
  if (!self->opened)
    return FALSE;
  g_byte_array_append (frame, payload + 2, (guint) (n - 2));
  if ((flags & FU_END) == 0)
    return TRUE;
  gsize size = frame->len - self->open - LENGTH;
  cv_write32 (frame->data + self->open, (guint32) size);
  note (self, frame->data + self->open + LENGTH, size);
  self->opened = FALSE;
  return TRUE;
}

gboolean
cv_avc_add (CvAvc *self, GByteArray *frame, const guint8 *payload, gsize n)
{
  guint8 type = n > 0 ? payload[0] & 0x1f : 0;
  if (type == NAL_FU_A)
    return add_fragment (self, frame, payload, n);
  if (type == 0 || type > NAL_STAP_A || self->opened)
    return FALSE;
  if (type == NAL_STAP_A)
    return add_aggregate (self, frame, payload, n);
  append (self, frame, payload, n);
  return TRUE;
}

/* Sets that came with an earlier frame: who begins to read here has to know them. */
static void
prepend_sets (const CvAvc *self, GByteArray *frame)
{
  g_autoptr (GByteArray) rest = g_byte_array_new_take (g_memdup2 (frame->data, frame->len), frame->len);
  g_byte_array_set_size (frame, 0);
  append_length (frame, self->sps_n);
  g_byte_array_append (frame, self->sps, (guint) self->sps_n);
  append_length (frame, self->pps_n);
  g_byte_array_append (frame, self->pps, (guint) self->pps_n);
  g_byte_array_append (frame, rest->data, rest->len);
}

gboolean
cv_avc_end (CvAvc *self, GByteArray *frame, gboolean *keyframe)
{
  *keyframe = FALSE;
  if (self->opened || frame->len == 0)
    return FALSE;
  if ((!self->has_idr && !self->has_sps) || self->sps_n < 4 || self->pps_n == 0)
    return TRUE;
  *keyframe = TRUE;
  if (!self->has_sps || !self->has_pps)
    prepend_sets (self, frame);
  return TRUE;
}

gsize
cv_avc_write_config (const CvAvc *self, guint8 out[CV_AVC_MAX_CONFIG])
{
  if (self->sps_n < 4 || self->pps_n == 0)
    return 0;
  gsize n = 0;
  out[n++] = 1;
  memcpy (out + n, self->sps + 1, 3); /* profile, constraints, level */
  n += 3;
  out[n++] = 0xfc | (LENGTH - 1);
  out[n++] = 0xe0 | 1;
  cv_write16 (out + n, (guint16) self->sps_n);
  memcpy (out + n + 2, self->sps, self->sps_n);
  n += 2 + self->sps_n;
  out[n++] = 1;
  cv_write16 (out + n, (guint16) self->pps_n);
  memcpy (out + n + 2, self->pps, self->pps_n);
  n += 2 + self->pps_n;
  if (self->sps[1] < HIGH_PROFILE)
    return n;
  /* 4:2:0 with 8 bits: what browsers send, and all that their decoders take */
  static const guint8 high[] = { 0xfc | 1, 0xf8, 0xf8, 0 };
  memcpy (out + n, high, sizeof high);
  return n + sizeof high;
}
