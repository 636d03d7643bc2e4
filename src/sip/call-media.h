/* The media of one call: RTP with a phone on one side, its place in a meeting, or prompts, on the other.
 *
 * Owns its two sockets, codec, keys and jitter buffer. Works in the exchange's tick. Main thread. Knows no SIP: signalling
 * says what was agreed, and is told what the phone does. Digits by INFO are signalling's.
 */
#pragma once

#include "sip/bridge.h"
#include "sip/wire.h"

G_BEGIN_DECLS

/* Nothing came for so long (RTP or RTCP), not counting hold: the phone is gone. */
#define CV_CALL_MEDIA_SILENT_S 30

typedef struct _CvCallMedia CvCallMedia;

/* News. None may free it from within, but from an idle. */
typedef struct {
  /* Media flow: its address is settled, its keys are there. Once. */
  void (*ready) (CvCallMedia *self, gpointer user_data);
  /* RFC 4733: 0–9, *, #, A–D; each once. */
  void (*digit) (CvCallMedia *self, char digit, gpointer user_data);
  /* The last prompt was played to its end. */
  void (*said) (CvCallMedia *self, gpointer user_data);
  /* "silent", or what cv_dtls_get_failure() says. Once; hang up. */
  void (*lost) (CvCallMedia *self, const char *reason, gpointer user_data);
} CvCallMediaFuncs;

/* `rtp_fd`, `rtcp_fd`: bound UDP sockets, taken over; `rtcp_fd` -1: none (rtcp-mux is all there is). */
CvCallMedia *cv_call_media_new (CvExchange *exchange, int rtp_fd, int rtcp_fd, const CvCallMediaFuncs *funcs,
                                gpointer user_data);
void cv_call_media_free (CvCallMedia *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCallMedia, cv_call_media_free)

/* The first one, and each re-INVITE's. FALSE: keys are not of that profile, or DTLS without a certificate. */
gboolean cv_call_media_agree (CvCallMedia *self, const CvCallAgreement *agreement);

/* Its place in a meeting, under the number that the daemon gave; NULL: none. What it says is heard there, if it may. FALSE:
 * there are too many in it, or that number is taken. */
gboolean cv_call_media_attach (CvCallMedia *self, CvBridge *bridge, guint32 number);
/* Muted, or may not speak: what it says goes nowhere. Digits still count. */
void cv_call_media_set_muted (CvCallMedia *self, gboolean muted);

/* Mono, 16 bit of this machine, 16 kHz; queued behind what is being said. The meeting sinks while something is said. */
void cv_call_media_say (CvCallMedia *self, GBytes *samples);
/* One prompt over and over, when nothing else is said (NULL: none): an announcement for who waits. `pause_ms` between. */
void cv_call_media_set_loop (CvCallMedia *self, GBytes *samples, guint pause_ms);
/* Whatever is said or queued ends; the loop goes on. */
void cv_call_media_hush (CvCallMedia *self);
/* Sends digits (RFC 4733) one after the other. FALSE: none were agreed, or too many. */
gboolean cv_call_media_dial (CvCallMedia *self, const char *digits);

typedef struct {
  guint64 received, lost, sent, concealed; /* packets, frames */
  guint64 foreign;                         /* packets that were of somebody else */
  guint jitter_ms, rtt_ms;                 /* rtt 0: not known */
} CvCallMediaStats;

void cv_call_media_get_stats (const CvCallMedia *self, CvCallMediaStats *stats);

G_END_DECLS
