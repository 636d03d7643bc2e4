/* Where one may want to go in a recording: the agenda, who presents, who speaks for long. Fills a programme; makes WebVTT. */
#pragma once

#include "render/programme.h"

G_BEGIN_DECLS

/* Somebody shows their screen. */
typedef struct {
  CvCharacter *person; /* borrowed */
  gint64 from, to;
} CvShare;

/* In the order of time; of CvShare. Returns: (transfer full). */
GArray *cv_chapters_find_shares (const CvProgramme *programme);
/* Adds to the agenda's what the programme (cut already) tells, in the order of time; the first is at 0. */
void cv_chapters_complete (CvProgramme *programme);
/* Returns: (transfer full). */
GString *cv_chapters_to_vtt (const CvProgramme *programme);
/* "00:00:00.000", of µs. */
void cv_chapters_append_time (GString *out, gint64 t);

G_END_DECLS
