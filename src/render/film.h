/* The stage that composes: pieces of H.264, and small pictures beside them for the thumbnails.
 *
 * A piece that is there was made by an earlier run of the job and stays. Pieces begin with a keyframe and hold FILM_SECONDS
 * each, so that they are one film when they are put one behind the other.
 */
#pragma once

#include "render/desk.h"

G_BEGIN_DECLS

#define CV_FILM_SECONDS 60
/* of a thumbnail */
#define CV_FILM_THUMB_WIDTH 160
#define CV_FILM_THUMB_HEIGHT 90
#define CV_FILM_MAX_THUMBS 100

typedef struct {
  guint fps;
  gint64 n_frames;
  guint n_pieces;
  gint64 thumb_step; /* frames from one thumbnail to the next */
  guint n_thumbs;
} CvFilm;

/* What there is to be made. */
void cv_film_plan (const CvDesk *desk, CvFilm *film);
/* Makes the pieces; with `video` FALSE the small pictures only. */
gboolean cv_film_make (CvDesk *desk, const CvFilm *film, gboolean video, GError **error);
/* A piece of H.264 in Matroska. Returns: (transfer full). */
char *cv_film_piece (const CvDesk *desk, guint number);
/* A small picture: I420 of CV_FILM_THUMB_WIDTH × HEIGHT. Returns: (transfer full). */
char *cv_film_thumb (const CvDesk *desk, guint number);

G_END_DECLS
