/* An m-line that a person receives on: shows one source at a time, as one unbroken stream of RTP, whatever is behind it.
 *
 * Owns its rewriting and its "never twice" windows. Main thread. Borrows the source it shows, and the transport's key for
 * the length of a call.
 */
#pragma once

#include "media/source.h"

G_BEGIN_DECLS

/* A stretch of what came, as it goes out: a layer from its keyframe on. */
typedef struct {
  CvTrack *track; /* NULL: nothing yet */
  guint64 in;     /* index that came as `out` */
  guint64 out;
  guint32 timestamp_offset;
  guint16 picture_offset; /* VP8 */
  guint8 tl0_offset;
} CvStretch;

struct _CvSlot {
  CvKind kind;
  guint number; /* among those of its kind */
  char mid[17];
  guint8 payload_type[CV_N_CODECS], rtx_type[CV_N_CODECS];
  guint8 mid_id, level_id, twcc_id; /* of header extensions; 0: none */
  guint32 ssrc, rtx_ssrc;
  gpointer endpoint; /* whose it is */

  CvSource *source; /* what it shows, borrowed; NULL: nothing */
  gboolean changed; /* that is another one than cv_distribution_arrange() saw */
  int layer;        /* that is to be shown; -1: paused */
  int ideal;        /* that would be, if it were there and fitted */
  CvStretch now, before;

  guint64 top;       /* the highest index that was accepted; at first where it begins */
  guint32 timestamp; /* of that packet */
  gint64 at;         /* µs: when that was; 0: never */
  guint16 picture;   /* VP8: of that packet */
  guint8 tl0;
  CvSrtpWindow sent, rtx_sent;
  guint64 rtx_index;
  guint32 packets, octets;
  guint64 retransmitted;
  gint64 reported; /* µs: the last sender report */
};

/* From an m-line of an offer that the client receives on. */
void cv_slot_init (CvSlot *self, const CvSdpMedia *media, guint number, gpointer endpoint);

/* Shows another source, or none. */
void cv_slot_assign (CvSlot *self, CvSource *source);
/* Which layer of it, or -1: none for now. */
void cv_slot_set_layer (CvSlot *self, int layer);
/* `track` (NULL: any) does not go on: waits for a keyframe. */
void cv_slot_interrupt (CvSlot *self, const CvTrack *track);
/* Can the client decode it? */
gboolean cv_slot_takes (const CvSlot *self, CvCodec codec);

/* Is this packet of the source that it shows to go out, and `as` what? Changes over to another layer where it begins one:
 * what was accepted before and not written yet stays what it was. */
gboolean cv_slot_accept (CvSlot *self, CvTrack *track, const CvPacket *packet, CvStretch *as);
/* Writes a packet that was accepted: rewritten, encrypted, with `twcc` as transport-wide sequence number. Returns its
 * length, 0: it must not go out. `out` has CV_SOCKET_ROOM bytes. */
gsize cv_slot_write (CvSlot *self, const CvPacket *packet, const CvStretch *as, CvSrtp *srtp, guint16 twcc,
                     guint8 *out);
/* Is a packet that went out still there, and may it be sent again? Then its length, else 0. */
gsize cv_slot_find_sent (const CvSlot *self, guint16 seq);
/* Writes such a packet over RTX. */
gsize cv_slot_write_rtx (CvSlot *self, guint16 seq, CvSrtp *srtp, guint16 twcc, guint8 *out);
/* Padding over RTX, to find out what the path takes: where the client takes RTX, whether something is shown or not. */
gboolean cv_slot_can_pad (const CvSlot *self);
/* `n` bytes of it. */
gsize cv_slot_write_padding (CvSlot *self, guint8 n, CvSrtp *srtp, guint16 twcc, guint8 *out);
/* FALSE: nothing to report. */
gboolean cv_slot_write_report (CvSlot *self, CvRtcpWriter *writer, const char *cname, gint64 now);

G_END_DECLS
