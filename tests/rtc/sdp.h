/* The other end's session description, as far as conclave-rtc needs it. Lenient: it is not what is tested. */
#pragma once

#include "rtc/address.h"

G_BEGIN_DECLS

#define CV_RTC_MAX_CANDIDATES 8
#define CV_RTC_MAX_RIDS 3

typedef enum {
  CV_RTC_EXT_MID,
  CV_RTC_EXT_RID,
  CV_RTC_EXT_REPAIRED_RID,
  CV_RTC_EXT_LEVEL,
  CV_RTC_EXT_TWCC,
  CV_RTC_N_EXTS
} CvRtcExt;

extern const char *const cv_rtc_ext_uris[CV_RTC_N_EXTS];

typedef enum { CV_RTC_OTHER, CV_RTC_AUDIO, CV_RTC_VIDEO, CV_RTC_RTX } CvRtcKind;

/* One m-line. */
typedef struct {
  CvRtcKind kind;
  char mid[33];
  gboolean rejected;
  gboolean sends, receives;  /* the other end */
  guint8 ext[CV_RTC_N_EXTS]; /* ids, 0: none */
  guint8 types[8];           /* payload types as listed */
  guint n_types;
  char rids[CV_RTC_MAX_RIDS][17]; /* of a=simulcast:recv */
  guint n_rids;
  char *text; /* all its lines */
} CvRtcSection;

typedef struct {
  guint32 ssrc, rtx; /* rtx 0: none */
  guint section;
} CvRtcSsrc;

typedef struct {
  char ufrag[257], pwd[257], setup[12];
  guint8 fingerprint[32];
  gboolean has_fingerprint, lite, reduced; /* reduced: RTCP need not be compound */
  CvRtcAddress candidates[CV_RTC_MAX_CANDIDATES];
  guint n_candidates;
  GArray *sections;       /* of CvRtcSection */
  GArray *ssrcs;          /* of CvRtcSsrc */
  guint8 kinds[128];      /* by payload type: CvRtcKind */
  guint8 associated[128]; /* by payload type of RTX: the one that it repeats */
} CvRtcSdp;

/* NULL where it lacks what nothing works without. */
CvRtcSdp *cv_rtc_sdp_parse (const char *text);
void cv_rtc_sdp_free (CvRtcSdp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRtcSdp, cv_rtc_sdp_free)

/* "candidate:…", also from a=candidate. FALSE: not one of ours (TCP, a name, component 2). */
gboolean cv_rtc_sdp_add_candidate (CvRtcSdp *self, const char *line);
const CvRtcSection *cv_rtc_sdp_find (const CvRtcSdp *self, const char *mid);
/* The payload type of RTX for this one in a section, 0: none. */
guint8 cv_rtc_sdp_rtx_type (const CvRtcSdp *self, const CvRtcSection *section, guint8 type);

G_END_DECLS
