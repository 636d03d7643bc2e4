/* What a forwarder needs to know of a packet's payload: does a keyframe start here, how large is it, and where VP8's
 * counters stand (RFC 7741, 9628, 6184). No state, any thread; never trusts a length. */
#pragma once

#include "media/sdp.h"

G_BEGIN_DECLS

typedef struct {
  gboolean keyframe;    /* a keyframe starts with this packet */
  gboolean frame_start; /* a frame starts with it (VP9: of any spatial layer 0) */
  guint width, height;  /* of a keyframe where the packet says so, else 0 */
  guint descriptor_n;   /* VP8, VP9: what stands before the frame's bytes; 0: it cannot be read */
  gboolean layer_start; /* VP9: a frame of a spatial layer starts with it */
  guint8 temporal;      /* temporal layer of VP8 and VP9, else 0 */
  gboolean
    temporal_switch; /* VP8's Y, VP9's U: from here on that layer can be shown without what was left out of it before */
  /* VP8 only: offsets in the payload for rewriting, 0: absent */
  guint picture_id_at;
  gboolean picture_id_long; /* 15 bits, else 7 */
  guint tl0_at;             /* TL0PICIDX */
  guint key_index_at;       /* the byte that holds KEYIDX (low 5 bits) */
} CvPayload;

/* Fills all of self; what cannot be read counts as the middle of a frame. `payload`: without RTP padding. Opus: each
 * packet is a frame of its own. */
void cv_payload_inspect (CvPayload *self, CvCodec codec, const guint8 *payload, gsize n);

/* VP8's counters, in the payload that was inspected; nothing happens (and 0 comes) where they are absent. */
guint16 cv_vp8_get_picture_id (const CvPayload *self, const guint8 *payload);
/* As many bits as the packet has room for. */
void cv_vp8_set_picture_id (const CvPayload *self, guint8 *payload, guint16 id);
guint8 cv_vp8_get_tl0 (const CvPayload *self, const guint8 *payload);
void cv_vp8_set_tl0 (const CvPayload *self, guint8 *payload, guint8 index);
guint8 cv_vp8_get_key_index (const CvPayload *self, const guint8 *payload);
void cv_vp8_set_key_index (const CvPayload *self, guint8 *payload, guint8 index);

G_END_DECLS
