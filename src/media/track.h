/* A stream of RTP that comes: a source's only one, or one layer of its simulcast.
 *
 * Owns its replay windows, the history for retransmission, what is missing, and what reports need. Main thread. Knows
 * nobody who receives it.
 */
#pragma once

#include "media/history.h"
#include "media/nacks.h"
#include "media/payload.h"
#include "rtp/interarrival.h"
#include "rtp/rtcp.h"
#include "rtp/rtp.h"
#include "rtp/srtp.h"

G_BEGIN_DECLS

/* A packet that came, decrypted. Valid until the batch is through. */
typedef struct {
  guint8 *data;
  gsize n, header_n;
  guint64 index; /* extended sequence number */
  guint32 timestamp;
  gboolean marker;
  guint8 level; /* 0 (loud) … 127 (silent), as RFC 6464 has it; 127 where nothing is said */
  CvCodec codec;
  CvPayload payload;
  gint64 at; /* µs */
} CvPacket;

typedef struct {
  guint32 ssrc, rtx_ssrc; /* 0: not seen yet */
  char rid[17];           /* "": no simulcast */
  guint clock;            /* Hz */
  CvSrtpWindow window, rtx_window;
  CvHistory *history; /* video only */
  CvNacks nacks;

  guint width, height; /* of the last keyframe that said so */
  gint64 at;           /* µs: when the last packet came; 0: none did */
  guint bps;           /* over the last second or so, headers included */
  guint64 bytes;
  guint64 bytes_before; /* when `bps` was last computed */
  gint64 bps_at;

  gboolean keyframe_wanted;
  gint64 keyframe_asked; /* µs */

  guint64 first, top; /* indices */
  guint64 received;
  guint64 expected_before, received_before; /* at the last report */
  guint8 fraction_lost;
  CvInterarrival jitter;

  guint64 sr_ntp; /* the last sender report; 0: none came */
  guint32 sr_rtp;
  gint64 sr_at;
} CvTrack;

void cv_track_init (CvTrack *self, guint clock, gboolean video);
void cv_track_clear (CvTrack *self);
/* The stream begins anew, with another SSRC. */
void cv_track_restart (CvTrack *self, guint32 ssrc);

/* Turns a decrypted RTX packet (RFC 4588) into the one that it carries, in place. FALSE: there is nothing in it that is
 * still missing. `payload_type`: of the original. */
gboolean cv_track_unwrap_rtx (CvTrack *self, CvPacket *packet, guint8 payload_type);

/* A packet is there, decrypted and inspected: keeps and counts it. FALSE: it came before, pass it over. `asks` becomes
 * TRUE where it opened a gap. */
gboolean cv_track_receive (CvTrack *self, CvPacket *packet, gboolean *asks);

/* Somebody needs a keyframe; it is asked for as soon as that may be, until one comes. */
void cv_track_want_keyframe (CvTrack *self);
/* Is it time to ask? Then counts as asked. */
gboolean cv_track_take_keyframe_request (CvTrack *self, gint64 now);

void cv_track_sender_report (CvTrack *self, const CvRtcpItem *item, gint64 now);
/* FALSE: nothing came yet. */
gboolean cv_track_report (CvTrack *self, CvRtcpBlock *block, gint64 now);
/* Once a second or so: brings `bps` up to date. */
void cv_track_measure (CvTrack *self, gint64 now);
/* Packets come at present. */
gboolean cv_track_is_live (const CvTrack *self, gint64 now);

G_END_DECLS
