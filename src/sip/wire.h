/* The two sockets of a call: RTP and RTCP with one phone, encrypted or not, and with nobody else.
 *
 * Owns the sockets, keys and the handshake. Main thread. Knows no sound.
 *
 * Where the phone is it says itself, once: with SRTP the first packet that is authentic settles it; without, the first one
 * from where the SDP said, or two that follow on each other from another port of that host or of the signalling's. After
 * that whatever comes from elsewhere is dropped. A new agreement that names another address settles it anew.
 */
#pragma once

#include "rtp/address.h"
#include "rtp/dtls.h"
#include "rtp/rtp.h"
#include "sip/codec.h"

G_BEGIN_DECLS

typedef enum { CV_CALL_PLAIN, CV_CALL_SDES, CV_CALL_DTLS } CvCallSecurity;

/* What offer and answer came to. */
typedef struct {
  CvPhoneCodec codec;
  guint8 payload_type; /* of both directions: we answer with the number that was offered */
  guint8 digits_type;  /* telephone-event; 0: not agreed */
  guint digits_clock;  /* Hz, as offered: 8000 or 48000 */
  CvAddress remote;    /* of the SDP; n 0: none (0.0.0.0) */
  CvAddress remote_rtcp;
  CvAddress
    signalling; /* where the SIP came from: behind a NAT that is where media come from, too; n 0: nowhere else */
  gboolean rtcp_mux;
  gboolean sends, receives; /* as the phone sees it: hold is neither, or one of them */
  CvCallSecurity security;
  /* SDES: keys followed by salts, as in "inline:". */
  CvSrtpProfile profile;
  guint8 their_key[CV_SRTP_MAX_KEY + CV_SRTP_MAX_SALT], our_key[CV_SRTP_MAX_KEY + CV_SRTP_MAX_SALT];
  /* DTLS: SHA-256 of the phone's certificate. It is the client: we answer a=setup:passive. */
  guint8 fingerprint[CV_DTLS_FINGERPRINT];
} CvCallAgreement;

/* News; none may free it. */
typedef struct {
  /* A packet of the phone, plain, without padding; `index`: its extended sequence number. `at`: when it came, µs, by the
   * clock of cv_wire_read(). */
  void (*rtp) (const CvRtp *rtp, const guint8 *payload, gsize n, guint64 index, gint64 at, gpointer user_data);
  void (*rtcp) (const guint8 *packet, gsize n, gint64 at, gpointer user_data);
  void (*failed) (const char *reason, gpointer user_data); /* of the handshake */
} CvWireFuncs;

typedef struct _CvWire CvWire;

/* Takes the sockets over; `rtcp_fd` -1: none. `identity`: borrowed, or NULL: no DTLS. */
CvWire *cv_wire_new (int rtp_fd, int rtcp_fd, CvDtlsIdentity *identity, const CvWireFuncs *funcs, gpointer user_data);
void cv_wire_free (CvWire *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvWire, cv_wire_free)

/* FALSE: not a profile of ours, or there is no identity. */
gboolean cv_wire_agree (CvWire *self, const CvCallAgreement *agreement);
/* All that came since; and the handshake goes on. */
void cv_wire_read (CvWire *self, gint64 now);
/* Its address is settled and there are keys, if there are to be. */
gboolean cv_wire_is_open (const CvWire *self);
/* Another number: other keys, so what is sent begins anew, under another SSRC. */
guint cv_wire_get_epoch (const CvWire *self);
/* `packet` begins with a header of CV_RTP_HEADER bytes, whose number is the low half of `index`; behind n there is room for
 * CV_SRTP_MAX_OVERHEAD. FALSE: it did not go out. */
gboolean cv_wire_send_rtp (CvWire *self, guint64 index, guint8 *packet, gsize n);
gboolean cv_wire_send_rtcp (CvWire *self, guint8 *packet, gsize n);
/* Datagrams that were of somebody else. */
guint64 cv_wire_get_foreign (const CvWire *self);

G_END_DECLS
