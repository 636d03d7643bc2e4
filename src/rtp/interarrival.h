/* Interarrival jitter of a stream of RTP packets (RFC 3550 §6.4.1 and A.8). A plain struct, zeroed to begin with; any
 * thread; time is given.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint32 scaled; /* in 1/16 of the clock's units */
  guint32 transit;
  gboolean any;
} CvInterarrival;

/* One more packet came. `clock`: Hz; `timestamp`: the packet's, in units of the clock; `at`: µs. */
void cv_interarrival_add (CvInterarrival *self, guint clock, guint32 timestamp, gint64 at);

/* In units of the clock, as reports have it. */
guint32 cv_interarrival_get (const CvInterarrival *self);

G_END_DECLS
