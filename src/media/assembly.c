/* See assembly.h. */
#include "media/assembly.h"

#include "media/avc.h"

#include <string.h>

#define MAX_LAYERS 8 /* spatial ones of VP9 */

/* A packet without what RTP added. */
typedef struct {
  guint64 index;
  guint32 timestamp;
  gboolean marker;
  CvPayload payload;
  gint64 at;
  const guint8 *data;
  gsize n;
} Part;

struct _CvAssembly {
  CvCodec codec;
  gboolean video;
  CvAssemblyFunc func;
  gpointer user_data;

  gboolean started;
  guint64 next;  /* the index that comes next */
  GQueue *parts; /* those that wait, by index; each owns its data, which stands behind it */
  gsize parts_bytes;
  guint64 lost;

  gboolean broken;   /* nothing can be made before a keyframe */
  gboolean in_frame; /* of which the following is true */
  GByteArray *frame;
  guint32 timestamp;
  gint64 at;
  gboolean keyframe, spoiled;
  guint width, height;
  guint layers[MAX_LAYERS]; /* where each begins */
  guint n_layers;
  CvAvc avc;
};

CvAssembly *
cv_assembly_new (CvCodec codec, CvAssemblyFunc func, gpointer user_data)
{
  CvAssembly *self = g_new0 (CvAssembly, 1);
  self->codec = codec;
  self->video = cv_codec_get_kind (codec) == CV_KIND_VIDEO;
  self->func = func;
  self->user_data = user_data;
  self->parts = g_queue_new ();
  self->frame = g_byte_array_new ();
  self->broken = self->video;
  return self;
}

void
cv_assembly_free (CvAssembly *self)
{
  g_queue_free_full (self->parts, g_free);
  g_byte_array_unref (self->frame);
  g_free (self);
}

/* ---- frames ---- */

static void
drop_frame (CvAssembly *self)
{
  self->in_frame = FALSE;
  self->broken = self->video;
}

static void
begin_frame (CvAssembly *self, const Part *part)
{
  self->in_frame = TRUE;
  self->timestamp = part->timestamp;
  self->at = part->at;
  self->keyframe = self->spoiled = FALSE;
  self->width = self->height = 0;
  self->n_layers = 0;
  g_byte_array_set_size (self->frame, 0);
  cv_avc_begin (&self->avc);
}

/* VP9 bitstream, annex B: where the frames of several layers stand that are shown as one. */
static void
append_superframe_index (CvAssembly *self)
{
  guint8 index[2 + 4 * MAX_LAYERS];
  guint8 marker = (guint8) (0xc0 | 3 << 3 | (self->n_layers - 1)); /* sizes of 4 bytes */
  guint n = 0;
  index[n++] = marker;
  for (guint i = 0; i < self->n_layers; i++) {
    guint end = i + 1 < self->n_layers ? self->layers[i + 1] : self->frame->len;
    guint32 size = GUINT32_TO_LE (end - self->layers[i]);
    memcpy (index + n, &size, sizeof size);
    n += sizeof size;
  }
  index[n++] = marker;
  g_byte_array_append (self->frame, index, n);
}

/* FALSE: it is of no use. */
static gboolean
complete_frame (CvAssembly *self)
{
  if (self->spoiled || self->frame->len == 0)
    return FALSE;
  if (self->codec == CV_CODEC_H264)
    return cv_avc_end (&self->avc, self->frame, &self->keyframe);
  if (self->codec == CV_CODEC_VP9 && self->n_layers > 1)
    append_superframe_index (self);
  return TRUE;
}

static void
end_frame (CvAssembly *self)
{
  guint8 config[CV_AVC_MAX_CONFIG];
  self->in_frame = FALSE;
  if (!complete_frame (self)) {
    self->lost++;
    drop_frame (self);
    return;
  }
  if (self->broken && !self->keyframe)
    return;
  self->broken = FALSE;
  CvFrame frame = { .codec = self->codec,
                    .data = self->frame->data,
                    .n = self->frame->len,
                    .timestamp = self->timestamp,
                    .at = self->at,
                    .keyframe = self->keyframe,
                    .width = self->width,
                    .height = self->height };
  if (self->codec == CV_CODEC_H264 && self->keyframe) {
    frame.config = config;
    frame.config_n = cv_avc_write_config (&self->avc, config);
  }
  self->func (&frame, self->user_data);
}

static gboolean
append_part (CvAssembly *self, const Part *part)
{
  if (self->frame->len + part->n > CV_ASSEMBLY_MAX_FRAME)
    return FALSE;
  if (self->codec == CV_CODEC_H264)
    return cv_avc_add (&self->avc, self->frame, part->data, part->n);
  gsize skip = part->payload.descriptor_n;
  if (skip == 0 || skip > part->n)
    return FALSE;
  if (part->payload.layer_start) {
    if (self->n_layers == MAX_LAYERS)
      return FALSE;
    self->layers[self->n_layers++] = self->frame->len;
  }
  g_byte_array_append (self->frame, part->data + skip, (guint) (part->n - skip));
  return TRUE;
}

static void
take_picture (CvAssembly *self, const Part *part)
{
  if (self->in_frame && part->timestamp != self->timestamp)
    end_frame (self); /* its marker was forgotten */
  if (!self->in_frame) {
    if (self->broken && !part->payload.keyframe)
      return;
    begin_frame (self, part);
  }
  if (part->payload.keyframe) {
    self->keyframe = TRUE;
    self->width = MAX (self->width, part->payload.width);
    self->height = MAX (self->height, part->payload.height);
  }
  if (!self->spoiled && !append_part (self, part))
    self->spoiled = TRUE;
  if (part->marker)
    end_frame (self);
}

static void
take_sound (CvAssembly *self, const Part *part)
{
  CvFrame frame = { .codec = self->codec,
                    .data = part->data,
                    .n = part->n,
                    .timestamp = part->timestamp,
                    .at = part->at,
                    .keyframe = TRUE };
  self->func (&frame, self->user_data);
}

/* The one whose turn it is. */
static void
take (CvAssembly *self, const Part *part)
{
  self->next = part->index + 1;
  if (part->n == 0)
    return; /* padding */
  if (self->video)
    take_picture (self, part);
  else
    take_sound (self, part);
}

/* ---- order ---- */

static void
read_part (Part *part, const CvPacket *packet)
{
  gsize n = packet->n - packet->header_n;
  gsize padding = (packet->data[0] & 0x20) != 0 && n > 0 ? packet->data[packet->n - 1] : 0;
  *part = (Part){ .index = packet->index,
                  .timestamp = packet->timestamp,
                  .marker = packet->marker,
                  .payload = packet->payload,
                  .at = packet->at,
                  .data = packet->data + packet->header_n,
                  .n = n > padding ? n - padding : 0 };
}

static void
forget_first (CvAssembly *self)
{
  Part *part = g_queue_pop_head (self->parts);
  self->parts_bytes -= part->n;
  g_free (part);
}

static void
drain (CvAssembly *self)
{
  for (const Part *part; (part = g_queue_peek_head (self->parts)) != NULL && part->index <= self->next;) {
    if (part->index == self->next)
      take (self, part);
    forget_first (self);
  }
}

/* What stands between here and `index` does not come any more. */
static void
go_on_at (CvAssembly *self, guint64 index)
{
  for (const Part *part; (part = g_queue_peek_head (self->parts)) != NULL && part->index < index;)
    forget_first (self);
  self->lost += index - self->next;
  self->next = index;
  if (self->video)
    drop_frame (self);
}

static void
give_up (CvAssembly *self)
{
  go_on_at (self, ((const Part *) g_queue_peek_head (self->parts))->index);
  drain (self);
}

static void
keep (CvAssembly *self, const Part *part)
{
  GList *after = g_queue_peek_tail_link (self->parts);
  while (after != NULL && ((const Part *) after->data)->index > part->index)
    after = after->prev;
  if (after != NULL && ((const Part *) after->data)->index == part->index)
    return;
  Part *kept = g_malloc (sizeof *kept + part->n);
  *kept = *part;
  kept->data = memcpy (kept + 1, part->data, part->n);
  if (after != NULL)
    g_queue_insert_after (self->parts, after, kept);
  else
    g_queue_push_head (self->parts, kept);
  self->parts_bytes += part->n;
  while (self->parts->length > CV_ASSEMBLY_MAX_PACKETS || self->parts_bytes > CV_ASSEMBLY_MAX_BYTES)
    give_up (self);
}

void
cv_assembly_put (CvAssembly *self, const CvPacket *packet)
{
  Part part;
  read_part (&part, packet);
  if (!self->started) {
    self->started = TRUE;
    self->next = part.index;
  }
  if (part.index < self->next)
    return;
  /* Nobody asks any more for what is missing before a keyframe. */
  if (part.index > self->next && self->video && part.payload.keyframe)
    go_on_at (self, part.index);
  if (part.index > self->next) {
    keep (self, &part);
    return;
  }
  take (self, &part);
  drain (self);
}

void
cv_assembly_tick (CvAssembly *self, gint64 now)
{
  gint64 wait = self->video ? CV_ASSEMBLY_VIDEO_WAIT_US : CV_ASSEMBLY_AUDIO_WAIT_US;
  for (const Part *part; (part = g_queue_peek_head (self->parts)) != NULL && now - part->at >= wait;)
    give_up (self);
}

void
cv_assembly_flush (CvAssembly *self)
{
  while (self->parts->length > 0)
    give_up (self);
}

void
cv_assembly_interrupt (CvAssembly *self)
{
  while (self->parts->length > 0)
    forget_first (self);
  self->started = FALSE;
  drop_frame (self);
}

gboolean
cv_assembly_needs_keyframe (const CvAssembly *self)
{
  return self->broken;
}

guint64
cv_assembly_get_lost (const CvAssembly *self)
{
  return self->lost;
}
