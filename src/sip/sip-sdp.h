/* What a phone offers or answers (SDP: RFC 8866, 3264, 4568, 5764), and what we say. Values only: any thread, no state.
 *
 * The parser works from a whitelist and takes the first line of audio that we can do; nothing of what a phone wrote
 * reaches our SDP but as numbers, or an m-line's checked words where it is refused.
 */
#pragma once

#include "sip/call-media.h"

G_BEGIN_DECLS

#define CV_SIP_SDP_MAX_BYTES 8192
#define CV_SIP_SDP_MAX_LINES 256
#define CV_SIP_SDP_MAX_MEDIA 8

#define CV_SIP_SDP_ERROR (cv_sip_sdp_error_quark ())
GQuark cv_sip_sdp_error_quark (void);
typedef enum {
  CV_SIP_SDP_ERROR_SYNTAX,
  CV_SIP_SDP_ERROR_LIMIT,
  CV_SIP_SDP_ERROR_NO_MEDIA, /* no audio that we can do, under this security */
} CvSipSdpError;

/* what an operator wants of media */
typedef enum { CV_SIP_OFF, CV_SIP_PREFER, CV_SIP_REQUIRE } CvSipPolicy;

/* An m-line as it was offered: an answer has the same ones in the same order. */
typedef struct {
  char media[17], protocol[33], format[33];
} CvSipLine;

typedef struct {
  CvCallAgreement media; /* all but our_key */
  guint crypto_tag;      /* of their a=crypto */
  guint chosen;          /* which of the lines it is */
  CvSipLine lines[CV_SIP_SDP_MAX_MEDIA];
  guint n_lines;
} CvSipSdp;

/* `sdes`: keys may stand in it, nobody can read along. FALSE with CV_SIP_SDP_ERROR; its sentence names the line and repeats
 * nothing of it. */
gboolean cv_sip_sdp_parse (CvSipSdp *self, const char *text, gsize n, CvSipPolicy policy, gboolean sdes,
                           GError **error);
/* As a=crypto has it; "" for CV_SRTP_NONE. */
const char *cv_sip_suite_get_name (CvSrtpProfile profile);
/* Overwrites the keys. */
void cv_sip_sdp_wipe (CvSipSdp *self);

/* Where we listen, and who we are. */
typedef struct {
  const char *address; /* numeric */
  guint16 port;
  const guint8 *fingerprint; /* for CV_SIP_DTLS */
  guint32 id, version;       /* of o=: version one more each time it says something else */
  gboolean hold;             /* we neither send nor receive */
} CvSipEnd;

/* The answer to what was parsed, with media.our_key in it. Returns: (transfer full); holds a key where there is one. */
char *cv_sip_sdp_write_answer (const CvSipSdp *self, const CvSipEnd *end);
/* An offer of what was agreed on already, or, where `self` is NULL, of everything that needs no keys. */
char *cv_sip_sdp_write_offer (const CvSipSdp *self, const CvSipEnd *end);

G_END_DECLS
