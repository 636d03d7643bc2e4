/* Reads a Matroska file of one track, as far as it goes, and holds it against the rules. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gint64 time; /* ms */
  gboolean keyframe;
  gsize at, n; /* its bytes in the file */
} CvTestMkvFrame;

typedef struct {
  const guint8 *data; /* borrowed */
  gsize size;
  char codec[32];
  guint64 channels, width, height;
  const guint8 *private_data;
  gsize private_n;
  double duration; /* ms; -1: not told */
  GArray *frames;  /* of CvTestMkvFrame */
  guint clusters;
  guint n_cues, n_seeks;
  gboolean sized; /* segment and all clusters have a size, and it is right */
  gboolean cut;   /* it ends in the middle of something */
} CvTestMkv;

/* Fails where an element stands where it may not. */
CvTestMkv *cv_test_mkv_read (const guint8 *data, gsize n);
void cv_test_mkv_free (CvTestMkv *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTestMkv, cv_test_mkv_free)

const CvTestMkvFrame *cv_test_mkv_get (const CvTestMkv *self, guint i);

G_END_DECLS
