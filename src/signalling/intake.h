/* Bytes of documents as they come in: from a request's body to the disk, piece by piece (PROTOCOL.md §3.6).
 *
 * Owns the uploads that are under way. Main thread; a thread of GLib's pool writes one piece at a time, and the client is not read
 * from meanwhile. Whatever the length of a body, two pieces of it are in memory.
 */
#pragma once

#include "base/clock.h"
#include "documents/cabinet.h"
#include "signalling/badges.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define CV_INTAKE_PIECE_BYTES (128 * 1024)
/* uploads at once */
#define CV_INTAKE_MAX 64
/* ms until the next bytes come */
#define CV_INTAKE_STALL_MS 30000

typedef struct _CvIntake CvIntake;

CvIntake *cv_intake_new (CvStore *store, CvClock *clock, CvCabinet *cabinet, CvBadges *badges);
/* The server that reads the bodies is stopped already. */
void cv_intake_free (CvIntake *self);

/* Is this the head of such a request? */
gboolean cv_intake_is_upload (const char *method, const char *path);
/* The id of the document that it is about (in `path`), or NULL. */
const char *cv_intake_read_path (const char *path);
/* Where its bytes go, and how many they are, of which neither overflows. FALSE where its headers do not say. */
gboolean cv_intake_read_place (SoupMessageHeaders *headers, gint64 *offset, gint64 *length);
/* The head has come: answers it, or gets ready for the body. */
void cv_intake_begin (CvIntake *self, SoupServerMessage *message, const char *path);
/* The body has come: answers, if nobody has. FALSE: it is no upload that was begun. */
gboolean cv_intake_finish (CvIntake *self, SoupServerMessage *message);

G_END_DECLS
