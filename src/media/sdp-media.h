/* One media section of an offer while it is read: takes its lines, then says what is of use. Belongs to sdp.c. */
#pragma once

#include "media/sdp.h"
#include "base/span.h"

G_BEGIN_DECLS

#define CV_SDP_MAX_TYPES 128
#define CV_SDP_MAX_EXTMAPS 32
#define CV_SDP_MAX_RID_LINES 16
#define CV_SDP_MAX_SSRC_LINES 16

/* What a payload type or the id of an extension stands for; 0: nothing. */
typedef enum { CV_SDP_TYPE_RTX = CV_N_CODECS + 1, CV_SDP_TYPE_FOREIGN } CvSdpTypeMeaning;
#define CV_SDP_EXTENSION_FOREIGN (CV_N_EXTENSIONS + 1)

typedef struct {
  gboolean listed; /* in the m-line */
  guint8 meaning;  /* CvCodec + 1, CV_SDP_TYPE_RTX or CV_SDP_TYPE_FOREIGN */
  guint8 apt;
  guint8 feedback;
  CvSpan rtpmap, fmtp; /* as they stand; at NULL: none */
} CvSdpType;

typedef struct {
  CvSdpMedia media;
  guint line; /* of the m-line */
  gboolean usable, disabled, bundle_only, rtcp_mux;
  CvSdpType types[CV_SDP_MAX_TYPES];
  guint8 order[CV_SDP_MAX_TYPES]; /* payload types as the m-line lists them */
  guint n_types;
  guint8 feedback; /* for all payload types */
  guint32 extmap_ids[CV_SDP_MAX_EXTMAPS];
  guint n_extmaps;
  guint8 extmap_meaning[15]; /* by id: CvExtension + 1, CV_SDP_EXTENSION_FOREIGN */
  char rids[CV_SDP_MAX_RID_LINES][17];
  gboolean rid_sends[CV_SDP_MAX_RID_LINES];
  guint n_rids;
  CvSpan simulcast; /* what is sent; at NULL: none */
  guint32 ssrcs[CV_SDP_MAX_SSRC_LINES];
  guint n_ssrcs;
  CvSdpSource pairs[CV_SDP_MAX_SSRCS];
  guint n_pairs;
} CvSdpSection;

/* Each NULL where all is well, else what is wrong; `code` then says what kind of error it is. */
const char *cv_sdp_section_begin (CvSdpSection *self, CvSpan m_line, CvSdpError *code);
/* An attribute of the section ("NAME" or "NAME:VALUE"); what is not known is passed over. */
const char *cv_sdp_section_attribute (CvSdpSection *self, CvSpan name, CvSpan value, CvSdpError *code);
/* After the last line: fills `media`. */
const char *cv_sdp_section_end (CvSdpSection *self, CvSdpError *code);
/* The attributes that a session may have for all its sections. FALSE: another one. */
gboolean cv_sdp_read_direction (CvSpan name, gboolean *sends, gboolean *receives);
const char *cv_sdp_get_extension_uri (CvExtension extension);

G_END_DECLS
