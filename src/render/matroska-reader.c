/* See matroska-reader.h. RFC 9559 (Matroska), RFC 8794 (EBML).
 *
 * The elements that are looked into are entered without keeping account of where they end: all that we know stand in one
 * place each, so their ids say enough. That makes sizes that are unknown, or larger than what was written, no case of
 * their own.
 */
#include "render/matroska-reader.h"

#include <math.h>
#include <string.h>

enum {
  ID_EBML = 0x1A45DFA3,
  ID_SEGMENT = 0x18538067,
  ID_INFO = 0x1549A966,
  ID_SCALE = 0x2AD7B1,
  ID_DURATION = 0x4489,
  ID_TRACKS = 0x1654AE6B,
  ID_ENTRY = 0xAE,
  ID_CODEC = 0x86,
  ID_SETUP = 0x63A2,
  ID_VIDEO = 0xE0,
  ID_WIDTH = 0xB0,
  ID_HEIGHT = 0xBA,
  ID_AUDIO = 0xE1,
  ID_CHANNELS = 0x9F,
  ID_RATE = 0xB5,
  ID_CLUSTER = 0x1F43B675,
  ID_TIME = 0xE7,
  ID_SIMPLE_BLOCK = 0xA3,
  ID_GROUP = 0xA0,
  ID_BLOCK = 0xA1,
  ID_REFERENCE = 0xFB,
  ID_CUES = 0x1C53BB6B,
};

#define DEFAULT_SCALE 1000000
#define UNKNOWN G_MAXUINT64
/* of a picture's side: more is nonsense */
#define MAX_SIDE 16384
/* ns: a time that leaves room for sums */
#define MAX_TIME (G_GINT64_CONSTANT (1) << 60)
#define MAX_SCALE 1000000000
#define FLAG_KEY 0x80
#define FLAG_LACING 0x06

typedef struct {
  guint32 id;
  guint64 size; /* UNKNOWN, or it fits */
  gsize begin;  /* of its content */
} Element;

/* A number whose first byte says how long it is. `keep`: with that mark, as ids are. 0 bytes read: there is none. */
static guint
read_vint (const guint8 *bytes, gsize n, guint max, gboolean keep, guint64 *value)
{
  if (n == 0 || bytes[0] == 0)
    return 0;
  guint length = 1;
  while ((bytes[0] & (0x80 >> (length - 1))) == 0)
    length++;
  if (length > max || length > n)
    return 0;
  guint64 sum = keep ? bytes[0] : bytes[0] & (0xffu >> length);
  gboolean ones = (bytes[0] | (0xff00u >> length & 0xff)) == 0xff;
  for (guint i = 1; i < length; i++) {
    sum = sum << 8 | bytes[i];
    ones = ones && bytes[i] == 0xff;
  }
  *value = !keep && ones ? UNKNOWN : sum;
  return length;
}

static gboolean
read_element (const CvMatroskaReader *self, gsize at, Element *element)
{
  guint64 id = 0;
  guint n_id = read_vint (self->bytes + at, self->n - at, 4, TRUE, &id);
  guint n_size = n_id > 0 ? read_vint (self->bytes + at + n_id, self->n - at - n_id, 8, FALSE, &element->size) : 0;
  element->id = (guint32) id;
  element->begin = at + n_id + n_size;
  return n_size > 0;
}

/* Whether all of it is there. */
static gboolean
is_whole (const CvMatroskaReader *self, const Element *element)
{
  return element->size != UNKNOWN && element->size <= self->n - element->begin;
}

static guint64
read_uint (const CvMatroskaReader *self, const Element *element)
{
  guint64 value = 0;
  for (guint64 i = 0; i < element->size && i < 8; i++)
    value = value << 8 | self->bytes[element->begin + i];
  return value;
}

static double
read_float (const CvMatroskaReader *self, const Element *element)
{
  guint64 bits = read_uint (self, element);
  guint32 half = (guint32) bits;
  float single;
  double value;
  memcpy (&single, &half, sizeof single);
  memcpy (&value, &bits, sizeof value);
  value = element->size == 4 ? (double) single : element->size == 8 ? value : 0;
  return isfinite (value) && value > 0 ? value : 0;
}

static CvMatroskaCodec
find_codec (const char *id, gsize n)
{
  static const struct {
    const char *id;
    CvMatroskaCodec codec;
  } codecs[] = {
    { "A_OPUS", CV_CODEC_OPUS },          { "V_VP8", CV_CODEC_VP8 }, { "V_VP9", CV_CODEC_VP9 },
    { "V_MPEG4/ISO/AVC", CV_CODEC_H264 }, { "A_AAC", CV_CODEC_AAC },
  };
  while (n > 0 && id[n - 1] == '\0')
    n--;
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (strlen (codecs[i].id) == n && memcmp (codecs[i].id, id, n) == 0)
      return codecs[i].codec;
  return CV_CODEC_NONE;
}

static gboolean
is_entered (guint32 id)
{
  return id == ID_SEGMENT || id == ID_INFO || id == ID_TRACKS || id == ID_ENTRY || id == ID_VIDEO || id == ID_AUDIO;
}

/* What is said before the first cluster. */
static void
take (CvMatroskaReader *self, const Element *element)
{
  CvMatroskaTrack *track = &self->track;
  switch (element->id) {
  case ID_SCALE:
    self->scale = (gint64) CLAMP (read_uint (self, element), 1, MAX_SCALE);
    break;
  case ID_DURATION:
    track->duration = read_float (self, element);
    break;
  case ID_CODEC:
    if (track->codec == CV_CODEC_NONE) /* the first track is the one */
      track->codec = find_codec ((const char *) self->bytes + element->begin, element->size);
    break;
  case ID_SETUP:
    track->setup = self->bytes + element->begin;
    track->n_setup = element->size;
    break;
  case ID_WIDTH:
    track->width = (guint) MIN (read_uint (self, element), MAX_SIDE);
    break;
  case ID_HEIGHT:
    track->height = (guint) MIN (read_uint (self, element), MAX_SIDE);
    break;
  case ID_CHANNELS:
    track->channels = (guint) CLAMP (read_uint (self, element), 1, 8);
    break;
  case ID_RATE:
    track->rate = (guint) CLAMP (read_float (self, element), 8000, 192000);
    break;
  case ID_CUES:
    track->cues = TRUE;
    break;
  default:;
  }
}

gboolean
cv_matroska_reader_init (CvMatroskaReader *self, const guint8 *bytes, gsize n)
{
  Element element;
  *self =
    (CvMatroskaReader){ .bytes = bytes, .n = n, .scale = DEFAULT_SCALE, .track = { .channels = 1, .rate = 48000 } };
  if (n == 0 || !read_element (self, 0, &element) || element.id != ID_EBML)
    return FALSE;
  while (self->at < n && read_element (self, self->at, &element) && element.id != ID_CLUSTER) {
    if (is_entered (element.id)) {
      self->head = element.id == ID_TRACKS ? self->at : self->head;
      self->n_head =
        element.id == ID_TRACKS && is_whole (self, &element) ? element.begin + element.size - self->at : self->n_head;
      self->at = element.begin;
      continue;
    }
    if (!is_whole (self, &element))
      break;
    take (self, &element);
    self->at = element.begin + element.size;
  }
  self->track.duration *= (double) self->scale / 1000;
  return self->track.codec != CV_CODEC_NONE;
}

/* A block's head: the track's number, a time beside its cluster's, flags. */
static gboolean
read_block (const CvMatroskaReader *self, const Element *element, CvMatroskaFrame *frame)
{
  const guint8 *bytes = self->bytes + element->begin;
  guint64 number = 0;
  guint n = read_vint (bytes, element->size, 4, FALSE, &number);
  if (n == 0 || element->size < n + 3 || (bytes[n + 2] & FLAG_LACING) != 0)
    return FALSE;
  gint64 units = self->cluster + (gint16) (bytes[n] << 8 | bytes[n + 1]);
  frame->pts = units * self->scale / 1000;
  frame->number = (guint) number;
  frame->key = (bytes[n + 2] & FLAG_KEY) != 0;
  frame->bytes = bytes + n + 3;
  frame->n = element->size - n - 3;
  return TRUE;
}

/* The block in a group; it is a key where the group names no other frame. */
static gboolean
read_group (const CvMatroskaReader *self, const Element *group, CvMatroskaFrame *frame)
{
  gsize end = group->begin + group->size;
  gboolean found = FALSE, refers = FALSE;
  Element element;
  for (gsize at = group->begin; at < end && read_element (self, at, &element); at = element.begin + element.size) {
    if (!is_whole (self, &element) || element.begin + element.size > end)
      break;
    if (element.id == ID_BLOCK)
      found = read_block (self, &element, frame);
    refers |= element.id == ID_REFERENCE;
  }
  frame->key = !refers;
  return found;
}

gboolean
cv_matroska_reader_next (CvMatroskaReader *self, CvMatroskaFrame *frame)
{
  Element element;
  while (self->at < self->n && read_element (self, self->at, &element)) {
    gsize at = self->at;
    if (element.id == ID_CLUSTER || element.id == ID_SEGMENT) {
      self->at = element.begin;
      continue;
    }
    if (!is_whole (self, &element))
      break;
    self->at = frame->end = element.begin + element.size;
    frame->at = at;
    if (element.id == ID_TIME)
      self->cluster = (gint64) MIN (read_uint (self, &element), (guint64) (MAX_TIME / self->scale));
    else if (element.id == ID_CUES)
      self->track.cues = TRUE;
    else if ((element.id == ID_SIMPLE_BLOCK && read_block (self, &element, frame)) ||
             (element.id == ID_GROUP && read_group (self, &element, frame)))
      return TRUE;
  }
  return FALSE;
}

void
cv_matroska_reader_seek (CvMatroskaReader *self, gsize at, gint64 cluster)
{
  self->at = MIN (at, self->n);
  self->cluster = cluster;
}
