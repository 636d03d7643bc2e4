/* One PeerConnection: its m-lines, what it sends and what it receives, on one transport. */
#pragma once

#include "rtc/receiver.h"
#include "rtc/sender.h"

G_BEGIN_DECLS

#define CV_RTC_MAX_LINES 64
#define CV_RTC_MAX_SENDERS 8

/* One m-line that we offer. */
typedef struct {
  CvRtcKind kind;
  gboolean sends; /* else it is a slot to receive in */
  CvRtcSource source;
  char mid[4];
} CvRtcLine;

typedef struct {
  CvRtcContext *context;
  guint id;
  gboolean offers; /* else it answers */
  gboolean dead;
  guint64 asked_at;
  CvRtcTransport transport;
  CvRtcReceiver receiver;
  CvRtcSdp *remote;
  CvRtcLine lines[CV_RTC_MAX_LINES];
  guint n_lines;
  CvRtcSender senders[CV_RTC_MAX_SENDERS];
  guint n_senders;
  guint version;           /* of our description */
  const char *fingerprint; /* what it says; not always the truth */
} CvRtcPeer;

/* `asked_at` 0: now. NULL: no socket at that address. */
CvRtcPeer *cv_rtc_peer_new (CvRtcContext *context, CvRtcIdentity *identity, guint id, const char *address,
                            gboolean offers, guint64 asked_at);
void cv_rtc_peer_free (CvRtcPeer *self);

/* Returns the new line; NULL: there are too many. */
CvRtcLine *cv_rtc_peer_add_line (CvRtcPeer *self, CvRtcKind kind, gboolean sends, CvRtcSource source);
/* A stream of a sending line, with what cannot be chosen filled in. NULL: there are too many. */
CvRtcSender *cv_rtc_peer_add_sender (CvRtcPeer *self, const CvRtcLine *line, const char *rid);

/* The other end's answer to our offer, or its offer (then cv_rtc_description_answer() is to follow). FALSE: a bad one. */
gboolean cv_rtc_peer_set_remote (CvRtcPeer *self, const char *sdp);
/* Ends it, and says why. It is freed by its owner, later. */
void cv_rtc_peer_end (CvRtcPeer *self, const char *why);
void cv_rtc_peer_tick (CvRtcPeer *self, guint64 now);

G_END_DECLS
