/* A track's file, open: how long it is, where its keyframes are, and its frames from any of them.
 *
 * Owns the mapping. One thread at a time. Opening reads the heads of all blocks once.
 */
#pragma once

#include "render/matroska.h"

G_BEGIN_DECLS

typedef struct {
  CvMatroskaTrack track;
  gint64 duration; /* µs: where the last frame ends; 0: there is none */
  guint n_frames;
  gboolean finished; /* as its writer meant it: with a duration and an index */
  /* private */
  GMappedFile *file;
  CvMatroska reader;
  GArray *keys;
  gsize dropped;
} CvReel;

/* NULL: it cannot be read, or is no track of ours. Returns: (transfer full). */
CvReel *cv_reel_open (const char *path, GError **error);
void cv_reel_free (CvReel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvReel, cv_reel_free)

/* The next frame; FALSE: there is none. */
gboolean cv_reel_next (CvReel *self, CvMatroskaFrame *frame);
/* The time of the last keyframe that is not later than `pts`; -1: there is none. Of sound, one a second counts. */
gint64 cv_reel_find_key (const CvReel *self, gint64 pts);
/* Goes on at that keyframe, or at the beginning. */
void cv_reel_seek (CvReel *self, gint64 pts);

G_END_DECLS
