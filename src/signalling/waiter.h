/* Waits for many sockets through one descriptor.
 *
 * GLib's loop asks every source and hands every descriptor to poll() each time round, three sources for a TLS connection.
 * Where thousands are there that is what the processor is spent on. A watch costs poll() nothing and the loop one source, until
 * that has been called: the next is in a context for some watches, which only goes round when one of them is ready. Main thread. Owns the epoll descriptor; knows neither streams' bytes nor connections.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CvWaiter CvWaiter;
typedef struct _CvWatch CvWatch;

/* Waits in the thread's default context, where its sources are to be attached as well. NULL where the kernel has no
 * descriptor left: wait as GLib does. */
CvWaiter *cv_waiter_new (void);
CvWaiter *cv_waiter_ref (CvWaiter *self);
void cv_waiter_unref (CvWaiter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvWaiter, cv_waiter_unref)

/* One socket to be waited for, once at a time. NULL where the kernel refuses. */
CvWatch *cv_waiter_add (CvWaiter *self, GSocket *socket);
void cv_watch_free (CvWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvWatch, cv_watch_free)

/* A source that fires when `stream`, which reads from the socket, has something to read; as
 * g_pollable_input_stream_create_source(). An earlier one of the same watch must not be waited for any more. Made in the
 * callback of one, it is to be attached to the thread's default context, as the last thing there; not below another source.
 * Returns: (transfer full). */
GSource *cv_watch_create_source (CvWatch *self, GPollableInputStream *stream);

G_END_DECLS
