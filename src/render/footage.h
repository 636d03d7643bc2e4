/* A track's file, open: how long it is, where its keyframes are, and its frames from any of them.
 *
 * Owns the mapping. One thread at a time. Opening reads the heads of all blocks once.
 */
#pragma once

#include "render/matroska-reader.h"

G_BEGIN_DECLS

typedef struct {
  CvMatroskaTrack track;
  gint64 duration; /* µs: where the last frame ends; 0: there is none */
  guint n_frames;
  gboolean finished; /* as its writer meant it: with a duration and an index */
  /* private */
  GMappedFile *file;
  CvMatroskaReader reader;
  GArray *keys;
  gsize begin; /* of the first cluster */
  gsize dropped;
} CvFootage;

/* NULL: it cannot be read, or is no track of ours. Returns: (transfer full). */
CvFootage *cv_footage_open (const char *path, GError **error);
void cv_footage_free (CvFootage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvFootage, cv_footage_free)

/* The next frame; FALSE: there is none. */
gboolean cv_footage_next (CvFootage *self, CvMatroskaFrame *frame);
/* The time of the last keyframe that is not later than `pts`; -1: there is none. Of sound, one a second counts. */
gint64 cv_footage_find_key (const CvFootage *self, gint64 pts);
/* Goes on at that keyframe, or at the beginning. */
void cv_footage_seek (CvFootage *self, gint64 pts);

G_END_DECLS
