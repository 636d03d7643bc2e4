/* H.264 as files have it, out of RTP payloads (RFC 6184): NAL units with their length before them, and the parameter sets
 * apart as an avcC (ISO/IEC 14496-15 §5.3.3). A value inside its owner; any thread; never trusts a length. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* bytes of a parameter set; a longer one is not remembered */
#define CV_AVC_MAX_SET 512
/* of an avcC */
#define CV_AVC_MAX_CONFIG (2 * CV_AVC_MAX_SET + 16)

typedef struct {
  guint8 sps[CV_AVC_MAX_SET], pps[CV_AVC_MAX_SET]; /* the last ones, with the NAL unit's header */
  gsize sps_n, pps_n;
  /* of the frame that is being made */
  gboolean has_sps, has_pps, has_idr;
  gsize open; /* where in it the length of a NAL unit stands that is not whole; `opened` */
  gboolean opened;
} CvAvc;

/* A frame begins. */
void cv_avc_begin (CvAvc *self);
/* Appends what a payload holds to the frame. FALSE: it cannot be read, or something before it is missing. */
gboolean cv_avc_add (CvAvc *self, GByteArray *frame, const guint8 *payload, gsize n);
/* The frame is at its end. FALSE: it is not whole. `keyframe`: a decoder can begin here; parameter sets that did not come
 * with it are put before it. */
gboolean cv_avc_end (CvAvc *self, GByteArray *frame, gboolean *keyframe);
/* Returns the length of the avcC of the sets that came last, 0 where there are none. */
gsize cv_avc_write_config (const CvAvc *self, guint8 out[CV_AVC_MAX_CONFIG]);

G_END_DECLS
