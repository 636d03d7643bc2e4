/* One media section of a phone's SDP: what stands in it, and what comes of it. Values only; only sip-sdp.c uses it.
 *
 * Functions return what is wrong, a literal, or NULL.
 */
#pragma once

#include "base/span.h"
#include "sip/sip-sdp.h"

G_BEGIN_DECLS

#define CV_SIP_SECTION_MAX_FORMATS 32
#define CV_SIP_SECTION_MAX_CRYPTOS 16

typedef struct {
  gboolean useful; /* audio over RTP, and not refused */
  gboolean secure; /* its protocol says that it is SRTP: by a key in it, … */
  gboolean dtls;   /* … or by a handshake */
  guint16 port;
  guint8 formats[CV_SIP_SECTION_MAX_FORMATS]; /* payload types in order */
  guint n_formats;
  /* by payload type: what rtpmap says, CvPhoneCodec + 1; EVENT, FOREIGN, 0: nothing yet */
  guint8 meanings[128];
  guint16 event_rates[128];
  char address[46]; /* "": none, or a name */
  gboolean on_hold; /* c=0.0.0.0 */
  gboolean sends, receives;
  gboolean rtcp_mux;
  guint16 rtcp_port;
  /* the first a=crypto that we can do */
  gboolean has_crypto;
  guint n_cryptos;
  guint crypto_tag;
  CvSrtpProfile profile;
  guint8 key[CV_SRTP_MAX_KEY + CV_SRTP_MAX_SALT];
  gboolean has_fingerprint;
  guint8 fingerprint[CV_DTLS_FINGERPRINT];
  gboolean passive; /* the phone waits for the handshake */
} CvSipSection;

void cv_sip_section_init (CvSipSection *self);
/* The value of its m=. */
const char *cv_sip_section_begin (CvSipSection *self, CvSpan value, CvSipLine *line);
const char *cv_sip_section_connection (CvSipSection *self, CvSpan value);
const char *cv_sip_section_attribute (CvSipSection *self, CvSpan value);
/* TRUE: sound can flow by what stands in `media`. */
gboolean cv_sip_section_agree (const CvSipSection *self, CvSipPolicy policy, gboolean sdes, CvCallAgreement *media);

G_END_DECLS
