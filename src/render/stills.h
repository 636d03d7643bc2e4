/* The stage of still pictures: the poster, and a sheet of thumbnails with where each lies. */
#pragma once

#include "render/film.h"

G_BEGIN_DECLS

/* poster.jpg: a moment with much to see. */
gboolean cv_stills_make_poster (CvDesk *desk, GError **error);
/* thumbnails.jpg and thumbnails.vtt of the film's small pictures, which must be there. */
gboolean cv_stills_make_sheet (CvDesk *desk, const CvFilm *film, GError **error);

G_END_DECLS
