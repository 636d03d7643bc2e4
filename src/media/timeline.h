/* When what an RTP stream carries happened, on our clock: its timestamps against the arrivals of its packets.
 *
 * Of the packets of some tenths of a second the one that was least delayed tells; from then on time is that of the stream, so
 * that jitter does not show. After a break in either clock (the stream paused, its sender began anew) it is found again.
 * A plain struct inside its owner; any thread; time is what packets bring.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* how long it takes to settle: what comes meanwhile has no time yet */
#define CV_TIMELINE_SETTLE_US (300 * 1000)

typedef struct {
  guint clock; /* Hz */
  gboolean started, settled, known;
  gint64 rtp;       /* unwrapped timestamp of the newest packet */
  gint64 at;        /* µs: and when it came */
  gint64 offset;    /* µs: our time where the timestamp is 0; `known`: once it was settled */
  gint64 least;     /* µs: of what came while it settles */
  gint64 settle_at; /* µs */
} CvTimeline;

void cv_timeline_init (CvTimeline *self, guint clock);
/* A packet that is newer than all before it. */
void cv_timeline_arrive (CvTimeline *self, guint32 timestamp, gint64 at);
/* Is it settled? It is after some time, whether packets come or not. */
gboolean cv_timeline_is_settled (CvTimeline *self, gint64 now);
/* It is now, with what came so far. */
void cv_timeline_settle (CvTimeline *self);
/* µs of our clock; best once settled. */
gint64 cv_timeline_get (const CvTimeline *self, guint32 timestamp);
/* Takes its time from another stream of the same sender: `ntp` (µs) is what reports said of a timestamp of each. FALSE: what
 * the reports say cannot be; nothing is changed. */
gboolean cv_timeline_follow (CvTimeline *self, guint32 timestamp, gint64 ntp, const CvTimeline *other,
                             guint32 other_timestamp, gint64 other_ntp);

G_END_DECLS
