/* What all peers of a process share: settings, counters, where events go. One thread. */
#pragma once

#include "rtc/histogram.h"

G_BEGIN_DECLS

typedef enum {
  CV_RTC_DECRYPT_NONE,   /* headers only */
  CV_RTC_DECRYPT_SAMPLE, /* until the first keyframe, then every so many */
  CV_RTC_DECRYPT_ALL,
} CvRtcDecrypt;

/* Since the last reset. Pairs are audio, video. */
typedef struct {
  guint64 tx_packets, tx_bytes, tx_rtx, tx_errors;
  guint64 rx_packets[2], rx_bytes, rx_rtx, rx_padding, rx_other;
  guint64 decrypted, bad_srtp, bad_srtcp, bad_stun, bad_rtcp, socket_drops;
  guint64 keyframes; /* sent */
  guint64 pli_rx, fir_rx, nack_rx, nacked, twcc_rx, rr_rx, sr_rx, remb_rx, bye_rx;
  guint64 pli_tx, nack_tx, nacks, twcc_tx, rr_tx;
  guint64 recovered, needless; /* packets that RTX brought: that were missed; that were there */
  guint64 duplicates, late, reordered, resets;
  CvRtcHistogram latency[2];
} CvRtcTotals;

typedef struct {
  CvRtcDecrypt decrypt;
  guint sample;
  char *address;        /* where sockets are bound, unless a command says otherwise */
  gboolean kernel_time; /* arrivals are stamped by the kernel */
  gboolean pli, nack;   /* sends them */
  gint64 real_to_monotonic;
  int epoll;
  CvRtcTotals totals;
  guint64 reset_at;
  /* One event: a JSON object without its end of line. */
  void (*emit) (const char *line);
} CvRtcContext;

void cv_rtc_emit (CvRtcContext *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* {"event": EVENT, "id": ID, NAME: TEXT} with whatever text. */
void cv_rtc_emit_text (CvRtcContext *self, const char *event, guint id, const char *name, const char *text);

G_END_DECLS
