/* What a media process tells of its meeting, read strictly. Owns nothing but the event. Fuzzed. */
#pragma once

#include "ipc/parcel.h"
#include "process/media-types.h"

G_BEGIN_DECLS

/* of stats: one for everybody who may be in a meeting, and some */
#define CV_EVENT_MAX_PEOPLE 1000
#define CV_EVENT_MAX_PERSON 32

typedef enum {
  CV_EVENT_STATE,
  CV_EVENT_SLOTS,
  CV_EVENT_SPEAKERS,
  CV_EVENT_LAYERS,
  CV_EVENT_STATS,
  CV_EVENT_TRACK,
  CV_EVENT_CLOCK,
  CV_EVENT_RECORDED,
} CvEventType;

typedef struct {
  CvEventType type;
  const char *person; /* borrowed from the parcel, like all text here; NULL: it is about nobody in particular */
  CvMediaState state;
  const char *reason; /* "": none */
  CvMediaSource source;
  GArray *slots;     /* of CvMediaSlot */
  GPtrArray *people; /* of const char *: speakers */
  GPtrArray *rids;   /* of const char * */
  GArray *stats;     /* of CvMediaPersonStats */
  double cpu;
  guint rss;
  guint file; /* of what is told of a recording, like those below */
  CvMediaTrack track;
  gint64 pts;
  gint64 ntp;
  guint64 bytes; /* `reason` says why there are no more */
} CvEvent;

/* FALSE where it is none of them, or has a member too many, too few or out of bounds. Who the people are is not looked
 * at. Clear it in any case. */
gboolean cv_event_parse (CvEvent *self, const CvParcel *parcel, GError **error);
void cv_event_clear (CvEvent *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvEvent, cv_event_clear)

G_END_DECLS
