/* What conclaved asks of conclave-sip, and what it is told: CONTROL.md. Main thread.
 *
 * Owns what listens and all calls; works over a channel that it is given. A message that it does not understand comes from
 * another version and ends the process.
 */
#pragma once

#include "ipc/channel.h"

G_BEGIN_DECLS

typedef struct _CvSipControl CvSipControl;

/* It is over: `failed` where something was not as agreed. */
typedef void (*CvSipControlFunc) (gboolean failed, gpointer user_data);

/* `sandboxed`: the process enters its sandbox by `open`. */
CvSipControl *cv_sip_control_new (CvChannel *channel, CvClock *clock, gboolean sandboxed, CvSipControlFunc over,
                                  gpointer user_data);
void cv_sip_control_free (CvSipControl *self);
/* A message of the daemon's. FALSE: it is not as agreed. */
gboolean cv_sip_control_handle (CvSipControl *self, CvParcel *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSipControl, cv_sip_control_free)

G_END_DECLS
