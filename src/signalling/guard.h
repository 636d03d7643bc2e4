/* A stream around a client's connection that counts and bounds what libsoup does not.
 *
 * libsoup 3.2 limits neither a request's head, nor a WebSocket message in many fragments, nor what waits to be written; it
 * sets no deadline. This stream sees every byte first. Main thread. Owns the streams below it; knows neither rooms nor
 * messages.
 */
#pragma once

#include "signalling/waiter.h"

G_BEGIN_DECLS

#define CV_TYPE_GUARD (cv_guard_get_type ())
G_DECLARE_FINAL_TYPE (CvGuard, cv_guard, CV, GUARD, GIOStream)

/* `base` is a GSocketConnection, or a GTlsConnection over one; its streams can be polled. `socket` is what lies below.
 * Closing the guard shuts the socket down at once: a TLS goodbye could block on a client that does not read. */
CvGuard *cv_guard_new (GIOStream *base, GSocket *socket);

/* Frames, once they are watched, are waited for by `waiter`; without one as GLib does. */
void cv_guard_set_waiter (CvGuard *self, CvWaiter *waiter);

/* HTTP, until there are frames: the next `bytes` may be read, more is an error (the connection is then cut), as is a request
 * that requests.h refuses (it is answered with 400 first). */
void cv_guard_set_budget (CvGuard *self, gsize bytes);

/* The guard is to be closed at this time (µs, monotonic); 0: never. Whoever made the guard sweeps. */
void cv_guard_set_deadline (CvGuard *self, gint64 at);
gint64 cv_guard_get_deadline (CvGuard *self);

/* From here on what comes in are WebSocket frames: a message of more than `max_bytes` or `max_fragments`, or a flood of
 * control frames, calls `refuse` once, from the main loop; nothing more is then read. */
typedef void (*CvGuardRefuse) (gpointer user_data);
void cv_guard_watch_frames (CvGuard *self, gsize max_bytes, guint max_fragments, CvGuardRefuse refuse,
                            gpointer user_data);
/* TRUE if `stream`, which libsoup made around the guard, still holds bytes that went through it before frames are watched:
 * the heads of frames in them would be missed. */
gboolean cv_guard_is_behind (CvGuard *self, GIOStream *stream);
/* No more calls of `refuse`. */
void cv_guard_unwatch (CvGuard *self);

/* Bytes that libsoup has handed to the connection so far. */
guint64 cv_guard_get_written (CvGuard *self);
/* Bytes of the pongs with which libsoup by itself answers the pings so far. */
guint64 cv_guard_get_pongs (CvGuard *self);

G_END_DECLS
