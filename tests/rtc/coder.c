/* See coder.h. */
#include "rtc/coder.h"

#include "rtc/clock.h"
#include "rtc/scene.h"

#include <opus.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#define SAMPLES (CV_RTC_SCENE_RATE / 50)
#define MAX_SOUND 1275 /* of an Opus frame, RFC 6716 §3.2.1 */
#define QUICKEST -12

struct _CvRtcCoder {
  OpusEncoder *opus; /* NULL: pictures */
  guint8 sound[MAX_SOUND];
  vpx_codec_ctx_t vpx;
  vpx_image_t image;
  guint8 *picture;
  guint width, height;
  vpx_codec_pts_t frames;
};

CvRtcCoder *
cv_rtc_coder_new_picture (guint width, guint height, guint bps, double fps)
{
  vpx_codec_enc_cfg_t settings;
  if (vpx_codec_enc_config_default (vpx_codec_vp8_cx (), &settings, 0) != VPX_CODEC_OK)
    return NULL;
  settings.g_w = width;
  settings.g_h = height;
  settings.g_threads = 1;
  settings.g_lag_in_frames = 0;
  settings.g_timebase = (vpx_rational_t){ 1000, (int) (fps * 1000) };
  settings.rc_target_bitrate = bps / 1000;
  settings.rc_end_usage = VPX_CBR;
  settings.rc_dropframe_thresh = 0;
  settings.kf_mode = VPX_KF_DISABLED; /* when asked only */
  g_autoptr (CvRtcCoder) self = g_new0 (CvRtcCoder, 1);
  if (vpx_codec_enc_init (&self->vpx, vpx_codec_vp8_cx (), &settings, 0) != VPX_CODEC_OK)
    return NULL;
  vpx_codec_control (&self->vpx, VP8E_SET_CPUUSED, QUICKEST);
  self->width = width;
  self->height = height;
  self->picture = g_malloc ((gsize) width * height * 3 / 2);
  vpx_img_wrap (&self->image, VPX_IMG_FMT_I420, width, height, 1, self->picture);
  return g_steal_pointer (&self);
}

CvRtcCoder *
cv_rtc_coder_new_sound (guint bps)
{
  int error = OPUS_OK;
  OpusEncoder *opus = opus_encoder_create (CV_RTC_SCENE_RATE, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &error);
  if (error != OPUS_OK)
    return NULL;
  opus_encoder_ctl (opus, OPUS_SET_BITRATE ((opus_int32) bps));
  opus_encoder_ctl (opus, OPUS_SET_COMPLEXITY (1));
  CvRtcCoder *self = g_new0 (CvRtcCoder, 1);
  self->opus = opus;
  return self;
}

void
cv_rtc_coder_free (CvRtcCoder *self)
{
  if (self->opus != NULL)
    opus_encoder_destroy (self->opus);
  else
    vpx_codec_destroy (&self->vpx);
  g_free (self->picture);
  g_free (self);
}

static const guint8 *
encode_sound (CvRtcCoder *self, guint peer, guint64 ns, gsize *n)
{
  gint16 samples[SAMPLES];
  cv_rtc_scene_sound (peer, ns, samples, SAMPLES);
  opus_int32 length = opus_encode (self->opus, samples, SAMPLES, self->sound, MAX_SOUND);
  *n = (gsize) MAX (length, 0);
  return length > 0 ? self->sound : NULL;
}

const guint8 *
cv_rtc_coder_encode (CvRtcCoder *self, guint peer, guint64 ns, gboolean keyframe, gsize *n)
{
  if (self->opus != NULL)
    return encode_sound (self, peer, ns, n);
  cv_rtc_scene_draw (peer, ns, self->width, self->height, self->picture);
  if (vpx_codec_encode (&self->vpx, &self->image, self->frames++, 1, keyframe ? VPX_EFLAG_FORCE_KF : 0,
                        VPX_DL_REALTIME) != VPX_CODEC_OK)
    return NULL;
  vpx_codec_iter_t iter = NULL;
  for (const vpx_codec_cx_pkt_t *packet; (packet = vpx_codec_get_cx_data (&self->vpx, &iter)) != NULL;)
    if (packet->kind == VPX_CODEC_CX_FRAME_PKT) {
      *n = packet->data.frame.sz;
      return packet->data.frame.buf;
    }
  return NULL;
}
