/* VP8's payload descriptor (RFC 7741) and the first bytes of a frame, written and read. No state. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What cv_rtc_vp8_write() takes at most: descriptor and frame header. */
#define CV_RTC_VP8_HEADER 16
/* of that the descriptor */
#define CV_RTC_VP8_DESCRIPTOR 6

typedef struct {
  gboolean start;      /* first packet of a frame */
  gboolean key;        /* and of a keyframe */
  gboolean reference;  /* others depend on it */
  int picture;         /* 15 bits; -1: not there */
  int tl0;             /* 8 bits; -1: not there */
  int layer;           /* temporal; -1: not there */
  guint width, height; /* of a keyframe */
} CvRtcVp8;

/* Always CV_RTC_VP8_HEADER bytes, so that what follows stands at one place in all packets. */
void cv_rtc_vp8_write (const CvRtcVp8 *self, guint8 *out);
/* Returns the length of the descriptor, 0 where it is none. */
gsize cv_rtc_vp8_read (CvRtcVp8 *self, const guint8 *payload, gsize n);

G_END_DECLS
