/* Walks over the headers of WebSocket frames (RFC 6455 §5.2) as bytes come in, in pieces of any size. A value; any thread.
 * Keeps no payload. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gsize max_bytes;
  guint max_fragments;
  guint8 header[14];
  guint have;      /* bytes of the header so far */
  guint64 payload; /* bytes of payload still to come */
  guint64 message; /* bytes of the current message */
  guint fragments; /* of the current message */
  guint control;   /* control frames since the last data frame's end */
  guint64 pongs;   /* bytes of the answers to all pings so far */
} CvFrames;

/* More than this many control frames without a message between are a flood. */
#define CV_FRAMES_MAX_CONTROL 100

void cv_frames_init (CvFrames *self, gsize max_bytes, guint max_fragments);
/* FALSE as soon as a bound is passed; the value is then of no more use. */
gboolean cv_frames_feed (CvFrames *self, const guint8 *data, gsize n);

G_END_DECLS
