/* Reading and writing RTCP (RFC 3550, 4585, 5104, 5506), compound or of reduced size. No state, any thread; never trusts
 * a length. */
#pragma once

#include "rtp/bytes.h"

G_BEGIN_DECLS

#define CV_RTCP_MAX_BLOCKS 31
#define CV_RTCP_MAX_CNAME 255
/* sequence numbers that one NACK of ours names at most */
#define CV_RTCP_MAX_NACKS 256

typedef enum {
  CV_RTCP_SR,
  CV_RTCP_RR,
  CV_RTCP_NACK,
  CV_RTCP_PLI,
  CV_RTCP_FIR,
  CV_RTCP_TWCC,
  CV_RTCP_BYE,
  CV_RTCP_OTHER
} CvRtcpType;

typedef struct {
  guint32 ssrc;
  guint8 fraction_lost;
  gint32 lost; /* 24 bits, signed */
  guint32 highest, jitter, lsr, dlsr;
} CvRtcpBlock;

/* One packet of a compound; of FIR and BYE one item an entry, `media` is its SSRC. */
typedef struct {
  CvRtcpType type;
  guint32 sender, media;
  guint64 ntp;
  guint32 rtp_time, packets, octets; /* SR */
  CvRtcpBlock blocks[CV_RTCP_MAX_BLOCKS];
  guint n_blocks;
  guint8 fir_seq;    /* FIR */
  const guint8 *fci; /* NACK, TWCC: borrowed from the packet */
  gsize fci_n;
} CvRtcpItem;

typedef struct {
  const guint8 *data;
  gsize n, at;
  gsize entry, entries_end; /* where the next entry of a FIR or BYE stands, and where they end */
  guint32 sender;           /* of the FIR */
  CvRtcpType entry_type;
  gboolean malformed;
} CvRtcpReader;

/* The packet must outlive the reader and its items. */
void cv_rtcp_reader_init (CvRtcpReader *self, const guint8 *packet, gsize n);
/* FALSE: no more. `malformed` then says whether what follows could not be read; items before it stand. */
gboolean cv_rtcp_reader_next (CvRtcpReader *self, CvRtcpItem *item);
/* Sequence numbers of a NACK, in its order; how many, at most `max`. */
guint cv_rtcp_nack_list (const CvRtcpItem *item, guint16 *seqs, guint max);

/* Each cv_rtcp_write_… appends a packet; FALSE where it does not fit: nothing is written then. */
typedef struct {
  guint8 *out;
  gsize size, n;
} CvRtcpWriter;

gboolean cv_rtcp_write_sr (CvRtcpWriter *self, guint32 sender, guint64 ntp, guint32 rtp_time, guint32 packets,
                           guint32 octets);
/* At most CV_RTCP_MAX_BLOCKS; 0 is an empty report, with which a compound may begin. */
gboolean cv_rtcp_write_rr (CvRtcpWriter *self, guint32 sender, const CvRtcpBlock *blocks, guint n);
gboolean cv_rtcp_write_cname (CvRtcpWriter *self, guint32 sender, const char *cname);
/* `seqs` ascending (modulo 2¹⁶), at most CV_RTCP_MAX_NACKS. */
gboolean cv_rtcp_write_nack (CvRtcpWriter *self, guint32 sender, guint32 media, const guint16 *seqs, guint n);
gboolean cv_rtcp_write_pli (CvRtcpWriter *self, guint32 sender, guint32 media);
gboolean cv_rtcp_write_fir (CvRtcpWriter *self, guint32 sender, guint32 media, guint8 seq);
/* `fci` as in draft-holmer-rmcat-transport-wide-cc-extensions-01; padded here to whole words. */
gboolean cv_rtcp_write_twcc (CvRtcpWriter *self, guint32 sender, guint32 media, const guint8 *fci, gsize n);
gboolean cv_rtcp_write_bye (CvRtcpWriter *self, guint32 ssrc);

G_END_DECLS
