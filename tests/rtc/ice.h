/* ICE (RFC 8445) with one host candidate: checks, nomination, consent (RFC 7675). Knows no socket; time is given. */
#pragma once

#include "rtc/sdp.h"

G_BEGIN_DECLS

typedef struct {
  void (*send) (gpointer user_data, const CvRtcAddress *to, const guint8 *packet, gsize n);
  /* A pair works and is chosen; again where the other end moved. */
  void (*selected) (gpointer user_data);
  void (*failed) (gpointer user_data, const char *why);
} CvRtcIceFuncs;

typedef struct {
  const CvRtcIceFuncs *funcs;
  gpointer user_data;
  char ufrag[9], pwd[25];
  guint8 tie_breaker[8];
  guint8 transaction[8]; /* how each of our transactions begins; a counter follows */
  guint32 counter;
  gboolean controlling;
  CvRtcSdp *remote; /* the owner's; NULL: not known yet */
  gboolean nominated[CV_RTC_MAX_CANDIDATES];
  gboolean connected, has_peer;
  CvRtcAddress peer;
  guint64 sent_at[16]; /* of the last checks, by counter */
  guint64 next_check, started, last_answer, rtt;
  guint64 consent_after; /* ns without an answer that end it; 0: never */
  guint64 check_every;   /* ns between checks of consent */
  guint64 bad;           /* messages that were not for us */
} CvRtcIce;

void cv_rtc_ice_init (CvRtcIce *self, const CvRtcIceFuncs *funcs, gpointer user_data, guint64 now);
/* The remote description is there, or has grown. */
void cv_rtc_ice_set_remote (CvRtcIce *self, CvRtcSdp *remote, guint64 now);
void cv_rtc_ice_tick (CvRtcIce *self, guint64 now);
/* A check now: after the own address changed. */
void cv_rtc_ice_check (CvRtcIce *self, guint64 now);
void cv_rtc_ice_receive (CvRtcIce *self, const guint8 *packet, gsize n, const CvRtcAddress *from, guint64 now);

G_END_DECLS
