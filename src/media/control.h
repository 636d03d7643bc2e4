/* What conclaved asks of a media process, and what it is told: CONTROL.md. Main thread.
 *
 * Owns the meeting's router; works over a channel that it is given. Answers every request; a message that it does not
 * understand comes from another version and ends the process.
 */
#pragma once

#include "ipc/channel.h"
#include "rtp/dtls.h"

G_BEGIN_DECLS

typedef struct _CvControl CvControl;

/* The meeting is over, or nobody is left to work for: `failed` where something was not as agreed. */
typedef void (*CvControlFunc) (gboolean failed, gpointer user_data);

CvControl *cv_control_new (CvChannel *channel, CvDtlsIdentity *identity, CvControlFunc over, gpointer user_data);
void cv_control_free (CvControl *self);
/* A message of the daemon's. FALSE: it is not as agreed. */
gboolean cv_control_handle (CvControl *self, CvParcel *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvControl, cv_control_free)

G_END_DECLS
