/* Table `feed`: secret addresses of users' calendars. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define CV_FEED_HASH_BYTES 32

/* In place of the one that the user may have. `at`: ms since 1970. Fails with CV_STORE_ERROR_MISSING where there is no such user. */
void cv_feeds_set_async (CvStore *store, const char *user, const guint8 hash[CV_FEED_HASH_BYTES], gint64 at,
                         GAsyncReadyCallback callback, gpointer user_data);
/* It may be gone already. */
void cv_feeds_delete_async (CvStore *store, const char *user, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_feeds_change_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Whose it is. Fails with MISSING, also where they are disabled. Returns: (transfer full), the user's id. */
void cv_feeds_find_async (CvStore *store, const guint8 hash[CV_FEED_HASH_BYTES], GAsyncReadyCallback callback,
                          gpointer user_data);
char *cv_feeds_find_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
