/* One end of the Unix stream socket between conclaved and a child of it. Both ends use it.
 *
 * Owns the socket, what waits to be sent, and the requests that have no answer yet. One thread: that of the main context
 * that was the default one when it was made. Trusts the other end with nothing: whatever breaks a rule closes it.
 *
 * Signals:
 *   message (CvParcel *)            whatever is no answer; it is freed afterwards
 *   closed (guint why, char *text)   once, from the main loop, never from within a call; CvChannelEnd and, for the log,
 *                                    a sentence. Not after cv_channel_close().
 */
#pragma once

#include "base/clock.h"
#include "ipc/parcel.h"

G_BEGIN_DECLS

#define CV_CHANNEL_ERROR (cv_channel_error_quark ())
GQuark cv_channel_error_quark (void);
typedef enum {
  CV_CHANNEL_ERROR_CLOSED,      /* it is closed, or was while one waited */
  CV_CHANNEL_ERROR_TIMEOUT,     /* no answer in time; a late one is passed over */
  CV_CHANNEL_ERROR_TOO_LONG,    /* the message is longer than a line may be; it was not sent */
  CV_CHANNEL_ERROR_DESCRIPTORS, /* none is left to be sent */
  CV_CHANNEL_ERROR_ANSWER,      /* the other end says so: cv_channel_error_get_id() */
} CvChannelError;

typedef enum {
  CV_CHANNEL_END_EOF,     /* the other end is gone */
  CV_CHANNEL_END_INVALID, /* it broke a rule */
  CV_CHANNEL_END_STALLED, /* it does not read, or does not answer */
} CvChannelEnd;

/* bytes that may wait to be sent, and requests for their answer; more: the other end is taken for dead */
#define CV_CHANNEL_MAX_QUEUE (4 * 1024 * 1024)
#define CV_CHANNEL_MAX_REQUESTS 4096

#define CV_TYPE_CHANNEL (cv_channel_get_type ())
G_DECLARE_FINAL_TYPE (CvChannel, cv_channel, CV, CHANNEL, GObject)

/* Takes the socket over, makes it non-blocking and listens at once: connect to the signals before the main loop runs. */
CvChannel *cv_channel_new (int fd, CvClock *clock);

/* Sends and takes `message` (as of cv_parcel_build…). The descriptors stay the caller's, duplicates are sent. FALSE where
 * the channel is closed or the message is too long. */
gboolean cv_channel_send (CvChannel *self, JsonBuilder *message, const int *fds, guint n_fds);
/* Shorthand: a failure as the answer to request `re`. */
gboolean cv_channel_send_error (CvChannel *self, gint64 re, const char *error, const char *text);

/* The same, giving the message an `id`, and waits up to `timeout_ms` for what answers it. Calls back in any case, from
 * the main loop. */
void cv_channel_request_async (CvChannel *self, JsonBuilder *message, const int *fds, guint n_fds, guint timeout_ms,
                               GAsyncReadyCallback callback, gpointer user_data);
/* The answer's members. Returns: (transfer full), NULL with CV_CHANNEL_ERROR. */
JsonObject *cv_channel_request_finish (CvChannel *self, GAsyncResult *result, GError **error);
/* Of CV_CHANNEL_ERROR_ANSWER: the id that the other end gave ("bad-sdp"), else NULL. The message is its sentence. */
const char *cv_channel_error_get_id (const GError *error);

gboolean cv_channel_is_closed (CvChannel *self);
/* TRUE where nothing waits to be sent. */
gboolean cv_channel_is_drained (CvChannel *self);
/* TRUE where something has come that was not read yet: it is we who are late. */
gboolean cv_channel_has_unread (CvChannel *self);
/* Closes without a signal; what waits to be sent is lost, requests fail. */
void cv_channel_close (CvChannel *self);

G_END_DECLS
