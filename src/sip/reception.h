/* What is known of a stream that comes, and what RTCP says of it (RFC 3550 §6.4 and A.8). A plain struct, zeroed to begin
 * with; any thread; time is given.
 */
#pragma once

#include "rtp/interarrival.h"
#include "rtp/rtcp.h"

G_BEGIN_DECLS

typedef struct {
  guint32 ssrc;
  guint clock; /* Hz */
  guint64 first, top, received;
  guint64 expected_before, received_before; /* at the last report */
  CvInterarrival jitter;
  guint32 lsr;  /* the middle of the last sender report's NTP time; 0: none came */
  gint64 sr_at; /* µs */
} CvReception;

/* A stream begins. */
void cv_reception_start (CvReception *self, guint32 ssrc, guint clock);
/* `index`: extended sequence number; `at`: µs. */
void cv_reception_count (CvReception *self, guint64 index, guint32 timestamp, gint64 at);
void cv_reception_sender_report (CvReception *self, const CvRtcpItem *item, gint64 now);
/* FALSE: nothing came yet. */
gboolean cv_reception_report (CvReception *self, CvRtcpBlock *block, gint64 now);
guint64 cv_reception_get_lost (const CvReception *self);
guint cv_reception_get_jitter_ms (const CvReception *self);
/* NTP time as RTCP has it, of g_get_real_time(). */
guint64 cv_reception_get_ntp (gint64 wall);

G_END_DECLS
