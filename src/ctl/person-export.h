/* What is kept of a person, as files: one JSON, documents that they shared, tracks of theirs. Main thread, blocking. */
#pragma once

#include "ctl/person-files.h"

G_BEGIN_DECLS

/* Into `to`, a folder that is made, with mode 0700. `erasure`: what there is of them. */
gboolean cv_person_export (sqlite3 *db, const CvErasure *erasure, const CvPersonFolders *folders, const char *to,
                           GError **error);

G_END_DECLS
