/* Values that rooms and the telephone gateway exchange: sip/CONTROL.md. Included through process/telephony.h. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_SIP_NEWS_CALL,
  CV_SIP_NEWS_READY,
  CV_SIP_NEWS_PIN,
  CV_SIP_NEWS_KEY,
  CV_SIP_NEWS_HELD,
  CV_SIP_NEWS_GONE,
  CV_SIP_NEWS_TRUNK,
  CV_SIP_NEWS_STATS,
} CvSipNewsType;

typedef enum {
  CV_SIP_KEY_MUTE,
  CV_SIP_KEY_HAND,
  CV_SIP_KEY_HELP,
  CV_SIP_KEY_HOST_MUTE_ALL,
  CV_SIP_KEY_HOST_END,
  CV_SIP_KEY_CONSENT_YES,
  CV_SIP_KEY_CONSENT_NO,
} CvSipKey;

typedef struct {
  double cpu; /* cores */
  guint rss;  /* KiB */
  guint calls;
  guint64 answered, refused_unknown, refused_rate, refused_full, refused_media; /* since it started */
} CvSipStats;

/* of STATS; each trunk once */
#define CV_SIP_NEWS_MAX_TRUNKS 16
typedef struct {
  const char *trunk;
  guint64 refused_full, refused_media; /* since it started */
} CvSipTrunkStats;

typedef struct {
  CvSipNewsType type;
  const char *call;             /* NULL: it is of none */
  const char *from, *source;    /* of CALL: what people see; who it is, for limits */
  const char *trunk;            /* of CALL and TRUNK */
  const char *codec, *security; /* of READY */
  const char *digits;           /* of PIN */
  CvSipKey key;
  gboolean on;        /* of HELD */
  const char *reason; /* of GONE */
  const char *state;  /* of TRUNK; `text` is for operators */
  const char *text;
  CvSipStats stats;
  CvSipTrunkStats trunks[CV_SIP_NEWS_MAX_TRUNKS];
  guint n_trunks;
} CvSipNews;

/* What is said to a `pin`; in the order of their names in CONTROL.md. */
typedef enum {
  CV_SIP_PIN_ROOM,
  CV_SIP_PIN_UNKNOWN,
  CV_SIP_PIN_BLOCKED,
  CV_SIP_PIN_REFUSED_KIND,
  CV_SIP_PIN_FULL,
  CV_SIP_PIN_LOCKED,
  CV_SIP_PIN_FAILED,
} CvSipVerdict;

G_END_DECLS
