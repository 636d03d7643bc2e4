/* See mend.h. RFC 9559: SeekHead, Info, the old Tracks, clusters of known size, Cues. */
#include "render/mend.h"

#include "render/failure.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* µs of one cluster; a block's time has 16 bits */
#define CLUSTER 5000000
#define APPLICATION "conclave-render"
/* what stands between the segment's beginning and the tracks, in bytes; all sizes in it are fixed */
#define SIZE_BYTES 8

typedef struct {
  int fd;
  guint64 written;    /* bytes behind the segment's head */
  gint64 scale;       /* ns */
  guint number;       /* of the track */
  gint64 begin;       /* units: of the cluster */
  GByteArray *blocks; /* of the cluster that is being filled */
  GByteArray *cues;
} Mender;

static void
put_id (GByteArray *out, guint32 id)
{
  const guint8 bytes[] = { id >> 24, id >> 16, id >> 8, id };
  guint n = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  g_byte_array_append (out, bytes + 4 - n, n);
}

static void
put_number (GByteArray *out, guint64 value)
{
  for (int i = 7; i >= 0; i--) {
    guint8 byte = (guint8) (value >> (8 * i));
    g_byte_array_append (out, &byte, 1);
  }
}

static void
put_size (GByteArray *out, guint64 size)
{
  put_number (out, size | G_GUINT64_CONSTANT (1) << 56);
}

static void
put_uint (GByteArray *out, guint32 id, guint64 value)
{
  put_id (out, id);
  put_size (out, 8);
  put_number (out, value);
}

static void
put_bytes (GByteArray *out, guint32 id, const void *bytes, gsize n)
{
  put_id (out, id);
  put_size (out, n);
  g_byte_array_append (out, bytes, (guint) n);
}

static void
put_nested (GByteArray *out, guint32 id, GByteArray *content)
{
  put_bytes (out, id, content->data, content->len);
  g_byte_array_unref (content);
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize n, GError **error)
{
  while (n > 0) {
    gssize done = write (fd, bytes, n);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return cv_failure_set_errno (error, "a track cannot be mended");
    bytes += done;
    n -= (gsize) done;
  }
  return TRUE;
}

static gboolean
flush (Mender *self, GByteArray *bytes, GError **error)
{
  gboolean done = write_all (self->fd, bytes->data, bytes->len, error);
  self->written += bytes->len;
  g_byte_array_set_size (bytes, 0);
  return done;
}

static void
note_cue (Mender *self)
{
  GByteArray *positions = g_byte_array_new (), *point = g_byte_array_new ();
  put_uint (positions, 0xF7, self->number);
  put_uint (positions, 0xF1, self->written);
  put_uint (point, 0xB3, (guint64) self->begin);
  put_nested (point, 0xB7, positions);
  put_nested (self->cues, 0xBB, point);
}

static gboolean
end_cluster (Mender *self, GError **error)
{
  if (self->blocks->len == 0)
    return TRUE;
  g_autoptr (GByteArray) head = g_byte_array_new ();
  g_autoptr (GByteArray) time = g_byte_array_new ();
  put_uint (time, 0xE7, (guint64) self->begin);
  put_id (head, 0x1F43B675);
  put_size (head, time->len + self->blocks->len);
  g_byte_array_append (head, time->data, time->len);
  return flush (self, head, error) && flush (self, self->blocks, error);
}

static gboolean
add_frame (Mender *self, const CvMatroskaFrame *frame, gboolean sound, GError **error)
{
  gint64 units = frame->pts * 1000 / self->scale, relative = units - self->begin;
  gboolean full = frame->key && (!sound || relative * self->scale >= CLUSTER * G_GINT64_CONSTANT (1000));
  if (self->blocks->len == 0 || full || relative < 0 || relative > G_MAXINT16) {
    if (!end_cluster (self, error))
      return FALSE;
    self->begin = MAX (units, 0);
    relative = 0;
    if (frame->key)
      note_cue (self);
  }
  const guint8 head[] = {
    0x10, 0, 0, (guint8) self->number, (guint8) (relative >> 8), (guint8) relative, frame->key ? 0x80 : 0
  };
  put_id (self->blocks, 0xA3);
  put_size (self->blocks, sizeof head + frame->n);
  g_byte_array_append (self->blocks, head, sizeof head);
  g_byte_array_append (self->blocks, frame->bytes, (guint) frame->n);
  return TRUE;
}

static GByteArray *
make_info (const CvFootage *footage)
{
  GByteArray *info = g_byte_array_new ();
  double duration = (double) footage->duration * 1000 / (double) footage->reader.scale;
  guint64 bits;
  memcpy (&bits, &duration, sizeof bits);
  put_uint (info, 0x2AD7B1, (guint64) footage->reader.scale);
  put_uint (info, 0x4489, bits);
  put_bytes (info, 0x4D80, APPLICATION, strlen (APPLICATION));
  put_bytes (info, 0x5741, APPLICATION, strlen (APPLICATION));
  return info;
}

static void
put_seek (GByteArray *out, guint32 id, guint64 position)
{
  const guint8 bytes[] = { id >> 24, id >> 16, id >> 8, id };
  GByteArray *seek = g_byte_array_new ();
  put_bytes (seek, 0x53AB, bytes, sizeof bytes);
  put_uint (seek, 0x53AC, position);
  put_nested (out, 0x4DBB, seek);
}

/* From the segment's first byte of content; its length does not depend on the positions. */
static GByteArray *
make_front (const CvFootage *footage, guint64 cues)
{
  GByteArray *front = g_byte_array_new (), *seeks = g_byte_array_new (), *info = make_info (footage);
  gsize n_seeks = 3 * (2 + 8 + 2 + 8 + 4 + 2 + 8 + 8), before = 4 + 8 + n_seeks;
  put_seek (seeks, 0x1549A966, before);
  put_seek (seeks, 0x1654AE6B, before + 4 + 8 + info->len);
  put_seek (seeks, 0x1C53BB6B, cues);
  g_assert (seeks->len == n_seeks);
  put_nested (front, 0x114D9B74, seeks);
  put_nested (front, 0x1549A966, info);
  g_byte_array_append (front, footage->reader.bytes + footage->reader.head, (guint) footage->reader.n_head);
  return front;
}

/* Head and front with where the cues are, and how long all is. */
static gboolean
write_front (const CvFootage *footage, int fd, guint64 size, guint64 cues, gsize *n_front, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GByteArray) front = make_front (footage, cues);
  GByteArray *head = g_byte_array_new ();
  put_uint (head, 0x4286, 1);
  put_uint (head, 0x42F7, 1);
  put_uint (head, 0x42F2, 4);
  put_uint (head, 0x42F3, 8);
  put_bytes (head, 0x4282, "matroska", 8);
  put_uint (head, 0x4287, 4);
  put_uint (head, 0x4285, 2);
  put_nested (all, 0x1A45DFA3, head);
  put_id (all, 0x18538067);
  put_size (all, size);
  g_byte_array_append (all, front->data, front->len);
  *n_front = front->len;
  return write_all (fd, all->data, all->len, error);
}

static gboolean
write_frames (Mender *self, CvFootage *footage, GError **error)
{
  gboolean sound = footage->track.codec == CV_CODEC_OPUS;
  CvMatroskaFrame frame;
  cv_footage_seek (footage, G_MININT64);
  while (cv_footage_next (footage, &frame)) {
    self->number = self->blocks->len == 0 && self->written == 0 ? frame.number : self->number;
    if (!add_frame (self, &frame, sound, error))
      return FALSE;
  }
  return end_cluster (self, error);
}

gboolean
cv_mend_write (CvFootage *footage, int fd, GError **error)
{
  g_autoptr (GByteArray) blocks = g_byte_array_new ();
  g_autoptr (GByteArray) cues = g_byte_array_new ();
  g_autoptr (GByteArray) index = g_byte_array_new ();
  gsize n_front = 0;
  if (footage->reader.n_head == 0) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_INTERNAL, "a track has no head");
    return FALSE;
  }
  if (!write_front (footage, fd, 0, 0, &n_front, error))
    return FALSE;
  Mender self = {
    .fd = fd, .written = n_front, .scale = footage->reader.scale, .number = 1, .blocks = blocks, .cues = cues
  };
  if (!write_frames (&self, footage, error))
    return FALSE;
  guint64 at = self.written;
  put_bytes (index, 0x1C53BB6B, cues->data, cues->len);
  if (!flush (&self, index, error))
    return FALSE;
  if (lseek (fd, 0, SEEK_SET) < 0)
    return cv_failure_set_errno (error, "a track cannot be mended");
  return write_front (footage, fd, self.written, at, &n_front, error);
}
