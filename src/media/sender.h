/* What goes to a person: packets of a batch, retransmissions, reports, probes. Main thread; the hot path.
 *
 * Works on endpoints that it is handed; owns nothing.
 */
#pragma once

#include "media/endpoint.h"

G_BEGIN_DECLS

/* Notes that `packet` is to go out on `slot`, which accepted it `as`. Returns TRUE for the first one of this endpoint in
 * the batch. */
gboolean cv_sender_add (CvEndpoint *endpoint, CvSlot *slot, const CvPacket *packet, const CvStretch *as);
/* Writes what was noted to the socket. */
void cv_sender_flush (CvEndpoint *endpoint, gint64 now);
/* What a client asks for again; nothing where it is not there any more. */
void cv_sender_retransmit (CvEndpoint *endpoint, CvSlot *slot, guint16 seq, gint64 now);
/* What goes to the client goes to another address from now on. Where the one before was dead for a while, nothing that was said of that path counts. */
void cv_sender_moved (CvEndpoint *endpoint);
/* Sender reports and probes that are due. */
void cv_sender_tick (CvEndpoint *endpoint, gint64 now);

G_END_DECLS
