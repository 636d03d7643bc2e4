/* The way from the calls of one meeting to its media process and back; BRIDGE.md says what goes over it.
 *
 * Owns the socket. Borrows the calls that are attached to it (cv_call_media_attach()); they are let go of when it is freed.
 * Main thread.
 */
#pragma once

#include "sip/exchange.h"

G_BEGIN_DECLS

typedef struct _CvBridge CvBridge;

/* `fd`: our end of a Unix SOCK_SEQPACKET pair, taken over. `ended` (once): the other end is gone, or says what is not as
 * agreed; calls hear silence until they are attached to another one. May free it. */
typedef void (*CvBridgeEndedFunc) (CvBridge *self, gpointer user_data);

CvBridge *cv_bridge_new (CvExchange *exchange, int fd, CvBridgeEndedFunc ended, gpointer user_data);
void cv_bridge_free (CvBridge *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBridge, cv_bridge_free)

G_END_DECLS
