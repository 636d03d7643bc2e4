/* See footage.h. */
#define _GNU_SOURCE
#include "render/footage.h"

#include "render/failure.h"

#include <sys/mman.h>

/* µs; what claims to be longer has a broken clock */
#define MAX_DURATION (G_GINT64_CONSTANT (7) * 24 * 3600 * G_USEC_PER_SEC)
/* µs between two places of sound that one can go to */
#define SOUND_STEP G_USEC_PER_SEC
/* bytes that have been read may go from memory after so many */
#define DROP_BYTES (4 * 1024 * 1024)
/* what the last frame is taken to last, µs: as long as the one before, within reason */
#define SOUND_FRAME 20000
#define MIN_FRAME 10000
#define MAX_FRAME 200000

typedef struct {
  gint64 pts;
  gsize at;
  gint64 cluster;
} Key;

static gboolean
is_sound (const CvFootage *self)
{
  return self->track.codec == CV_CODEC_OPUS || self->track.codec == CV_CODEC_AAC;
}

static void
note_key (CvFootage *self, const CvMatroskaFrame *frame)
{
  const Key *last = self->keys->len > 0 ? &g_array_index (self->keys, Key, self->keys->len - 1) : NULL;
  Key key = { frame->pts, frame->at, self->reader.cluster };
  if (last == NULL || frame->pts >= last->pts + (is_sound (self) ? SOUND_STEP : 1))
    g_array_append_val (self->keys, key);
}

/* Pages that nobody reads again would count as ours. */
static void
drop (CvFootage *self, gsize to)
{
  gsize until = to & ~(gsize) (DROP_BYTES - 1);
  if (until > self->dropped)
    madvise ((guint8 *) self->reader.bytes + self->dropped, until - self->dropped, MADV_DONTNEED);
  self->dropped = until;
}

/* Sound can begin anywhere, though not all writers say so. */
static gboolean
read_frame (CvFootage *self, CvMatroskaFrame *frame)
{
  if (!cv_matroska_reader_next (&self->reader, frame) || frame->pts > MAX_DURATION)
    return FALSE;
  frame->key |= is_sound (self);
  return TRUE;
}

static void
scan (CvFootage *self)
{
  CvMatroskaFrame frame;
  gint64 end = 0, last = 0;
  self->begin = self->reader.at;
  while (read_frame (self, &frame)) {
    if (frame.key)
      note_key (self, &frame);
    self->n_frames++;
    end = MAX (end, frame.pts + (is_sound (self) ? SOUND_FRAME : CLAMP (frame.pts - last, MIN_FRAME, MAX_FRAME)));
    last = frame.pts;
    drop (self, frame.at);
  }
  self->duration = end;
  self->finished = self->track.duration > 0 && self->reader.track.cues;
  self->dropped = 0;
  cv_matroska_reader_seek (&self->reader, self->begin, 0);
}

CvFootage *
cv_footage_open (const char *path, GError **error)
{
  g_autoptr (CvFootage) self = g_new0 (CvFootage, 1);
  self->keys = g_array_new (FALSE, FALSE, sizeof (Key));
  self->file = g_mapped_file_new (path, FALSE, error);
  if (self->file == NULL)
    return NULL;
  const guint8 *bytes = (const guint8 *) g_mapped_file_get_contents (self->file);
  if (bytes == NULL || !cv_matroska_reader_init (&self->reader, bytes, g_mapped_file_get_length (self->file))) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_IO, "not a track");
    return NULL;
  }
  self->track = self->reader.track;
  scan (self);
  return g_steal_pointer (&self);
}

void
cv_footage_free (CvFootage *self)
{
  g_clear_pointer (&self->file, g_mapped_file_unref);
  g_array_unref (self->keys);
  g_free (self);
}

gboolean
cv_footage_next (CvFootage *self, CvMatroskaFrame *frame)
{
  drop (self, self->reader.at);
  return read_frame (self, frame);
}

static const Key *
find_key (const CvFootage *self, gint64 pts)
{
  guint low = 0, high = self->keys->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index (self->keys, Key, middle).pts <= pts)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 ? &g_array_index (self->keys, Key, low - 1) : NULL;
}

gint64
cv_footage_find_key (const CvFootage *self, gint64 pts)
{
  const Key *key = find_key (self, pts);
  return key != NULL ? key->pts : -1;
}

void
cv_footage_seek (CvFootage *self, gint64 pts)
{
  const Key *key = find_key (self, pts);
  if (key != NULL)
    cv_matroska_reader_seek (&self->reader, key->at, key->cluster);
  else
    cv_matroska_reader_seek (&self->reader, self->begin, 0);
  self->dropped = 0;
}
