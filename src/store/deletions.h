/* Deleting recordings: marked first, with the entry of the audit; then their files go; then the rows. A crash in between
 * leaves them marked. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* Marks one. Fails with CV_STORE_ERROR_MISSING where there is none or it is marked already, LIMIT where it is still being
 * recorded. `actor` as of audit.h, `at` in ms since 1970. */
void cv_deletions_mark_async (CvStore *store, const char *recording, const char *actor, gint64 at,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_deletions_mark_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Ids of all that are marked. Returns: (transfer full) of char *. */
void cv_deletions_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_deletions_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Ids of those whose time is over at `now`, which are not marked yet. Returns: (transfer full) of char *. */
void cv_deletions_list_expired_async (CvStore *store, gint64 now, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_deletions_list_expired_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Its files are gone: deletes the rows of a marked one. Fails with CV_STORE_ERROR_MISSING. */
void cv_deletions_complete_async (CvStore *store, const char *recording, GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean cv_deletions_complete_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
