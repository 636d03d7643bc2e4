/* A Matroska file (RFC 9559) of one track, as bytes: what to append, and at the end what to write over.
 *
 * Pure: no I/O, no clock. One thread at a time. A file may end after any byte, and all frames before it can be read: the
 * segment and the last cluster are of unknown size. Length, index and sizes come in when it is finished.
 */
#pragma once

#include "media/sdp.h"

G_BEGIN_DECLS

/* places of an index; a file of a day has them each second */
#define CV_MATROSKA_MAX_CUES 100000
#define CV_MATROSKA_MAX_PRIVATE 2048
#define CV_MATROSKA_MAX_PATCH 96
#define CV_MATROSKA_PATCHES 4

typedef struct {
  CvCodec codec;
  guint channels;      /* of sound: 1 or 2 */
  guint width, height; /* of pictures; they may change later */
  /* H.264: its avcC; Opus has its head written here */
  const guint8 *private_data;
  gsize private_n; /* at most CV_MATROSKA_MAX_PRIVATE */
} CvMatroskaTrack;

typedef struct {
  guint64 at; /* in the file */
  gsize n;
  guint8 data[CV_MATROSKA_MAX_PATCH];
} CvMatroskaPatch;

typedef struct _CvMatroska CvMatroska;

/* Appends the file's head to `out`. */
CvMatroska *cv_matroska_new (const CvMatroskaTrack *track, GByteArray *out);
void cv_matroska_free (CvMatroska *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvMatroska, cv_matroska_free)

/* Appends a frame; `pts` in µs, ≥ 0 and never less than before. TRUE: `patch` is to be written, after what was appended. */
gboolean cv_matroska_add (CvMatroska *self, GByteArray *out, gint64 pts, gboolean keyframe, const guint8 *frame,
                          gsize n, CvMatroskaPatch *patch);
/* Appends the index, and says what else to write, in this order, once all that was appended is. Returns how many. */
guint cv_matroska_finish (CvMatroska *self, GByteArray *out, CvMatroskaPatch patches[CV_MATROSKA_PATCHES]);
/* All that was appended so far. */
guint64 cv_matroska_get_bytes (const CvMatroska *self);

G_END_DECLS
