/* What a conclave-render tells of its job, read strictly. Owns nothing but the news. Fuzzed. */
#pragma once

#include "ipc/parcel.h"

G_BEGIN_DECLS

/* characters of a file's name, behind "tracks/" where it is a track's */
#define CV_RENDER_MAX_FILE_NAME 128

typedef struct {
  char *name; /* "meeting.mp4", "tracks/001-….mkv" */
  const char *kind;
  gint64 bytes;
  const char *sha256;          /* 64 lower-case hexadecimal digits */
  const char *person, *source; /* "": none */
  gint64 begins, duration;     /* ms, 0 … */
} CvRenderFile;

typedef enum {
  CV_RENDER_NEWS_PROGRESS,
  CV_RENDER_NEWS_FILE,
  CV_RENDER_NEWS_DONE,
  CV_RENDER_NEWS_FAILED
} CvRenderNewsType;

typedef struct {
  CvRenderNewsType type;
  const char *stage; /* borrowed from the parcel, like all text here but a file's name */
  double done;       /* 0 … 1 */
  CvRenderFile file;
  gint64 duration;   /* ms */
  const char *error; /* [a-z-] */
  const char *text;
} CvRenderNews;

/* FALSE where it is none of them, or has a member too many, too few or out of bounds. Clear it in any case. */
gboolean cv_render_news_parse (CvRenderNews *self, const CvParcel *parcel, GError **error);
void cv_render_news_clear (CvRenderNews *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvRenderNews, cv_render_news_clear)

G_END_DECLS
