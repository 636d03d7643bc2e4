/* How much a subscriber's path takes: Google congestion control (draft-ietf-rmcat-gcc-02, as libwebrtc has it today).
 *
 * CvBandwidth owns what is known about one path, about 1 KiB. Main thread. Time is given, packets are not known: results of
 * CvTwccSender come in, a rate and probes to be sent come out.
 */
#pragma once

#include "media/prober.h"
#include "media/twcc.h"

G_BEGIN_DECLS

typedef struct _CvBandwidth CvBandwidth;
/* 300 to 600 kbit/s is a good start. */
CvBandwidth *cv_bandwidth_new (guint start_bps, guint min_bps, guint max_bps);
void cv_bandwidth_free (CvBandwidth *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBandwidth, cv_bandwidth_free)
/* What a feedback said, in order of sequence; call for each, as it comes. */
void cv_bandwidth_feedback (CvBandwidth *self, const CvTwccResult *results, guint n, gint64 now_us);
/* What is to be sent at most, bit/s, padding and retransmissions included. */
guint cv_bandwidth_get (CvBandwidth *self);
/* What would be sent if the path took it, bit/s: there is no probing beyond; and what is sent whatever it takes, as sound is: the
 * rate is never below. */
void cv_bandwidth_set_wanted (CvBandwidth *self, guint bps, guint least_bps);
/* TRUE: from now on mark all that leaves with `number`, and fill it up to `bps` with padding, evenly, until `duration_us` is
 * over and `packets_min` packets and bps · duration have left. Call every 5 to 50 ms where something is sent. */
gboolean cv_bandwidth_take_probe (CvBandwidth *self, gint64 now_us, CvProbe *probe);
/* Call as often with cv_twcc_sender_get_silence(): the rate halves for each second of sending into silence. */
void cv_bandwidth_silence (CvBandwidth *self, gint64 silence_us, gint64 now_us);
/* The path is another one, of which nothing is known: as from cv_bandwidth_new(). No more results of what was sent before. */
void cv_bandwidth_restart (CvBandwidth *self);

/* Of the last seconds, 0…1. */
double cv_bandwidth_get_loss (CvBandwidth *self);
/* µs, smoothed; -1: not known. */
gint64 cv_bandwidth_get_rtt (CvBandwidth *self);

G_END_DECLS
