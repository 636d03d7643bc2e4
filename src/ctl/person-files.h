/* Files of somebody who is erased, while no server runs: documents that they shared, tracks that they are in, the log of a recording.
 *
 * Owns nothing. Main thread, blocking.
 */
#pragma once

#include "store/erasure.h"

G_BEGIN_DECLS

typedef struct {
  char *recordings, *documents, *backups; /* folders, owned */
} CvPersonFolders;

/* Below `state`, or where the configuration says; NULL: there is none. FALSE where it cannot be read. */
gboolean cv_person_folders_init (CvPersonFolders *self, const char *state, const char *config, GError **error);
void cv_person_folders_clear (CvPersonFolders *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvPersonFolders, cv_person_folders_clear)

/* Takes them out, as many as are still there; the scrubs learn names that only a recording's log has. What was made of the tracks
 * goes too, and is made anew by the server, without them. */
gboolean cv_person_files_erase (const CvPersonFolders *folders, const CvErasure *erasure, GError **error);

G_END_DECLS
