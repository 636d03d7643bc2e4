/* All calls' media: one tick of 20 ms reads what phones sent, passes it on to the meetings, and sends what they are to hear.
 *
 * Owns the tick and the certificate of DTLS; knows its calls (sip/call-media) and bridges (sip/bridge), which belong to
 * others and must be gone before it. Main thread. Nothing ticks while there is no call.
 */
#pragma once

#include "rtp/dtls.h"

G_BEGIN_DECLS

typedef struct _CvExchange CvExchange;

/* `identity`: borrowed, for calls with DTLS-SRTP; NULL: there are none. */
CvExchange *cv_exchange_new (CvDtlsIdentity *identity);
void cv_exchange_free (CvExchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvExchange, cv_exchange_free)

G_END_DECLS
