/* A person as the media process knows them: the transport, what they send, what they receive.
 *
 * Owns transport, sources, slots and congestion control. Main thread. Knows no other endpoint: who shows whom is decided by
 * `distribution`, who is in is known by `router`.
 */
#pragma once

#include "media/bandwidth.h"
#include "media/slot.h"
#include "media/speakers.h"
#include "media/tile.h"
#include "media/transport.h"
#include "media/twcc.h"

G_BEGIN_DECLS

#define CV_ENDPOINT_MAX_STREAMS (CV_N_SOURCES * CV_SDP_MAX_RIDS * 2) /* with their RTX */
#define CV_ENDPOINT_MAX_PENDING 64                                   /* packets of a batch */
/* SSRCs that were in use once and never are again, so that nobody can bring a recorded stream back */
#define CV_ENDPOINT_MAX_RETIRED 64
/* a phone has WLAN, mobile, VPN, each in two families */
#define CV_ENDPOINT_MAX_ADDRESSES 8

typedef struct {
  guint32 ssrc;
  CvSource *source;
  CvTrack *track;
  gboolean rtx;
} CvStream;

typedef struct {
  CvSlot *slot;
  const CvPacket *packet;
  CvStretch as;
} CvPending;

typedef struct _CvEndpoint CvEndpoint;
struct _CvEndpoint {
  char person[16];
  CvTransport *transport;                         /* NULL: calls by phone */
  CvAddress addresses[CV_ENDPOINT_MAX_ADDRESSES]; /* where its checks came from */
  guint n_addresses, next_address;
  guint32 ssrc;                    /* of reports and requests */
  CvSource *sources[CV_N_SOURCES]; /* NULL: not offered */
  CvSlot *slots;
  guint n_slots;
  guint8 extension[CV_N_EXTENSIONS]; /* of what comes */
  CvStream streams[CV_ENDPOINT_MAX_STREAMS];
  guint n_streams;
  CvStream *last; /* where the last packet belonged */
  guint32 retired[CV_ENDPOINT_MAX_RETIRED];
  guint n_retired;

  CvTwccReceiver *incoming; /* feedback about what comes; NULL: not agreed */
  CvTwccSender *outgoing;   /* and about what goes */
  CvBandwidth *bandwidth;

  CvTile tiles[CV_TILES_MAX];
  guint n_tiles;
  gboolean has_view;  /* FALSE: the client never said what it shows; it gets what there is */
  gboolean rearrange; /* what is in the slots needs another look */
  gint64 chosen_at;   /* µs: when layers were last looked at */
  CvSpeaker *speaker; /* borrowed from the router's speakers; NULL without microphone */
  CvPending pending[CV_ENDPOINT_MAX_PENDING];
  guint n_pending;

  guint8 down_lost;           /* of 256: the last reports about what goes */
  gint64 rtt;                 /* µs; -1: not known */
  gint64 reported, fed_back;  /* µs: the last receiver report and congestion feedback */
  gint64 reports_at;          /* µs: when sender reports were last looked at */
  CvProbe probe;              /* under way where its number is not 0 */
  gint64 probe_at, probe_end; /* µs */
  guint64 probed;             /* bytes of it so far, media included */
  guint probed_packets;
  guint64 sent_bytes, received_bytes, sent_packets, retransmitted;
  gint64 repaired_at; /* µs: when `repair_room` was counted; 0: never */
  gint64 repair_room; /* bytes that may be sent again */
  gint64 counted_at;  /* µs: when these were last read, and what they were */
  guint64 counted_received, counted_sent;
  gpointer router; /* whose it is */
};

/* `offer` is read, not kept. Fails with CV_SDP_ERROR_NO_CODEC where there is nothing to send and nothing to receive. */
CvEndpoint *cv_endpoint_new (const char *person, const CvSdpOffer *offer, CvTransport *transport, GError **error);
/* A caller by phone: no transport, and a microphone whose Opus is made here. */
CvEndpoint *cv_endpoint_new_phone (const char *person);
void cv_endpoint_free (CvEndpoint *self);

/* The answer to the offer that it was made of. `candidates`: "ADDRESS PORT". Returns: (transfer full). */
char *cv_endpoint_answer (CvEndpoint *self, const CvSdpOffer *offer, const guint8 *fingerprint,
                          const char *const *candidates, guint n_candidates);
void cv_endpoint_set_may (CvEndpoint *self, gboolean microphone, gboolean camera, gboolean screen);
gboolean cv_endpoint_is_connected (const CvEndpoint *self);

CvStream *cv_endpoint_find_stream (CvEndpoint *self, guint32 ssrc); /* or NULL */
/* An authentic packet of a new SSRC: which stream is it? NULL: none that was offered, or an SSRC that another took over from. */
CvStream *cv_endpoint_bind_stream (CvEndpoint *self, const CvRtp *rtp, const guint8 *packet,
                                   const CvSrtpWindow *window);

G_END_DECLS
