/* See mkv.h. */
#include "lib/mkv.h"

#include <string.h>

#define UNKNOWN G_MAXUINT64

typedef struct {
  guint64 id, size; /* size UNKNOWN: until something comes that does not belong there */
  gsize at, content, end;
} Element;

static gboolean
read_number (const CvTestMkv *self, gsize *at, gboolean keep_marker, guint64 *value)
{
  if (*at >= self->size || self->data[*at] == 0)
    return FALSE;
  guint n = (guint) __builtin_clz (self->data[*at]) - 23;
  if (self->size - *at < n)
    return FALSE;
  guint64 all = (G_GUINT64_CONSTANT (1) << (7 * n)) - 1;
  *value = 0;
  for (guint i = 0; i < n; i++)
    *value = *value << 8 | self->data[*at + i];
  *at += n;
  if (keep_marker)
    return TRUE;
  *value &= all;
  if (*value == all)
    *value = UNKNOWN;
  return TRUE;
}

/* FALSE: the file ends in its head. */
static gboolean
read_element (const CvTestMkv *self, gsize at, Element *element)
{
  element->at = at;
  if (!read_number (self, &at, TRUE, &element->id) || !read_number (self, &at, FALSE, &element->size))
    return FALSE;
  element->content = at;
  element->end = element->size == UNKNOWN ? self->size : MIN (at + element->size, self->size);
  return TRUE;
}

static guint64
get_uint (const CvTestMkv *self, const Element *element)
{
  guint64 value = 0;
  for (gsize i = element->content; i < element->end; i++)
    value = value << 8 | self->data[i];
  return value;
}

static double
get_double (const CvTestMkv *self, const Element *element)
{
  guint64 bits = get_uint (self, element);
  double value;
  memcpy (&value, &bits, sizeof value);
  return value;
}

typedef void (*Visit) (CvTestMkv *self, const Element *element);

static void
visit_all (CvTestMkv *self, const Element *parent, Visit visit)
{
  Element child;
  for (gsize at = parent->content; at < parent->end; at = child.end) {
    g_assert_true (read_element (self, at, &child));
    g_assert_cmpuint (child.size, !=, UNKNOWN);
    g_assert_cmpuint (child.content + child.size, <=, parent->end);
    visit (self, &child);
  }
}

static void
visit_track (CvTestMkv *self, const Element *element)
{
  switch (element->id) {
  case 0xae: /* TrackEntry */
  case 0xe0: /* Video */
  case 0xe1: /* Audio */
    visit_all (self, element, visit_track);
    break;
  case 0x86:
    g_assert_cmpuint (element->size, <, sizeof self->codec);
    memcpy (self->codec, self->data + element->content, element->size);
    break;
  case 0x63a2:
    self->private_data = self->data + element->content;
    self->private_n = element->size;
    break;
  case 0x9f:
    self->channels = get_uint (self, element);
    break;
  case 0xb0:
    self->width = get_uint (self, element);
    break;
  case 0xba:
    self->height = get_uint (self, element);
    break;
  default:
    break;
  }
}

static void
visit_info (CvTestMkv *self, const Element *element)
{
  if (element->id == 0x4489)
    self->duration = get_double (self, element);
}

/* Positions count from here. */
static gsize segment_content;

static void
visit_seek (CvTestMkv *self, const Element *element)
{
  static guint64 id;
  if (element->id == 0x4dbb)
    visit_all (self, element, visit_seek);
  if (element->id == 0x53ab)
    id = get_uint (self, element);
  if (element->id == 0x53ac) {
    Element there;
    g_assert_true (read_element (self, segment_content + get_uint (self, element), &there));
    g_assert_cmphex (there.id, ==, id);
    self->n_seeks++;
  }
}

/* A cue leads to a keyframe of its time. */
static void
visit_cue (CvTestMkv *self, const Element *element)
{
  static gint64 time;
  static guint64 cluster;
  Element there;
  if (element->id == 0xbb || element->id == 0xb7)
    visit_all (self, element, visit_cue);
  if (element->id == 0xb3)
    time = (gint64) get_uint (self, element);
  if (element->id == 0xf1)
    cluster = get_uint (self, element);
  if (element->id != 0xf0)
    return;
  g_assert_true (read_element (self, segment_content + cluster, &there));
  g_assert_cmphex (there.id, ==, 0x1f43b675);
  g_assert_true (read_element (self, there.content + get_uint (self, element), &there));
  g_assert_cmphex (there.id, ==, 0xa3);
  for (guint i = 0; i < self->frames->len; i++) {
    const CvTestMkvFrame *frame = cv_test_mkv_get (self, i);
    if (frame->at != there.content + 4)
      continue;
    g_assert_cmpint (frame->time, ==, time);
    g_assert_true (frame->keyframe);
    self->n_cues++;
  }
}

static void
add_block (CvTestMkv *self, const Element *element, gint64 cluster_time)
{
  const guint8 *head = self->data + element->content;
  g_assert_cmpuint (element->size, >=, 4);
  g_assert_cmphex (head[0], ==, 0x81);
  CvTestMkvFrame frame = { .time = cluster_time + (gint16) (head[1] << 8 | head[2]),
                           .keyframe = (head[3] & 0x80) != 0,
                           .at = element->content + 4,
                           .n = element->size - 4 };
  g_array_append_val (self->frames, frame);
}

/* Returns where it ends. */
static gsize
read_cluster (CvTestMkv *self, const Element *cluster)
{
  gint64 time = -1;
  gsize at = cluster->content;
  while (at < cluster->end) {
    Element child;
    if (!read_element (self, at, &child) || (child.size != UNKNOWN && child.content + child.size > self->size)) {
      self->cut = TRUE;
      return self->size;
    }
    if (cluster->size == UNKNOWN && (child.id == 0x1f43b675 || child.id == 0x1c53bb6b))
      break;
    g_assert_true (child.id == 0xe7 || child.id == 0xa3);
    if (child.id == 0xe7)
      time = (gint64) get_uint (self, &child);
    else
      add_block (self, &child, time);
    at = child.end;
  }
  if (cluster->size != UNKNOWN && cluster->content + cluster->size > self->size)
    self->cut = TRUE;
  return at;
}

static void
read_segment (CvTestMkv *self, const Element *segment)
{
  Element child;
  segment_content = segment->content;
  self->sized = segment->size != UNKNOWN && segment->content + segment->size == self->size;
  for (gsize at = segment->content; at < segment->end; at = child.end) {
    if (!read_element (self, at, &child) ||
        (child.id != 0x1f43b675 && (child.size == UNKNOWN || child.content + child.size > self->size))) {
      self->cut = TRUE;
      return;
    }
    if (child.id == 0x114d9b74)
      visit_all (self, &child, visit_seek);
    else if (child.id == 0x1549a966)
      visit_all (self, &child, visit_info);
    else if (child.id == 0x1654ae6b)
      visit_all (self, &child, visit_track);
    else if (child.id == 0x1c53bb6b)
      visit_all (self, &child, visit_cue);
    else if (child.id == 0x1f43b675) {
      self->clusters++;
      self->sized &= child.size != UNKNOWN;
      child.end = read_cluster (self, &child);
    } else
      g_assert_cmphex (child.id, ==, 0xec);
  }
}

CvTestMkv *
cv_test_mkv_read (const guint8 *data, gsize n)
{
  CvTestMkv *self = g_new0 (CvTestMkv, 1);
  Element head, segment;
  self->data = data;
  self->size = n;
  self->duration = -1;
  self->frames = g_array_new (FALSE, FALSE, sizeof (CvTestMkvFrame));
  self->cut = TRUE;
  if (!read_element (self, 0, &head) || head.end != head.content + head.size)
    return self;
  g_assert_cmphex (head.id, ==, 0x1a45dfa3);
  if (!read_element (self, head.end, &segment))
    return self;
  g_assert_cmphex (segment.id, ==, 0x18538067);
  self->cut = FALSE;
  read_segment (self, &segment);
  return self;
}

void
cv_test_mkv_free (CvTestMkv *self)
{
  g_array_unref (self->frames);
  g_free (self);
}

const CvTestMkvFrame *
cv_test_mkv_get (const CvTestMkv *self, guint i)
{
  g_assert_cmpuint (i, <, self->frames->len);
  return &g_array_index (self->frames, CvTestMkvFrame, i);
}
