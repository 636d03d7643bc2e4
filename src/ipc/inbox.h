/* What came out of a socket, cut into messages: bytes into lines, descriptors to the line that says it has them.
 *
 * Owns both until they are in a message. No input or output; fuzzed. One thread at a time.
 */
#pragma once

#include "ipc/parcel.h"

G_BEGIN_DECLS

typedef struct {
  GByteArray *bytes; /* what is of no message yet */
  gsize from;        /* where the next line starts */
  gsize scanned;     /* up to where there is no line's end */
  int fds[CV_PARCEL_MAX_FDS];
  guint n_fds;
} CvInbox;

void cv_inbox_init (CvInbox *self);
/* Closes the descriptors that are in no message. */
void cv_inbox_clear (CvInbox *self);

void cv_inbox_push (CvInbox *self, const guint8 *bytes, gsize n);
/* Takes the descriptors over, in any case. FALSE if these are more than one message may have. */
gboolean cv_inbox_push_fds (CvInbox *self, const int *fds, guint n);
/* The next whole message. Returns: (transfer full), NULL with CV_JSON_ERROR where the other end broke a rule; NULL without
 * an error if there is none yet. */
CvParcel *cv_inbox_next (CvInbox *self, GError **error);

G_END_DECLS
