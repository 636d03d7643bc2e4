/* Table `sign_in_code`: links that sign somebody in once. All calls are answered in the main context. */
#pragma once

#include "store/users.h"

G_BEGIN_DECLS

#define CV_SIGN_IN_CODE_HASH_BYTES 32

/* In place of the one that the user may have. `actor`: who makes it, for the audit, at `at`. Fails with
 * CV_STORE_ERROR_MISSING where there is no such user, or it is disabled. */
void cv_sign_in_codes_insert_async (CvStore *store, const guint8 hash[CV_SIGN_IN_CODE_HASH_BYTES], const char *user,
                                    gint64 expires, const char *actor, gint64 at, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean cv_sign_in_codes_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Whose it is; it is of no use any more. Fails with CV_STORE_ERROR_MISSING where it was of none already.
 * Returns: (transfer full). */
void cv_sign_in_codes_take_async (CvStore *store, const guint8 hash[CV_SIGN_IN_CODE_HASH_BYTES], gint64 now,
                                  GAsyncReadyCallback callback, gpointer user_data);
CvUserRow *cv_sign_in_codes_take_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
