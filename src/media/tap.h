/* From the forwarder into GStreamer: the plain RTP packets of one track, through an `appsrc`.
 *
 * Packets are copied, given the running time of their arrival, and queued; the oldest go where nobody takes them. What
 * calls is never blocked. Main thread; the pipeline must run on the system's monotonic clock, as pipelines do unless told
 * otherwise. Knows nothing of what follows.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* what waits: 2 s of Opus, 2 s of video at 10 Mbit/s */
#define CV_TAP_MAX_AUDIO 100
#define CV_TAP_MAX_VIDEO 2048

typedef struct _CvTap CvTap;

/* `codec`: its name in SDP: opus, VP8, VP9 or H264, whatever the case. NULL: it is none of them. Returns: (transfer full). */
CvTap *cv_tap_new (const char *codec, guint8 payload_type);
void cv_tap_free (CvTap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTap, cv_tap_free)

/* The appsrc, to be put into a pipeline; borrowed. It lives as long as either has it. */
GstElement *cv_tap_get_source (CvTap *self);

/* `arrival_us`: of g_get_monotonic_time(). What is no valid RTP is counted as dropped. */
void cv_tap_push (CvTap *self, const guint8 *packet, gsize n, gint64 arrival_us);
/* Nothing follows; what is queued is still played, then the stream ends. */
void cv_tap_end (CvTap *self);

/* Packets that were pushed out of the queue or came while nothing played. */
guint64 cv_tap_get_dropped (CvTap *self);

G_END_DECLS
