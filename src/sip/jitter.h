/* Brings a call's packets back into order. How long sound waits is the playout's business (rtp/playout); here it is only
 * said whether the next packet is there.
 *
 * Owns copies of the payloads. One stream; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* packets that wait, and their size: 120 ms of G.711, the longest of Opus */
#define CV_JITTER_PACKETS 16
#define CV_JITTER_PAYLOAD 1280

typedef enum {
  CV_JITTER_NOTHING,
  CV_JITTER_PACKET,
  CV_JITTER_MISSING /* others came after it, it is given up */
} CvJitterWhat;

typedef struct {
  guint64 index;
  gboolean full;
  guint n;
  guint8 payload[CV_JITTER_PAYLOAD];
} CvJitterPacket;

typedef struct {
  CvJitterPacket packets[CV_JITTER_PACKETS];
  gboolean started;
  guint64 next, top; /* to be taken; the highest that came */
  guint behind;      /* packets in a row that came too late: is it another sequence? */
  guint64 late;
} CvJitter;

void cv_jitter_init (CvJitter *self);
/* `index`: extended sequence number. n 0: a packet without sound, that its number is not missed. */
void cv_jitter_put (CvJitter *self, guint64 index, const guint8 *payload, gsize n);
/* `urgent`: a missing one is not waited for. *packet is valid until the next put. */
CvJitterWhat cv_jitter_take (CvJitter *self, gboolean urgent, const CvJitterPacket **packet);

G_END_DECLS
