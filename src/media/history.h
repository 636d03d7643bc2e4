/* The last packets of a stream that came, for retransmission: one ring a stream, whoever receives it. A byte ring that
 * grows to what half a second needs. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const guint8 *packet; /* plain; valid until the next cv_history_put() */
  guint16 n;
  guint16 header_n;
} CvHistoryPacket;

typedef struct _CvHistory CvHistory;

CvHistory *cv_history_new (void);
void cv_history_free (CvHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvHistory, cv_history_free)

/* `index`: the packet's extended sequence number. Replaces what is too old; `now` in µs. */
void cv_history_put (CvHistory *self, guint64 index, const guint8 *packet, gsize n, gsize header_n, gint64 now);
gboolean cv_history_get (CvHistory *self, guint64 index, CvHistoryPacket *packet);
gsize cv_history_get_size (CvHistory *self);

G_END_DECLS
