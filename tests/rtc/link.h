/* One direction of a bad network: loss, duplicates, reordering, delay, a bottleneck with a queue.
 *
 * Holds packets until they are due; time is given, nothing is sent here. A link that was never configured costs a
 * comparison (cv_rtc_link_is_clear()). One thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double loss;      /* %, of all */
  double reorder;   /* %, that come 5–20 ms later than their turn */
  double duplicate; /* %, that come twice */
  double delay;     /* ms */
  double jitter;    /* ms, at most, added; keeps the order */
  double rate;      /* bit/s, with 28 bytes of headers a packet; 0: endless */
  double queue;     /* ms that the bottleneck's queue holds; more is dropped */
} CvRtcLinkSettings;

typedef struct {
  CvRtcLinkSettings settings;
  gboolean impaired;
  GQueue packets;  /* of private Packet, by due time */
  guint64 free_at; /* when the bottleneck has sent what it has */
  guint64 last_due;
  guint64 dropped, duplicated, delayed;
} CvRtcLink;

typedef void (*CvRtcLinkFunc) (gpointer user_data, guint8 *packet, gsize n, guint64 due, gpointer tag);

void cv_rtc_link_init (CvRtcLink *self);
void cv_rtc_link_clear (CvRtcLink *self);
void cv_rtc_link_set (CvRtcLink *self, const CvRtcLinkSettings *settings);

/* Whether packets need not go through it. */
static inline gboolean
cv_rtc_link_is_clear (const CvRtcLink *self)
{
  return !self->impaired && self->packets.head == NULL;
}

/* Takes a copy, or loses it. `tag` comes back with it. */
void cv_rtc_link_push (CvRtcLink *self, const guint8 *packet, gsize n, guint64 now, gconstpointer tag, gsize tag_n);
/* Hands out what is due. */
void cv_rtc_link_flush (CvRtcLink *self, guint64 now, CvRtcLinkFunc func, gpointer user_data);

G_END_DECLS
