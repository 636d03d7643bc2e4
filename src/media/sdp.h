/* What a client offers (SDP; RFC 8866, 8829, 9143). Values only: no state, any thread; knows nothing of transports.
 *
 * The parser works from a whitelist: what it does not know is passed over, what contradicts itself is an error. Of the
 * offer nothing reaches an answer but what stands in these structs, as numbers or as characters that were checked. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_SDP_MAX_BYTES 65536
#define CV_SDP_MAX_LINES 4096
#define CV_SDP_MAX_LINE 4096
/* media lines that are read, and those of them that may be of use */
#define CV_SDP_MAX_SECTIONS 128
#define CV_SDP_MAX_MEDIA 64
#define CV_SDP_MAX_RIDS 3
#define CV_SDP_MAX_SSRCS 8

#define CV_SDP_ERROR (cv_sdp_error_quark ())
typedef enum {
  CV_SDP_ERROR_SYNTAX, /* malformed, or contradicts itself */
  CV_SDP_ERROR_LIMIT,
  CV_SDP_ERROR_UNSUPPORTED, /* well-formed, but asks for what we do not do: no BUNDLE, no rtcp-mux, … */
  CV_SDP_ERROR_NO_CODEC,    /* nothing in it is of use */
} CvSdpError;

/* In the order in which answers prefer them. */
typedef enum { CV_CODEC_OPUS, CV_CODEC_VP8, CV_CODEC_VP9, CV_CODEC_H264, CV_N_CODECS } CvCodec;
typedef enum {
  CV_EXTENSION_MID,
  CV_EXTENSION_RID,
  CV_EXTENSION_REPAIRED_RID,
  CV_EXTENSION_AUDIO_LEVEL,
  CV_EXTENSION_TWCC,
  CV_N_EXTENSIONS
} CvExtension;
typedef enum { CV_KIND_AUDIO, CV_KIND_VIDEO } CvKind;

typedef struct {
  guint32 ssrc;
  guint32 rtx_ssrc; /* 0: none */
} CvSdpSource;

/* An m-line. `sends` and `receives` as the client sees it; neither: inactive. */
typedef struct {
  CvKind kind;
  char mid[17]; /* "": none (rejected lines only) */
  gboolean
    rejected; /* answered with port 0: m=application, unknown kind or transport, no codec of ours. Nothing below counts then. */
  gboolean sends, receives;
  guint8 payload_type[CV_N_CODECS], rtx_type[CV_N_CODECS]; /* 0: not offered */
  char fmtp[CV_N_CODECS][128];                             /* as offered; "": none */
  guint8 extension[CV_N_EXTENSIONS];                       /* id 1…14, the same in all m-lines; 0: not offered */
  /* what the client may do with it */
  gboolean extension_sends[CV_N_EXTENSIONS], extension_receives[CV_N_EXTENSIONS];
  /* feedback that is offered for each codec of ours; twcc: together with its extension */
  gboolean nack, pli, fir, twcc;
  gboolean rsize; /* RTCP of reduced size */
  /* Simulcast that the client sends, in the order of its a=simulcast (ours: low to high). 0 rids: none. */
  char rids[CV_SDP_MAX_RIDS][17];
  gboolean rid_paused[CV_SDP_MAX_RIDS]; /* not sent for now; an answer that did not say so again would wake it up */
  guint n_rids;
  CvSdpSource sources[CV_SDP_MAX_SSRCS]; /* announced by a=ssrc and FID groups; 0: none were */
  guint n_sources;
  /* what an answer repeats of an m-line that it rejects */
  char media[17], protocol[33], format[33];
} CvSdpMedia;

typedef struct {
  char ufrag[257], pwd[257];
  guint8 fingerprint[32]; /* SHA-256 that the client's certificate must have */
  gboolean bundled;       /* always, unless there is but one m-line of use */
  CvSdpMedia *media;
  guint n_media;
} CvSdpOffer;

/* Returns: (transfer full), NULL with the error set (CV_SDP_ERROR). Its sentence names the line and repeats nothing of it. */
CvSdpOffer *cv_sdp_parse_offer (const char *text, gsize n, GError **error);
void cv_sdp_offer_free (CvSdpOffer *self);
GQuark cv_sdp_error_quark (void);
/* The rtpmap's name of a codec ("opus"), and what it is a codec of. */
const char *cv_codec_get_name (CvCodec codec);
CvKind cv_codec_get_kind (CvCodec codec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSdpOffer, cv_sdp_offer_free)

G_END_DECLS
