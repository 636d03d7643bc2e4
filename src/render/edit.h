/* Makes a programme of the event log and the files that are there. */
#pragma once

#include "render/programme.h"

G_BEGIN_DECLS

/* A file below tracks/, whose name could be taken apart and that could be opened. */
typedef struct {
  char *name;
  CvFootage *footage;
} CvEditFile;

void cv_edit_file_free (CvEditFile *self);

/* `files`: of CvEditFile; their footage are taken. A track that no line speaks of is put where its segment ends; a
 * segment without an end ends where its files do. Returns: (transfer full), never NULL; its duration may be 0. */
CvProgramme *cv_edit_make (const CvEventLog *log, GPtrArray *files);

G_END_DECLS
