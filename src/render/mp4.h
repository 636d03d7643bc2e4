/* The last touch of an MP4 file: its index goes to the front, so that players begin at once, and gets chapters. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nero's chapters count in one byte, and so do their titles */
#define CV_MP4_MAX_CHAPTERS 255
#define CV_MP4_MAX_TITLE 255

/* Copies the file at `from`, whose moov stands behind its mdat, to `to`. `chapters`: of CvChapter. */
gboolean cv_mp4_finish (const char *from, const char *to, const GArray *chapters, GError **error);

G_END_DECLS
