/* See picture.h. */
#include "render/picture.h"

#include "render/decoder.h"
#include "render/nal.h"
#include "render/portrait.h"
#include "render/scaler.h"

#include <gst/video/video.h>

#define CV_LOG_TOPIC "render"
#include "base/log.h"

/* µs that a picture stays when no other comes: cameras send all the time, screens when something moves */
#define HOLD_CAMERA (2500 * 1000)
#define HOLD_SCREEN (20 * G_USEC_PER_SEC)
/* shapes that differ by less are filled, and what is beyond the edge is cut off */
#define SAME_SHAPE 1.4

struct _CvPicture {
  CvCut *cut;
  CvDecoder *decoder; /* NULL: it has none, and never a picture */
  CvMatroskaFrame next;
  gboolean has_next;
  gint64 t;          /* of the last call */
  gint64 pushed;     /* pts of what was decoded last; -1: nothing since the last jump */
  GstBuffer *shown;  /* NULL: nothing yet */
  GstVideoInfo info; /* of that */
  gboolean fresh;    /* it came in this call */
  gint64 shown_at;
  CvScaler *scalers[2]; /* luma, chroma */
};

static void
on_decoded (GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  CvPicture *self = user_data;
  GstVideoInfo info;
  if (!gst_video_info_from_caps (&info, caps) || GST_VIDEO_INFO_FORMAT (&info) != GST_VIDEO_FORMAT_I420 ||
      GST_VIDEO_INFO_WIDTH (&info) < 2 || GST_VIDEO_INFO_HEIGHT (&info) < 2)
    return;
  self->info = info;
  gst_buffer_replace (&self->shown, buffer);
  self->fresh = TRUE;
}

static CvDecoder *
make_decoder (CvPicture *self, const CvKit *kit)
{
  static const struct {
    CvMatroskaCodec codec;
    CvRecipe recipe;
    const char *caps;
  } codecs[] = {
    { CV_CODEC_VP8, CV_RECIPE_DECODE_VP8, "video/x-vp8" },
    { CV_CODEC_VP9, CV_RECIPE_DECODE_VP9, "video/x-vp9" },
    { CV_CODEC_H264, CV_RECIPE_DECODE_H264, "video/x-h264,stream-format=byte-stream,alignment=au" },
  };
  const CvMatroskaTrack *track = &self->cut->footage->track;
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (codecs[i].codec != track->codec)
      continue;
    g_autoptr (GError) error = NULL;
    g_autoptr (GstCaps) caps = gst_caps_from_string (codecs[i].caps);
    if (track->width > 0 && track->height > 0)
      gst_caps_set_simple (caps, "width", G_TYPE_INT, (int) track->width, "height", G_TYPE_INT, (int) track->height,
                           NULL);
    CvDecoder *decoder = cv_decoder_new (cv_kit_get (kit, codecs[i].recipe), caps, on_decoded, self, &error);
    if (decoder == NULL)
      cv_warning (NULL, NULL, "a track cannot be decoded: %s", error->message);
    return decoder;
  }
  return NULL;
}

CvPicture *
cv_picture_new (CvCut *cut, const CvKit *kit)
{
  CvPicture *self = g_new0 (CvPicture, 1);
  self->cut = cut;
  self->t = G_MAXINT64; /* the first call jumps */
  self->decoder = make_decoder (self, kit);
  return self;
}

void
cv_picture_free (CvPicture *self)
{
  g_clear_pointer (&self->decoder, cv_decoder_free);
  gst_clear_buffer (&self->shown);
  for (guint i = 0; i < G_N_ELEMENTS (self->scalers); i++)
    g_clear_pointer (&self->scalers[i], cv_scaler_free);
  g_free (self);
}

static void
jump (CvPicture *self, gint64 pts)
{
  cv_footage_seek (self->cut->footage, pts);
  cv_decoder_flush (self->decoder);
  self->has_next = FALSE;
  self->pushed = -1;
}

/* Over what nobody needs: from behind a keyframe that comes before `pts`, or back. */
static void
jump_if_better (CvPicture *self, gint64 t)
{
  gint64 pts = cv_cut_find_pts (self->cut, t), key = cv_footage_find_key (self->cut->footage, pts);
  if (t < self->t) {
    gst_clear_buffer (&self->shown);
    jump (self, pts);
  } else if (key > self->pushed && self->has_next && self->next.pts < key)
    jump (self, pts);
}

static GstBuffer *
copy (const CvPicture *self, const CvMatroskaFrame *frame)
{
  const CvMatroskaTrack *track = &self->cut->footage->track;
  if (track->codec != CV_CODEC_H264)
    return gst_buffer_new_memdup (frame->bytes, frame->n);
  GByteArray *bytes = cv_nal_to_byte_stream (track, frame);
  gsize n = bytes->len;
  return gst_buffer_new_wrapped (g_byte_array_free (bytes, FALSE), n);
}

static GstBuffer *
wrap (const CvPicture *self, const CvMatroskaFrame *frame)
{
  GstBuffer *buffer = copy (self, frame);
  GST_BUFFER_PTS (buffer) = (GstClockTime) MAX (frame->pts, 0) * 1000;
  GST_BUFFER_DTS (buffer) = GST_BUFFER_PTS (buffer);
  if (!frame->key)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return buffer;
}

gboolean
cv_picture_advance (CvPicture *self, gint64 t, gboolean *changed)
{
  *changed = FALSE;
  if (self->decoder == NULL)
    return FALSE;
  jump_if_better (self, t);
  self->t = t;
  for (;;) {
    self->has_next = self->has_next || cv_footage_next (self->cut->footage, &self->next);
    gint64 at = self->has_next ? cv_cut_compose (self->cut, self->next.pts) : 0;
    if (!self->has_next || at > t)
      break;
    self->fresh = FALSE;
    cv_decoder_push (self->decoder, wrap (self, &self->next));
    self->pushed = self->next.pts;
    self->has_next = FALSE;
    if (self->fresh) {
      self->shown_at = at;
      *changed = TRUE;
    }
  }
  gint64 hold = self->cut->source == CV_TRACK_SCREEN ? HOLD_SCREEN : HOLD_CAMERA;
  return self->shown != NULL && t - self->shown_at <= hold;
}

/* ---- Painting ---- */

static void
scale_plane (CvPicture *self, const GstVideoFrame *frame, guint plane, const CvBox *from, CvCanvas *canvas,
             const CvBox *to)
{
  guint shift = plane > 0, stride = (guint) GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);
  CvScaler **scaler = &self->scalers[shift];
  guint from_width = MAX (from->width >> shift, 1), from_height = MAX (from->height >> shift, 1);
  guint to_width = to->width >> shift, to_height = to->height >> shift;
  const guint8 *pixels = GST_VIDEO_FRAME_PLANE_DATA (frame, plane);
  if (*scaler == NULL || !cv_scaler_fits (*scaler, from_width, from_height, to_width, to_height)) {
    g_clear_pointer (scaler, cv_scaler_free);
    *scaler = cv_scaler_new (from_width, from_height, to_width, to_height);
  }
  cv_scaler_run (*scaler, pixels + (gsize) (from->y >> shift) * stride + (from->x >> shift), stride,
                 canvas->planes[plane] + (gsize) (to->y >> shift) * canvas->strides[plane] + (to->x >> shift),
                 canvas->strides[plane]);
}

/* Which part of the picture goes to which part of the box. */
static void
choose (guint width, guint height, gboolean fill, CvBox *from, CvBox *to)
{
  double shape = (double) width / height, wanted = (double) to->width / to->height, ratio = shape / wanted;
  *from = (CvBox){ 0, 0, width, height };
  if (fill || (ratio < SAME_SHAPE && ratio > 1 / SAME_SHAPE)) {
    if (ratio > 1)
      from->width = MAX ((guint) (height * wanted), 2) & ~1u;
    else
      from->height = MAX ((guint) (width / wanted), 2) & ~1u;
    from->x = ((width - from->width) / 2) & ~1u;
    from->y = ((height - from->height) / 2) & ~1u;
    return;
  }
  CvBox box = *to;
  to->width = MAX (MIN (box.width, (guint) (box.height * shape)), 2) & ~1u;
  to->height = MAX (MIN (box.height, (guint) (box.width / shape)), 2) & ~1u;
  to->x = (box.x + (box.width - to->width) / 2) & ~1u;
  to->y = (box.y + (box.height - to->height) / 2) & ~1u;
}

void
cv_picture_paint (CvPicture *self, CvCanvas *canvas, const CvBox *box, gboolean fill)
{
  GstVideoFrame frame;
  CvBox from, to = *box;
  if (self->shown == NULL || !gst_video_frame_map (&frame, &self->info, self->shown, GST_MAP_READ))
    return;
  choose ((guint) GST_VIDEO_INFO_WIDTH (&self->info), (guint) GST_VIDEO_INFO_HEIGHT (&self->info), fill, &from, &to);
  if (to.width != box->width || to.height != box->height)
    cv_canvas_fill (canvas, box, CV_PORTRAIT_VIDEO);
  for (guint plane = 0; plane < 3; plane++)
    scale_plane (self, &frame, plane, &from, canvas, &to);
  gst_video_frame_unmap (&frame);
}
