/* Bodies of answers that are made piece by piece, as fast as the client takes them: files, archives.
 *
 * Main thread, but for CvBodyNext. Whatever the length of a body and the patience of its client, one piece of it is in memory.
 */
#pragma once

#include "base/clock.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define CV_BODY_PIECE_BYTES (256 * 1024)

typedef struct _CvBodies CvBodies;

CvBodies *cv_bodies_new (CvClock *clock);
/* The server that sends them is stopped already. Waits for reads that are under way. */
void cv_bodies_free (CvBodies *self);

/* As many as there may be are being sent. */
gboolean cv_bodies_is_full (CvBodies *self);

/* Makes the next 1 … CV_BODY_PIECE_BYTES bytes. Runs in a thread and may wait for a disk; touches `data` alone, and is never
 * called twice at once for the same. NULL with an error: the body ends here, and the connection with it. */
typedef GBytes *(*CvBodyNext) (gpointer data, GError **error);

/* Answers with `length` bytes, not 0, that `next` makes. The status and all other headers are set. `data` is freed in the
 * main thread, once the client has all of it, or is gone. */
void cv_bodies_send (CvBodies *self, SoupServerMessage *message, guint64 length, CvBodyNext next, gpointer data,
                     GDestroyNotify free_data);

G_END_DECLS
