/* The stage that joins: encoded pieces and sound into files that are played, without encoding again. */
#pragma once

#include "render/film.h"

G_BEGIN_DECLS

/* meeting.mp4 of the film's pieces and the mix, with chapters, its index in front. */
gboolean cv_join_movie (CvDesk *desk, const CvFilm *film, GError **error);
/* audio.m4a of the mix, likewise. */
gboolean cv_join_sound (CvDesk *desk, GError **error);

G_END_DECLS
