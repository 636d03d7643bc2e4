/* Makes a timeline of the event log and the files that are there. */
#pragma once

#include "render/timeline.h"

G_BEGIN_DECLS

/* A file below tracks/, whose name could be taken apart and that could be opened. */
typedef struct {
  char *name;
  CvReel *reel;
} CvChronicleFile;

void cv_chronicle_file_free (CvChronicleFile *self);

/* `files`: of CvChronicleFile; their reels are taken. A track that no line speaks of is put where its segment ends; a
 * segment without an end ends where its files do. Returns: (transfer full), never NULL; its duration may be 0. */
CvTimeline *cv_chronicle_write (const CvEventLog *log, GPtrArray *files);

G_END_DECLS
