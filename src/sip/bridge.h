/* The way from the calls of one meeting to its media process and back; BRIDGE.md says what goes over it.
 *
 * Owns the socket. Borrows the seats of its calls; they are let go of when it is freed. Works in the exchange's tick, and
 * when the answer comes. Main thread. Knows no RTP.
 */
#pragma once

#include "rtp/mix.h"
#include "sip/codec.h"
#include "sip/exchange.h"

G_BEGIN_DECLS

/* calls of one meeting */
#define CV_BRIDGE_MAX_SEATS 256

typedef struct _CvBridge CvBridge;

/* A call's place in a meeting; part of the call. */
typedef struct {
  guint32 number;   /* the daemon's */
  CvBridge *bridge; /* NULL: in none */
  /* What it says in this tick. */
  gboolean silent;
  guint8 level; /* -dBov, 0…127 */
  gint16 said[CV_MIX_PHONE_FRAME];
  /* What it is to hear; NULL: silence. `common`: it is the same for all. */
  void (*hear) (gpointer call, const gint16 *samples, gboolean common);
  gpointer call;
} CvBridgeSeat;

/* `fd`: our end of a Unix SOCK_SEQPACKET pair, taken over. `ended` (once): the other end is gone, or says what is not as
 * agreed; calls hear silence until they are attached to another one. May free it. */
typedef void (*CvBridgeEndedFunc) (CvBridge *self, gpointer user_data);

CvBridge *cv_bridge_new (CvExchange *exchange, int fd, CvBridgeEndedFunc ended, gpointer user_data);
void cv_bridge_free (CvBridge *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBridge, cv_bridge_free)

/* Leaves the bridge that it was in. FALSE: the meeting is full. */
gboolean cv_bridge_sit (CvBridge *self, CvBridgeSeat *seat, guint32 number);
void cv_bridge_seat_leave (CvBridgeSeat *seat);

/* From within `hear` with `common`: those samples encoded, once for all who speak that codec, which is one that can be shared.
 * *coder is what encoded it (cv_coder_follow()). */
const guint8 *cv_bridge_encode_common (CvBridge *self, CvPhoneCodec codec, const gint16 *samples, gsize *n,
                                       const CvCoder **coder);

G_END_DECLS
