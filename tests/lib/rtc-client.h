/* A WebRTC client for tests of the media process: checks, handshake, SRTP, over a UDP socket of its own on loopback.
 *
 * Runs on the default main context beside what it talks to. It sends what it is told to, good or bad, and keeps what comes;
 * whatever cannot be opened, and whatever used a number of its key a second time, is counted.
 */
#pragma once

#include <openssl/ssl.h>

#include "lib/rtc-packet.h"
#include "rtp/address.h"
#include "rtp/rtcp.h"
#include "rtp/rtp.h"
#include "rtp/srtp.h"
#include "media/twcc.h"

G_BEGIN_DECLS

#define CV_RTC_MAX_SLOTS 64

typedef struct _CvRtcStream CvRtcStream;

typedef struct {
  CvAddress server;
  int fd;
  guint source;
  SSL_CTX *context;
  SSL *ssl; /* NULL before cv_rtc_client_shake_hands() */
  char fingerprint[96];
  gboolean connected, closed, failed; /* handshake finished, close_notify came, it went wrong */
  CvSrtp *send, *receive;

  char ufrag[257], pwd[257]; /* of the answer */
  struct {
    char mid[17];
    gboolean video;
    guint32 ssrc, rtx_ssrc;
  } slots[CV_RTC_MAX_SLOTS]; /* the lines on which it receives */
  guint n_slots;

  GPtrArray *packets; /* of CvRtcPacket, in the order they came */
  GPtrArray *reports; /* of GBytes: RTCP, opened */
  GPtrArray *streams; /* of CvRtcStream: what came, by SSRC */
  GPtrArray *sent;    /* the same of what went */
  GHashTable *used;   /* SRTCP indices with their SSRC */
  guint responses, conflicts;
  guint rejected, twice; /* packets that could not be opened; numbers used twice under one key */
  guint datagrams;       /* of any kind */
  guint16 twcc;
  CvTwccReceiver *feedback; /* sent every 50 ms, as browsers do */
  guint feedback_source;
  GBytes *last; /* the last SRTP or SRTCP packet that it sent */
} CvRtcClient;

/* `forged`: its certificate is not the one that it announces. */
CvRtcClient *cv_rtc_client_new (guint16 port, gboolean forged);
void cv_rtc_client_free (CvRtcClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRtcClient, cv_rtc_client_free)

/* Reads an answer: credentials, and the slots' SSRCs. */
void cv_rtc_client_take_answer (CvRtcClient *self, const char *answer);
/* Sends a check. */
void cv_rtc_client_check (CvRtcClient *self, gboolean nominate);
void cv_rtc_client_shake_hands (CvRtcClient *self);
/* Both, and waits until there are keys. */
void cv_rtc_client_connect (CvRtcClient *self);
/* What was sent before, by whomever, has been dealt with: waits for the answer to a check. */
void cv_rtc_client_settle (CvRtcClient *self);
/* Goes on from another port; returns the descriptor of the old one, which nobody reads any more. */
int cv_rtc_client_move (CvRtcClient *self);

void cv_rtc_client_send_raw (CvRtcClient *self, const guint8 *data, gsize n);
void cv_rtc_client_send (CvRtcClient *self, const CvRtcSend *what);
/* A compound, encrypted here. */
void cv_rtc_client_send_rtcp (CvRtcClient *self, const guint8 *packet, gsize n);

/* Of those that came: how many, and the last; SSRC 0: any. */
guint cv_rtc_client_count (CvRtcClient *self, guint32 ssrc);
const CvRtcPacket *cv_rtc_client_get_last (CvRtcClient *self, guint32 ssrc);
/* RTCP items of that type that came, and the last of them; media 0: any. */
guint cv_rtc_client_count_rtcp (CvRtcClient *self, CvRtcpType type, guint32 media, CvRtcpItem *last);

G_END_DECLS
