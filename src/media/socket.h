/* The UDP sockets of a media process: batches in, batches out.
 *
 * Owns the descriptors, one a family. Main thread. Knows no peer and no packet's meaning. What is sent stands in one
 * buffer until it is flushed; neighbours of one length to one address leave in one system call as segments (UDP GSO).
 */
#pragma once

#include "rtp/address.h"

G_BEGIN_DECLS

/* room for a packet to be written: the largest one that goes out */
#define CV_SOCKET_ROOM 1600

typedef struct {
  /* A datagram of 1 … CV_SOCKET_ROOM bytes, which the callee may change; `at`: µs, when the kernel took it. */
  void (*datagram) (guint8 *data, gsize n, const CvAddress *from, gint64 at, gpointer user_data);
  /* All that had arrived was handed over; the data is still there. cv_socket_flush() follows by itself. */
  void (*batch) (gint64 now, gpointer user_data);
} CvSocketFuncs;

typedef struct {
  guint64 received, sent; /* datagrams */
  guint64 calls;          /* to send */
  guint64 dropped;        /* the kernel did not take them */
} CvSocketCounts;

typedef struct _CvSocket CvSocket;

/* `fds`: 1 or 2 bound UDP sockets, closed with the socket. Reads them on the default main context. */
CvSocket *cv_socket_new (const int *fds, guint n_fds, const CvSocketFuncs *funcs, gpointer user_data);
void cv_socket_free (CvSocket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSocket, cv_socket_free)

/* CV_SOCKET_ROOM bytes to write a packet to, until the next call of any kind. */
guint8 *cv_socket_reserve (CvSocket *self);
/* Queues the first `n` bytes of what was reserved. */
void cv_socket_commit (CvSocket *self, const CvAddress *to, gsize n);
/* Sends what is queued. */
void cv_socket_flush (CvSocket *self);

const CvSocketCounts *cv_socket_get_counts (CvSocket *self);

G_END_DECLS
