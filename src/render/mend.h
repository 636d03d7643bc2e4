/* Makes a track that ended in the middle of a write into a file with a duration and an index, frame by frame as they are. */
#pragma once

#include "render/footage.h"

G_BEGIN_DECLS

/* Writes a Matroska file of the footage's frames, from its first, to the descriptor. Leaves the footage at its end. FALSE with
 * CV_FAILURE. */
gboolean cv_mend_write (CvFootage *footage, int fd, GError **error);

G_END_DECLS
