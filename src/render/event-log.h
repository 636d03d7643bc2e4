/* events.jsonl, read: what the daemon wrote while it recorded, line by line, in its order.
 *
 * Believes no more than it must: a line that is too long, no JSON or without what its type needs is passed over, and so are
 * unknown types and members. Fuzzed. A log owns all texts in it; once parsed it is only read.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* of a line; of the file; lines that are looked at; people of one `speaker` that count */
#define CV_LOG_MAX_LINE 4096
#define CV_LOG_MAX_BYTES (256 * 1024 * 1024)
#define CV_LOG_MAX_EVENTS 1000000
#define CV_LOG_MAX_SPEAKERS 4

typedef enum {
  CV_LOG_START,
  CV_LOG_SEGMENT,
  CV_LOG_SEGMENT_END,
  CV_LOG_PERSON,
  CV_LOG_LEAVE,
  CV_LOG_CONSENT,
  CV_LOG_SENDING,
  CV_LOG_TRACK,
  CV_LOG_CLOCK,
  CV_LOG_SPEAKER,
  CV_LOG_SPOTLIGHT,
  CV_LOG_CHAPTER,
  CV_LOG_STOP,
} CvLogType;

typedef enum {
  CV_TRACK_MICROPHONE,
  CV_TRACK_CAMERA,
  CV_TRACK_SCREEN,
  CV_TRACK_SCREEN_AUDIO,
  CV_N_TRACK_SOURCES
} CvTrackSource;

typedef struct {
  CvLogType type;
  gint64 t;           /* µs since the recording began */
  const char *person; /* NULL where there is none: `spotlight` may have none */
  union {
    struct {
      guint number;
      gboolean lost; /* of an end: the recording goes on without it */
    } segment;
    struct {
      const char *text; /* a person's name, a chapter's or the recording's title */
      gboolean stage;
    } named;
    gboolean recorded; /* consent */
    struct {
      gboolean microphone, camera, screen;
    } sending;
    struct {
      const char *file;
      guint segment;
      CvTrackSource source;
    } track;
    struct {
      const char *file;
      gint64 pts, ntp; /* µs */
    } clock;
    const char *people[CV_LOG_MAX_SPEAKERS]; /* loudest first; NULL: no more */
  };
} CvLogEvent;

typedef struct {
  GArray *events; /* of CvLogEvent */
  GStringChunk *texts;
  guint skipped; /* lines that were not understood */
} CvEventLog;

/* Returns: (transfer full), never NULL; it may be empty. */
CvEventLog *cv_event_log_parse (const char *text, gsize n);
void cv_event_log_free (CvEventLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvEventLog, cv_event_log_free)

/* "microphone", "camera", "screen" or "screen-audio". */
const char *cv_track_source_to_text (CvTrackSource source);
/* A track's name, `SSS-PERSON-SOURCE-N.mkv`, taken apart. FALSE: it is none. */
gboolean cv_track_name_parse (const char *name, guint *segment, char person[16], CvTrackSource *source);

G_END_DECLS
