/* What goes over the bridge between the gateway of telephones and a meeting's media process (src/sip/BRIDGE.md): sound of
 * 16 kHz, 20 ms at a time. Reader and writer of one message; no state, any thread; never trusts a length.
 */
#pragma once

#include "rtp/mix.h"

G_BEGIN_DECLS

#define CV_BRIDGE_VERSION 1
/* calls of one message: it stays below what a socket takes in one piece */
#define CV_BRIDGE_MAX_CALLS 64
#define CV_BRIDGE_HEADER 3
#define CV_BRIDGE_ENTRY 6
#define CV_BRIDGE_MAX_MESSAGE (CV_BRIDGE_HEADER + CV_BRIDGE_MAX_CALLS * (CV_BRIDGE_ENTRY + CV_MIX_PHONE_FRAME * 2))
/* not a call: who is not named hears this */
#define CV_BRIDGE_EVERYBODY 0

typedef struct {
  guint32 call;
  guint8 level;          /* 0 (loud) … 127 (silent): dBov without its sign */
  gboolean silent;       /* there are no samples */
  const guint8 *samples; /* CV_MIX_PHONE_FRAME of them, 16 bit little-endian, not aligned; borrowed */
} CvBridgeEntry;

typedef struct {
  const guint8 *data;
  gsize n, at;
  guint left;
  gboolean last; /* of this tick */
} CvBridgeReader;

/* FALSE: it is none, of another version, or not as long as it says. Entries can then be read without a look. */
gboolean cv_bridge_reader_init (CvBridgeReader *self, const guint8 *message, gsize n);
/* FALSE: no more. */
gboolean cv_bridge_reader_next (CvBridgeReader *self, CvBridgeEntry *entry);
void cv_bridge_entry_copy (const CvBridgeEntry *entry, gint16 *samples);

typedef struct {
  guint8 data[CV_BRIDGE_MAX_MESSAGE];
  gsize n;
} CvBridgeWriter;

void cv_bridge_writer_init (CvBridgeWriter *self);
/* `samples` NULL: silence. FALSE: the message is full. */
gboolean cv_bridge_writer_add (CvBridgeWriter *self, guint32 call, guint8 level, const gint16 *samples);
void cv_bridge_writer_set_last (CvBridgeWriter *self);

G_END_DECLS
