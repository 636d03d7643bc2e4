/* Entries of the library, put together from what the database has and what is being made just now. Owns nothing. Main thread.
 */
#pragma once

#include "library/entry.h"
#include "library/render-queue.h"

G_BEGIN_DECLS

/* Errors are those of CV_STORE_ERROR; `queue` may be NULL. */

/* Also one that is being deleted. Returns: (transfer full). */
void cv_catalogue_load_async (CvStore *store, CvRenderQueue *queue, const char *recording, GAsyncReadyCallback callback,
                              gpointer user_data);
CvEntry *cv_catalogue_load_finish (GAsyncResult *result, GError **error);

/* `next`: (transfer full), the cursor of the next page, NULL where there is none. Returns: (transfer full) of CvEntry. */
void cv_catalogue_list_async (CvStore *store, CvRenderQueue *queue, const CvRecordingsQuery *query,
                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_catalogue_list_finish (GAsyncResult *result, char **next, GError **error);

G_END_DECLS
