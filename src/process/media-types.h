/* Values that a meeting and its media exchange. Included through process/media.h. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CV_MEDIA_ERROR (cv_media_error_quark ())
GQuark cv_media_error_quark (void);
typedef enum {
  CV_MEDIA_ERROR_BAD_SDP,
  CV_MEDIA_ERROR_NO_CODEC,
  CV_MEDIA_ERROR_TOO_MANY,
  CV_MEDIA_ERROR_NOT_FOUND,
  CV_MEDIA_ERROR_LOST
} CvMediaError;

typedef enum { CV_MEDIA_MICROPHONE, CV_MEDIA_CAMERA, CV_MEDIA_SCREEN, CV_MEDIA_SCREEN_AUDIO } CvMediaSource;
#define CV_MEDIA_N_SOURCES 4
/* "microphone", "camera", "screen", "screen-audio", NULL. */
extern const char *const cv_media_sources[];
typedef enum { CV_MEDIA_CONNECTED, CV_MEDIA_FAILED, CV_MEDIA_LOST } CvMediaState;
/* what of a person may be forwarded; the screen's audio goes with the screen */
typedef enum { CV_MEDIA_MAY_MICROPHONE = 1, CV_MEDIA_MAY_CAMERA = 2, CV_MEDIA_MAY_SCREEN = 4 } CvMediaMay;

#define CV_MEDIA_MAX_TILES 64
#define CV_MEDIA_MAX_SLOTS 64
#define CV_MEDIA_MAX_SPEAKERS 8
#define CV_MEDIA_MAX_MID 16
#define CV_MEDIA_MAX_RIDS 3

typedef struct {
  const char *person;
  CvMediaSource source; /* camera or screen */
  guint width;          /* px on the screen of who looks */
} CvMediaTile;

typedef struct {
  char mid[CV_MEDIA_MAX_MID + 1];
  const char *person;
  CvMediaSource source;
  gboolean paused;   /* nothing is sent: the path is too narrow, or nobody looks */
  gboolean no_codec; /* nothing can be sent: who receives cannot decode it */
} CvMediaSlot;

typedef struct {
  const char *person;
  guint up, down, estimate;  /* bit/s: from the person, to the person, what the path to the person takes */
  double up_loss, down_loss; /* 0 … 1 */
  int rtt;                   /* ms, -1: unknown */
  guint width;               /* px of the largest camera layer that comes, 0: none */
  guint slots;               /* in use */
} CvMediaPersonStats;

typedef struct {
  double cpu; /* cores */
  guint rss;  /* KiB */
  const CvMediaPersonStats *people;
  guint n;
} CvMediaStats;

/* files of a recording have numbers from 1 on, never twice in one process */
#define CV_MEDIA_MAX_FILE 1000000

/* What is in a file, known with its first frame. */
typedef struct {
  const char *codec;   /* "opus", "VP8", "VP9", "H264" */
  gint64 at;           /* of its time 0; µs, CLOCK_MONOTONIC */
  guint width, height; /* px; 0: unknown, or sound */
} CvMediaTrack;

G_END_DECLS
