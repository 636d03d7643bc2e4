/* See matroska.h. Ids and names in comments are those of RFC 9559; EBML is RFC 8794. */
#include "media/matroska.h"

#include "rtp/bytes.h"

#include <string.h>

#define SCALE_NS 1000000 /* of timestamps: ms */
#define CLUSTER_MS 5000
#define CUE_MS 1000  /* keyframes that come quicker share a place, and a cluster */
#define SEEK_ROOM 96 /* kept free for SeekHead */
#define DURATION_ROOM 11
#define OPUS_RATE 48000
#define OPUS_PREROLL_NS 80000000 /* RFC 7845 §4.6 */
#define TRACK 1

enum {
  ID_EBML = 0x1a45dfa3,
  ID_VERSION = 0x4286,
  ID_READ_VERSION = 0x42f7,
  ID_MAX_ID = 0x42f2,
  ID_MAX_SIZE = 0x42f3,
  ID_DOC_TYPE = 0x4282,
  ID_DOC_VERSION = 0x4287,
  ID_DOC_READ_VERSION = 0x4285,
  ID_VOID = 0xec,
  ID_SEGMENT = 0x18538067,
  ID_SEEK_HEAD = 0x114d9b74,
  ID_SEEK = 0x4dbb,
  ID_SEEK_ID = 0x53ab,
  ID_SEEK_POSITION = 0x53ac,
  ID_INFO = 0x1549a966,
  ID_SCALE = 0x2ad7b1,
  ID_DURATION = 0x4489,
  ID_MUXING_APP = 0x4d80,
  ID_WRITING_APP = 0x5741,
  ID_TRACKS = 0x1654ae6b,
  ID_TRACK_ENTRY = 0xae,
  ID_TRACK_NUMBER = 0xd7,
  ID_TRACK_UID = 0x73c5,
  ID_TRACK_TYPE = 0x83,
  ID_LACING = 0x9c,
  ID_LANGUAGE = 0x22b59c,
  ID_CODEC = 0x86,
  ID_CODEC_PRIVATE = 0x63a2,
  ID_SEEK_PREROLL = 0x56bb,
  ID_VIDEO = 0xe0,
  ID_WIDTH = 0xb0,
  ID_HEIGHT = 0xba,
  ID_AUDIO = 0xe1,
  ID_RATE = 0xb5,
  ID_CHANNELS = 0x9f,
  ID_CLUSTER = 0x1f43b675,
  ID_TIMESTAMP = 0xe7,
  ID_SIMPLE_BLOCK = 0xa3,
  ID_CUES = 0x1c53bb6b,
  ID_CUE_POINT = 0xbb,
  ID_CUE_TIME = 0xb3,
  ID_CUE_POSITIONS = 0xb7,
  ID_CUE_TRACK = 0xf7,
  ID_CUE_CLUSTER = 0xf1,
  ID_CUE_RELATIVE = 0xf0,
};

static const char *const codec_ids[CV_N_CODECS] = {
  [CV_CODEC_OPUS] = "A_OPUS",
  [CV_CODEC_VP8] = "V_VP8",
  [CV_CODEC_VP9] = "V_VP9",
  [CV_CODEC_H264] = "V_MPEG4/ISO/AVC",
};

typedef struct {
  gint64 time; /* ms */
  guint64 cluster;
  guint32 relative;
} Cue;

struct _CvMatroska {
  gboolean video;
  guint64 bytes;   /* appended so far */
  guint64 segment; /* where its content begins: positions count from here */
  guint64 seek_head, info, duration, tracks;
  gboolean clustered;
  guint64 cluster, cluster_content;
  gint64 cluster_at; /* ms */
  gint64 last, step; /* ms: of the last frame, and how far it was from the one before */
  GArray *cues;
};

/* ---- EBML ---- */

static void
add_id (GByteArray *out, guint32 id)
{
  guint8 bytes[4];
  guint n = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  cv_write32 (bytes, id);
  g_byte_array_append (out, bytes + 4 - n, n);
}

/* In as few bytes as it takes. */
static void
add_size (GByteArray *out, guint64 size)
{
  guint8 bytes[8];
  guint n = 1;
  while (n < 8 && size >= (G_GUINT64_CONSTANT (1) << (7 * n)) - 1)
    n++;
  cv_write64 (bytes, size | G_GUINT64_CONSTANT (1) << (7 * n));
  g_byte_array_append (out, bytes + 8 - n, n);
}

static void
add_unknown_size (GByteArray *out)
{
  static const guint8 unknown[] = { 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
  g_byte_array_append (out, unknown, sizeof unknown);
}

static void
add_binary (GByteArray *out, guint32 id, gconstpointer data, gsize n)
{
  add_id (out, id);
  add_size (out, n);
  g_byte_array_append (out, data, (guint) n);
}

static void
add_text (GByteArray *out, guint32 id, const char *text)
{
  add_binary (out, id, text, strlen (text));
}

static void
add_number (GByteArray *out, guint32 id, guint64 value)
{
  guint8 bytes[8];
  guint n = 1;
  while (n < 8 && value >> (8 * n) != 0)
    n++;
  cv_write64 (bytes, value);
  add_binary (out, id, bytes + 8 - n, n);
}

static void
add_float (GByteArray *out, guint32 id, double value)
{
  guint8 bytes[8];
  guint64 bits;
  memcpy (&bits, &value, sizeof bits);
  cv_write64 (bytes, bits);
  add_binary (out, id, bytes, sizeof bytes);
}

/* An element of `total` bytes that means nothing. */
static void
add_void (GByteArray *out, guint total)
{
  guint8 zeros[SEEK_ROOM] = { 0 };
  add_binary (out, ID_VOID, zeros, total - 2);
}

/* Takes the content over. */
static void
add_master (GByteArray *out, guint32 id, GByteArray *content)
{
  add_binary (out, id, content->data, content->len);
  g_byte_array_unref (content);
}

/* ---- the head ---- */

static void
add_ebml_header (GByteArray *out)
{
  GByteArray *head = g_byte_array_new ();
  add_number (head, ID_VERSION, 1);
  add_number (head, ID_READ_VERSION, 1);
  add_number (head, ID_MAX_ID, 4);
  add_number (head, ID_MAX_SIZE, 8);
  add_text (head, ID_DOC_TYPE, "matroska");
  add_number (head, ID_DOC_VERSION, 4);
  add_number (head, ID_DOC_READ_VERSION, 2);
  add_master (out, ID_EBML, head);
}

/* Returns where in it the length is to be. */
static gsize
add_info (GByteArray *out)
{
  GByteArray *info = g_byte_array_new ();
  add_number (info, ID_SCALE, SCALE_NS);
  gsize duration = info->len;
  add_void (info, DURATION_ROOM);
  add_text (info, ID_MUXING_APP, "Conclave");
  add_text (info, ID_WRITING_APP, "Conclave");
  gsize n = info->len;
  add_master (out, ID_INFO, info);
  return out->len - n + duration;
}

/* RFC 7845 §5.1. Nothing is to be skipped: times are those of the RTP packets. */
static void
add_opus_head (GByteArray *out, guint channels)
{
  guint8 head[19] = { 'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, (guint8) channels };
  head[12] = OPUS_RATE & 0xff;
  head[13] = OPUS_RATE >> 8;
  add_binary (out, ID_CODEC_PRIVATE, head, sizeof head);
}

static void
add_audio (GByteArray *out, const CvMatroskaTrack *track)
{
  GByteArray *audio = g_byte_array_new ();
  add_opus_head (out, track->channels);
  add_number (out, ID_SEEK_PREROLL, OPUS_PREROLL_NS);
  add_float (audio, ID_RATE, OPUS_RATE);
  add_number (audio, ID_CHANNELS, track->channels);
  add_master (out, ID_AUDIO, audio);
}

static void
add_video (GByteArray *out, const CvMatroskaTrack *track)
{
  GByteArray *video = g_byte_array_new ();
  if (track->private_n > 0)
    add_binary (out, ID_CODEC_PRIVATE, track->private_data, track->private_n);
  add_number (video, ID_WIDTH, track->width);
  add_number (video, ID_HEIGHT, track->height);
  add_master (out, ID_VIDEO, video);
}

static void
add_tracks (GByteArray *out, const CvMatroskaTrack *track)
{
  GByteArray *tracks = g_byte_array_new (), *entry = g_byte_array_new ();
  gboolean video = cv_codec_get_kind (track->codec) == CV_KIND_VIDEO;
  add_number (entry, ID_TRACK_NUMBER, TRACK);
  add_number (entry, ID_TRACK_UID, TRACK);
  add_number (entry, ID_TRACK_TYPE, video ? 1 : 2);
  add_number (entry, ID_LACING, 0);
  add_text (entry, ID_LANGUAGE, "und");
  add_text (entry, ID_CODEC, codec_ids[track->codec]);
  if (video)
    add_video (entry, track);
  else
    add_audio (entry, track);
  add_master (tracks, ID_TRACK_ENTRY, entry);
  add_master (out, ID_TRACKS, tracks);
}

CvMatroska *
cv_matroska_new (const CvMatroskaTrack *track, GByteArray *out)
{
  CvMatroska *self = g_new0 (CvMatroska, 1);
  g_autoptr (GByteArray) head = g_byte_array_new ();
  g_assert (track->private_n <= CV_MATROSKA_MAX_PRIVATE);
  self->video = cv_codec_get_kind (track->codec) == CV_KIND_VIDEO;
  self->cues = g_array_new (FALSE, FALSE, sizeof (Cue));
  self->last = -1;
  add_ebml_header (head);
  add_id (head, ID_SEGMENT);
  add_unknown_size (head);
  self->segment = self->seek_head = head->len;
  add_void (head, SEEK_ROOM);
  self->info = head->len;
  self->duration = add_info (head);
  self->tracks = head->len;
  add_tracks (head, track);
  g_byte_array_append (out, head->data, head->len);
  self->bytes = head->len;
  return self;
}

void
cv_matroska_free (CvMatroska *self)
{
  g_array_unref (self->cues);
  g_free (self);
}

/* ---- frames ---- */

static void
set_patch (CvMatroskaPatch *patch, guint64 at, const GByteArray *bytes)
{
  g_assert (bytes->len <= sizeof patch->data);
  patch->at = at;
  patch->n = bytes->len;
  memcpy (patch->data, bytes->data, bytes->len);
}

/* In the place of an unknown size, which ends where `content` begins. */
static void
set_size (CvMatroskaPatch *patch, guint64 content, guint64 size)
{
  patch->n = 8;
  patch->at = content - patch->n;
  cv_write64 (patch->data, size | G_GUINT64_CONSTANT (1) << 56);
}

static void
begin_cluster (CvMatroska *self, GByteArray *out, gint64 time)
{
  guint before = out->len;
  self->clustered = TRUE;
  self->cluster = self->bytes;
  self->cluster_at = time;
  add_id (out, ID_CLUSTER);
  add_unknown_size (out);
  self->cluster_content = self->bytes + (out->len - before);
  add_number (out, ID_TIMESTAMP, (guint64) time);
  self->bytes += out->len - before;
}

static gboolean
needs_cluster (const CvMatroska *self, gint64 time, gboolean keyframe)
{
  gint64 age = time - self->cluster_at;
  return !self->clustered || age >= CLUSTER_MS || (self->video && keyframe && age > CUE_MS);
}

/* A place to begin to play from: a keyframe of pictures, the beginning of a cluster of sound. */
static void
add_cue (CvMatroska *self, gint64 time)
{
  const Cue *last = self->cues->len > 0 ? &g_array_index (self->cues, Cue, self->cues->len - 1) : NULL;
  gint64 least = self->video ? CUE_MS : CLUSTER_MS;
  if (self->cues->len == CV_MATROSKA_MAX_CUES || (last != NULL && time - last->time < least))
    return;
  Cue cue = { time, self->cluster - self->segment, (guint32) (self->bytes - self->cluster_content) };
  g_array_append_val (self->cues, cue);
}

gboolean
cv_matroska_add (CvMatroska *self, GByteArray *out, gint64 pts, gboolean keyframe, const guint8 *frame, gsize n,
                 CvMatroskaPatch *patch)
{
  gint64 time = MAX ((pts + 500) / 1000, self->last);
  gboolean begins = needs_cluster (self, time, keyframe), ends = begins && self->clustered;
  if (ends)
    set_size (patch, self->cluster_content, self->bytes - self->cluster_content);
  if (begins)
    begin_cluster (self, out, time);
  if (keyframe)
    add_cue (self, time);
  guint8 head[4] = { 0x80 | TRACK };
  guint before = out->len;
  cv_write16 (head + 1, (guint16) (time - self->cluster_at));
  head[3] = keyframe ? 0x80 : 0;
  add_id (out, ID_SIMPLE_BLOCK);
  add_size (out, sizeof head + n);
  g_byte_array_append (out, head, sizeof head);
  g_byte_array_append (out, frame, (guint) n);
  self->bytes += out->len - before;
  self->step = self->last >= 0 ? time - self->last : 0;
  self->last = time;
  return ends;
}

guint64
cv_matroska_get_bytes (const CvMatroska *self)
{
  return self->bytes;
}

/* ---- the end ---- */

static void
add_cues (const CvMatroska *self, GByteArray *out)
{
  GByteArray *cues = g_byte_array_new ();
  for (guint i = 0; i < self->cues->len; i++) {
    const Cue *cue = &g_array_index (self->cues, Cue, i);
    GByteArray *point = g_byte_array_new (), *positions = g_byte_array_new ();
    add_number (positions, ID_CUE_TRACK, TRACK);
    add_number (positions, ID_CUE_CLUSTER, cue->cluster);
    add_number (positions, ID_CUE_RELATIVE, cue->relative);
    add_number (point, ID_CUE_TIME, (guint64) cue->time);
    add_master (point, ID_CUE_POSITIONS, positions);
    add_master (cues, ID_CUE_POINT, point);
  }
  add_master (out, ID_CUES, cues);
}

static void
add_seek (GByteArray *out, guint32 id, guint64 position)
{
  GByteArray *seek = g_byte_array_new ();
  guint8 bytes[4];
  cv_write32 (bytes, id);
  add_binary (seek, ID_SEEK_ID, bytes, sizeof bytes);
  add_number (seek, ID_SEEK_POSITION, position);
  add_master (out, ID_SEEK, seek);
}

static void
make_seek_head (const CvMatroska *self, guint64 cues, CvMatroskaPatch *patch)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  GByteArray *head = g_byte_array_new ();
  add_seek (head, ID_INFO, self->info - self->segment);
  add_seek (head, ID_TRACKS, self->tracks - self->segment);
  if (self->cues->len > 0)
    add_seek (head, ID_CUES, cues - self->segment);
  add_master (out, ID_SEEK_HEAD, head);
  add_void (out, SEEK_ROOM - out->len);
  set_patch (patch, self->seek_head, out);
}

guint
cv_matroska_finish (CvMatroska *self, GByteArray *out, CvMatroskaPatch patches[CV_MATROSKA_PATCHES])
{
  g_autoptr (GByteArray) duration = g_byte_array_new ();
  guint64 cues = self->bytes;
  guint before = out->len, n = 0;
  if (self->cues->len > 0)
    add_cues (self, out);
  self->bytes += out->len - before;
  if (self->clustered)
    set_size (&patches[n++], self->cluster_content, cues - self->cluster_content);
  make_seek_head (self, cues, &patches[n++]);
  add_float (duration, ID_DURATION, (double) (MAX (self->last, 0) + self->step));
  set_patch (&patches[n++], self->duration, duration);
  set_size (&patches[n++], self->segment, self->bytes - self->segment);
  return n;
}
