/* A Matroska file with one track, read from memory: the track, and its frames one after the other.
 *
 * Made for files that ended in the middle of a write as well: what is whole is found, and where that ends. Hostile input:
 * fuzzed. Owns nothing but its place in the bytes; one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_CODEC_NONE,
  CV_CODEC_OPUS,
  CV_CODEC_VP8,
  CV_CODEC_VP9,
  CV_CODEC_H264,
  CV_CODEC_AAC,
} CvMatroskaCodec;

typedef struct {
  CvMatroskaCodec codec;
  guint width, height; /* 0 where there is none */
  guint channels;      /* 1 … 8 */
  guint rate;          /* Hz */
  const guint8 *setup; /* the codec's own header, borrowed from the bytes; NULL: none */
  gsize n_setup;
  double duration; /* µs, as the file says; 0: it does not, it was not finished */
  gboolean cues;   /* it has an index */
} CvMatroskaTrack;

typedef struct {
  gint64 pts; /* µs */
  gboolean key;
  guint number;        /* of its track */
  const guint8 *bytes; /* borrowed */
  gsize n;
  gsize at;  /* where its block begins: a place for cv_matroska_reader_seek() */
  gsize end; /* where what belongs to it ends */
} CvMatroskaFrame;

typedef struct {
  const guint8 *bytes; /* borrowed */
  gsize n;
  gsize at;
  CvMatroskaTrack track;
  gint64 scale;       /* ns a unit of time */
  gint64 cluster;     /* units: the cluster that `at` is in */
  gsize head, n_head; /* where what was read of the track stands (the Tracks element) */
} CvMatroskaReader;

/* Reads up to the first cluster. FALSE: it is no such file, or of a codec that is not ours. `bytes` must stay. */
gboolean cv_matroska_reader_init (CvMatroskaReader *self, const guint8 *bytes, gsize n);
/* The next whole frame. FALSE: there is none. */
gboolean cv_matroska_reader_next (CvMatroskaReader *self, CvMatroskaFrame *frame);
/* Goes on at a frame's `at`; `cluster` is what it was when that frame was read. */
void cv_matroska_reader_seek (CvMatroskaReader *self, gsize at, gint64 cluster);

G_END_DECLS
