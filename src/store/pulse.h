/* Does the database answer? A question whose answer does not matter: for systemd's watchdog and for who asks over HTTP. Main
 * thread.
 */
#pragma once

#include "base/clock.h"
#include "store/store.h"

G_BEGIN_DECLS

/* `within_ms`: how long it may take, 0: for ever. Fails with G_IO_ERROR_TIMED_OUT, _CANCELLED or of the store. */
void cv_pulse_take_async (CvStore *store, CvClock *clock, guint within_ms, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_pulse_take_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
