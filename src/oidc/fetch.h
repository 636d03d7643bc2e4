/* One request to a provider: bounded in time and in bytes, followed nowhere else.
 *
 * Main thread. Owns what it waits for.
 */
#pragma once

#include "base/clock.h"
#include "oidc/document.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* from the request to the last byte of its answer */
#define CV_OIDC_FETCH_MS 8000

/* Returns: (transfer full). */
SoupSession *cv_oidc_session_new (void);

/* `message` is sent, and its answer read. Ends when `cancellable` says so. */
void cv_oidc_fetch_async (SoupSession *session, SoupMessage *message, CvClock *clock, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
/* The body, with any status; NULL with UNREACHABLE. Returns: (transfer full). */
GBytes *cv_oidc_fetch_finish (GAsyncResult *result, guint *status, GError **error);

G_END_DECLS
