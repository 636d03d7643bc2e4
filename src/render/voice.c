/* See voice.h. */
#include "render/voice.h"

#include "render/decoder.h"

#define CV_LOG_TOPIC "render"
#include "base/log.h"

/* samples: what is this near to where the last packet ended follows it without a seam */
#define SEAM (CV_VOICE_RATE / 25)
/* µs that a decoder needs to find its way before what counts */
#define PREROLL 80000
#define FRAME_BYTES (CV_VOICE_CHANNELS * sizeof (gint16))

struct _CvVoice {
  CvCut *cut;
  CvDecoder *decoder; /* NULL: it has none, and is silent */
  CvMatroskaFrame next;
  gboolean has_next;
  gboolean begun;
  gint64 place;    /* sample at which what is being decoded belongs */
  GArray *decoded; /* of gint16, both channels */
  gint64 first;    /* the sample that it begins with */
};

gint64
cv_voice_find_sample (gint64 t)
{
  return t * (CV_VOICE_RATE / 1000) / 1000;
}

static gint64
get_end (const CvVoice *self)
{
  return self->first + self->decoded->len / CV_VOICE_CHANNELS;
}

static void
append_silence (CvVoice *self, gint64 n)
{
  guint length = self->decoded->len;
  g_array_set_size (self->decoded, length + (guint) n * CV_VOICE_CHANNELS); /* cleared by itself */
}

static void
on_decoded (GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  CvVoice *self = user_data;
  GstMapInfo map;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  gint64 n = (gint64) (map.size / FRAME_BYTES), skip = 0;
  if (self->decoded->len == 0)
    self->first = self->place;
  else if (self->place > get_end (self) + SEAM)
    append_silence (self, self->place - get_end (self));
  else if (self->place < get_end (self) - SEAM)
    skip = MIN (get_end (self) - self->place, n); /* it says that it was before that: it comes too late */
  g_array_append_vals (self->decoded, map.data + (gsize) skip * FRAME_BYTES, (guint) (n - skip) * CV_VOICE_CHANNELS);
  self->place = get_end (self); /* should one packet make several buffers */
  gst_buffer_unmap (buffer, &map);
}

CvVoice *
cv_voice_new (CvCut *cut, const CvKit *kit)
{
  CvVoice *self = g_new0 (CvVoice, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("audio/x-opus", "channel-mapping-family", G_TYPE_INT, 0, "channels", G_TYPE_INT,
                         cut->footage->track.channels >= 2 ? 2 : 1, "rate", G_TYPE_INT, CV_VOICE_RATE, NULL);
  self->cut = cut;
  self->decoded = g_array_new (FALSE, TRUE, sizeof (gint16));
  if (cut->footage->track.codec == CV_CODEC_OPUS)
    self->decoder = cv_decoder_new (cv_kit_get (kit, CV_RECIPE_DECODE_OPUS), caps, on_decoded, self, &error);
  if (error != NULL)
    cv_warning (NULL, NULL, "a track cannot be decoded: %s", error->message);
  return self;
}

void
cv_voice_free (CvVoice *self)
{
  g_clear_pointer (&self->decoder, cv_decoder_free);
  g_array_unref (self->decoded);
  g_free (self);
}

static void
begin (CvVoice *self, gint64 at)
{
  gint64 t = at * 1000 / (CV_VOICE_RATE / 1000);
  cv_footage_seek (self->cut->footage, cv_cut_find_pts (self->cut, MAX (t, self->cut->from)) - PREROLL);
  self->begun = TRUE;
}

/* Until everything before `end` is there, as far as there is any. */
static void
decode (CvVoice *self, gint64 end)
{
  while (self->decoded->len == 0 || get_end (self) < end) {
    self->has_next = self->has_next || cv_footage_next (self->cut->footage, &self->next);
    gint64 place = self->has_next ? cv_voice_find_sample (cv_cut_compose (self->cut, self->next.pts)) : 0;
    if (!self->has_next || place >= end)
      return;
    GstBuffer *buffer = gst_buffer_new_memdup (self->next.bytes, self->next.n);
    GST_BUFFER_PTS (buffer) = (GstClockTime) MAX (self->next.pts, 0) * 1000;
    GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
    self->place = place;
    self->has_next = FALSE;
    cv_decoder_push (self->decoder, buffer);
  }
}

static void
drop (CvVoice *self, gint64 before)
{
  gint64 n = MIN (before - self->first, get_end (self) - self->first);
  if (n <= 0)
    return;
  g_array_remove_range (self->decoded, 0, (guint) n * CV_VOICE_CHANNELS);
  self->first += n;
}

guint
cv_voice_add (CvVoice *self, gint64 at, guint n, gint32 *sum)
{
  gint64 from = MAX (at, cv_voice_find_sample (self->cut->from));
  gint64 to = MIN (at + n, cv_voice_find_sample (self->cut->to));
  guint peak = 0;
  if (self->decoder == NULL || from >= to)
    return 0;
  if (!self->begun)
    begin (self, at);
  decode (self, to);
  drop (self, from);
  from = MAX (from, self->first);
  to = MIN (to, get_end (self));
  if (self->decoded->len == 0 || from >= to)
    return 0;
  const gint16 *in = &g_array_index (self->decoded, gint16, (from - self->first) * CV_VOICE_CHANNELS);
  gint32 *out = sum + (from - at) * CV_VOICE_CHANNELS;
  for (gint64 i = 0; i < (to - from) * CV_VOICE_CHANNELS; i++) {
    out[i] += in[i];
    peak = MAX (peak, (guint) ABS ((gint) in[i]));
  }
  return peak;
}
