/* Requests that are done once, however often they come: those with an Idempotency-Key (PROTOCOL.md §3).
 *
 * CvOnces knows which are being worked on, the store which are done, for a day. Answers may have secrets in them, which the server does not
 * keep otherwise: they are sealed with what the client drew, of which only a hash is kept. Main thread.
 */
#pragma once

#include "signalling/api-request.h"

G_BEGIN_DECLS

#define CV_ONCE_MAX_KEY 64

typedef struct _CvOnces CvOnces;
CvOnces *cv_onces_new (CvStore *store, CvClock *clock);
/* Nobody handles requests from here on; what is under way lets go of it by itself. */
void cv_onces_close (CvOnces *self);

/* Handles `request` with `handle`, unless it was handled before, or is just now: then it gets the answer of that one. */
void cv_once_handle (CvOnces *self, const CvApiRequest *request, void (*handle) (const CvApiRequest *));

/* ---- for pending requests ---- */

CvOnce *cv_once_ref (CvOnce *self);
void cv_once_unref (CvOnce *self);
/* Is it to be done though the client has gone? They will ask again. */
gboolean cv_once_goes_on (CvOnce *self);
/* Keeps the message's answer, then calls `done`. FALSE where there is nothing to be kept, and `done` is not called. */
gboolean cv_once_keep (CvOnce *self, SoupServerMessage *message, GSourceOnceFunc done, gpointer user_data);

G_END_DECLS
