/* Makes a recording: its folder and its row, both or neither. Owns nothing. Main thread. */
#pragma once

#include "library/folder.h"
#include "library/shelf.h"
#include "store/recordings.h"

G_BEGIN_DECLS

/* When it expires is decided once it has ended (store/outcomes.h). Fails with G_IO_ERROR, NO_SPACE where the disk has too
 * little left, or with CV_STORE_ERROR. Returns: (transfer full). */
void cv_creation_async (CvStore *store, const CvShelf *shelf, const CvRecordingRow *row, GAsyncReadyCallback callback,
                        gpointer user_data);
CvFolder *cv_creation_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Takes back one that was made just now and has nothing in it. */
void cv_creation_undo (CvStore *store, const CvShelf *shelf, const char *recording);

G_END_DECLS
