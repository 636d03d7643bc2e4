/* All calls' media: one tick of 20 ms reads what phones sent, passes it on to the meetings, and sends what they are to hear.
 *
 * Owns the tick; knows its members (sip/call-media, sip/bridge), which belong to others and leave it before they go.
 * Main thread. Nothing ticks while nobody is in it.
 */
#pragma once

#include "rtp/dtls.h"

G_BEGIN_DECLS

#define CV_EXCHANGE_TICK_US 20000

typedef struct _CvExchange CvExchange;

/* `identity`: borrowed, for calls with DTLS-SRTP; NULL: there are none. */
CvExchange *cv_exchange_new (CvDtlsIdentity *identity);
void cv_exchange_free (CvExchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvExchange, cv_exchange_free)

CvDtlsIdentity *cv_exchange_get_identity (CvExchange *self);

/* What a tick does, one after the other, each for everybody. */
typedef enum {
  CV_EXCHANGE_HEAR,  /* calls: what came in */
  CV_EXCHANGE_PASS,  /* bridges: to the meetings */
  CV_EXCHANGE_SPEAK, /* calls: what goes out, where no meeting answers */
  CV_N_EXCHANGE_PHASES
} CvExchangePhase;

/* May neither join nor leave. */
typedef void (*CvExchangeFunc) (gpointer member, gint64 now);

void cv_exchange_join (CvExchange *self, CvExchangePhase phase, CvExchangeFunc func, gpointer member);
/* Of all phases. */
void cv_exchange_leave (CvExchange *self, gpointer member);

/* How many ticks there were; each has one frame. Those that were slept through count. */
guint64 cv_exchange_get_tick (CvExchange *self);

/* For tests: it ticks only when it is told to. */
void cv_exchange_stop (CvExchange *self);
void cv_exchange_tick (CvExchange *self, gint64 now);

G_END_DECLS
