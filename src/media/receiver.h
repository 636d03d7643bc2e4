/* What comes from a person: decrypted, counted, kept, and offered to those who show it. Main thread; the hot path.
 *
 * Works on endpoints that it is handed; owns nothing.
 */
#pragma once

#include "media/endpoint.h"

G_BEGIN_DECLS

/* An SRTP packet from the address of an endpoint. `packet` is filled, and stays valid for as long as `data` does. Returns
 * the source that it is of, NULL where it is not to be forwarded. */
CvSource *cv_receiver_rtp (CvEndpoint *endpoint, guint8 *data, gsize n, gint64 now, CvPacket *packet, CvTrack **track);
/* An SRTCP packet: reports, requests for keyframes and retransmission, congestion feedback. */
void cv_receiver_rtcp (CvEndpoint *endpoint, guint8 *data, gsize n, gint64 now);
/* NACKs, keyframe requests, reports and feedback that are due. */
void cv_receiver_tick (CvEndpoint *endpoint, gint64 now);

G_END_DECLS
